"""What a builtin function is: its overloads, each a signature and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from compiler.types import Kind, Present, Type


class Same(Enum):
    """One member: the result has the type of the first argument."""

    SAME = "same"


SAME: Final = Same.SAME

Evaluate = Callable[..., Any]
"""Takes present arguments and gives a Value; of type condition, an Answer."""


def accept(position: int, literal: Present) -> str | None:
    """Complains about no literal."""
    return None


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature. Evaluation is strict: `evaluate` never sees a missing or unavailable argument.

    `rest`: the kind of any number of further arguments, none included.
    `constants`: positions that must be literals; one that is len(parameters) stands for all of the rest.
    `complain`: for a literal at such a position, in plain words what is wrong with it, None if it is good.
    `evaluate`: takes the arguments; the user's zone (IANA name) first if `uses_zone`; where there are
    constants it takes these alone, in order, and returns the function of the other arguments.
    """

    parameters: tuple[Kind, ...]
    result: Type | Same
    evaluate: Evaluate
    rest: Kind | None = None
    constants: frozenset[int] = frozenset()
    complain: Callable[[int, Present], str | None] = accept
    uses_zone: bool = False

    def kind_at(self, position: int) -> Kind | None:
        """The kind of the parameter at a position, None behind the last."""
        return self.parameters[position] if position < len(self.parameters) else self.rest

    def accepts_count(self, count: int) -> bool:
        return count == len(self.parameters) or (self.rest is not None and count > len(self.parameters))

    def wants_literal(self, position: int) -> bool:
        return min(position, len(self.parameters)) in self.constants

    def bound(self, literals: Sequence[Present]) -> Evaluate:
        """`evaluate` of the arguments that are not constants."""
        evaluate: Evaluate = self.evaluate(*literals) if self.constants else self.evaluate
        return evaluate


@dataclass(frozen=True, slots=True)
class Function:
    """`doc` says in a line what it gives; `example` is a condition in the language that holds."""

    name: str
    doc: str
    example: str
    overloads: tuple[Overload, ...]

    @property
    def signatures(self) -> tuple[str, ...]:
        """In plain words: `round(number, int)`, `concat(text, text, …)`."""
        return tuple(f"{self.name}({_parameters(overload)})" for overload in self.overloads)


def _parameters(overload: Overload) -> str:
    return ", ".join([kind.value for kind in overload.parameters] + ["…"] * (overload.rest is not None))
