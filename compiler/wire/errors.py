"""What is wrong with facts, and where in the document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dsl.diagnostics import suggest
from dsl.text import quoted, visible

MOST_ERRORS = 50
"""A document's errors beyond these are only counted."""

_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class FactsError(ValueError):
    """Facts that cannot be read. Nothing of them is used.

    `errors`: at least one, in the order found, at most MOST_ERRORS. `dropped`: how many more there were.
    """

    def __init__(self, errors: tuple[FactError, ...], dropped: int = 0) -> None:
        super().__init__(errors, dropped)
        self.errors = errors
        self.dropped = dropped

    def __str__(self) -> str:
        more = [f"and {self.dropped} more"] if self.dropped else []
        return "\n".join([*map(str, self.errors), *more])


@dataclass(frozen=True, slots=True)
class FactError:
    """`path` leads to the value, `events[3].fields.price.amount`; empty for the document as a whole."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def refusal(message: str, path: str = "") -> FactsError:
    """One error, ready to be raised."""
    return FactsError((FactError(path, message),))


def member(path: str, key: str) -> str:
    """The path of an object's member: `user.tier`, `user["odd key"]`."""
    if not _PLAIN_NAME.fullmatch(key):
        return f'{path}["{visible(key)}"]'
    return f"{path}.{key}" if path else key


def element(path: str, index: int) -> str:
    """The path of an array's element: `events[3]`."""
    return f"{path}[{index}]"


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """Says that there is no such name, and which one may be meant."""
    near = suggest(name, names)
    hint = f"; did you mean `{near}`?" if near else ""
    return f"unknown {what} {quoted(visible(name))}{hint}"


class Findings:
    """What reading a document brought up: errors, and the paths of fields that are not declared."""

    def __init__(self) -> None:
        self.errors: list[FactError] = []
        self.undeclared: list[str] = []

    def refuse(self, path: str, message: str) -> None:
        self.errors.append(FactError(path, message))

    def adopt(self, path: str, error: FactsError) -> None:
        """Take over the errors of a value that stands at `path`."""
        self.errors += [FactError(_joined(path, each.path), each.message) for each in error.errors]

    def take(self, path: str, inner: Findings) -> None:
        """Take over, and out of the other, what was found below `path`."""
        self.adopt(path, FactsError(tuple(inner.errors)))
        self.undeclared += [_joined(path, each) for each in inner.undeclared]
        inner.errors.clear()
        inner.undeclared.clear()

    def __bool__(self) -> bool:
        return bool(self.errors or self.undeclared)

    def settle(self) -> None:
        """Raises FactsError if anything was refused."""
        if self.errors:
            kept = tuple(self.errors[:MOST_ERRORS])
            raise FactsError(kept, len(self.errors) - len(kept))


def _joined(path: str, inner: str) -> str:
    return f"{path}.{inner}" if path and inner and inner[0] != "[" else path + inner
