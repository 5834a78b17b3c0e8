"""Text with a name, and places in it."""

from __future__ import annotations

from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A `.sua` text and the name by which diagnostics call it (a path relative to the rule set)."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a statement: 1-based lines counted from the statement's first line, 1-based columns
    counted in code points; the end column is the first one behind the stretch.

    Lines are relative so that a statement keeps its tree, and everything cached for it, when text above it changes.
    """

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: Span) -> Span:
        """The stretch from the start of this span to the end of the other."""
        return Span(self.line, self.column, other.end_line, other.end_column)


@dataclass(frozen=True, slots=True)
class Place:
    """A span with its file, in lines of that file: what a diagnostic or a reason points at."""

    file: str
    span: Span

    def __str__(self) -> str:
        return f"{self.file}:{self.span.line}"
