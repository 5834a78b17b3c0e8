"""The tree of a statement as one line of text that layout and comments do not touch: what a content hash is made of."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any

from dsl.ast import Node


def canonical(node: Node) -> str:
    """Class names and all fields that take part in equality, in brackets. Trees are equal if, and only if, these are.

    Iterative, so that depth does not matter.
    """
    parts: list[str] = []
    pending: list[object] = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, Node):
            parts.append(f"({type(item).__name__}")
            pending.append(CLOSE_NODE)
            kind: Any = type(item)
            pending.extend([getattr(item, name) for name in compared(kind)])
        elif isinstance(item, tuple):
            parts.append("[")
            pending.append(CLOSE_TUPLE)
            pending.extend(reversed(item))
        else:
            parts.append(written(item))
    return " ".join(parts)


class Mark(Enum):
    """Ends of what was opened."""

    NODE = ")"
    TUPLE = "]"


CLOSE_NODE, CLOSE_TUPLE = Mark.NODE, Mark.TUPLE


def written(item: object) -> str:
    """A leaf; text is quoted, so that nothing in it reads as a bracket."""
    if isinstance(item, Enum):
        return str(item.value)
    return repr(item) if isinstance(item, str) else str(item)


@cache
def compared(kind: type[Any]) -> tuple[str, ...]:
    """Names of the fields that count, last first (they go onto a stack)."""
    return tuple(part.name for part in reversed(fields(kind)) if part.compare)
