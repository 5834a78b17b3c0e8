"""Spans of what the parser read, and the error that ends a statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from dsl.ast import Node
from dsl.lexer import Token
from dsl.source import Span

NodeT = TypeVar("NodeT", bound=Node)
Part = Token | Node | tuple[Node, ...]
"""What a rule is made of: tokens, and what other rules made; None stands for what is not there."""


class Malformed(Exception):
    """The statement reads, but holds something that cannot be: 30 February, a number of 400 digits.

    `mend` is a stretch and the text that should stand there; `{}` in it is the text that does.
    """

    def __init__(
        self,
        code: str,
        message: str,
        span: Span,
        label: str,
        *notes: str,
        mend: tuple[Span, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.span, self.label, self.notes = code, message, span, label, notes
        self.mend = mend


def at(part: Part) -> Span:
    """The stretch of a token, a node or some nodes."""
    if isinstance(part, Node):
        return part.span
    if isinstance(part, tuple):
        return part[0].span.to(part[-1].span)
    return Span(part.line, part.column, part.line, part.column + len(part))


def over(first: Part, *parts: Part | None) -> Span:
    """The stretch from the first part to the last one that is there."""
    last = next((part for part in reversed(parts) if part is not None), first)
    start, end = at(first), at(last)
    return start if start is end else Span(start.line, start.column, end.end_line, end.end_column)


def of_type(kind: type[NodeT], parts: Sequence[Part | None]) -> tuple[NodeT, ...]:
    """The nodes of a kind, in order."""
    return tuple(part for part in parts if isinstance(part, kind))
