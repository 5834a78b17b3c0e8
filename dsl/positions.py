"""Offsets, spans and the text between them."""

from __future__ import annotations

from dsl.source import Span


def span_of(text: str, start: int, end: int) -> Span:
    """The span from one offset to another; at least one column wide."""
    line, column = line_and_column(text, start)
    end_line, end_column = line_and_column(text, end)
    return Span(line, column, end_line, max(end_column, column + 1) if line == end_line else end_column)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def text_of(text: str, span: Span) -> str:
    """The text that a span covers."""
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)
