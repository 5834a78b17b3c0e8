"""The marked lines under a diagnostic."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dsl.source import Place, Span
from dsl.text import visible, width

WIDTH = 100  # code points of a line that are shown
LEAD = 40  # of them before the marked stretch, when a line has to be cut
Paint = Callable[[str, str], str]
"""Gives a text the colour of a role: `gutter`, `label` or a severity."""


def excerpt(lines: list[str] | None, place: Place, label: str, severity: str, paint: Paint) -> list[str]:
    """`┌─ file:line:column` and, if the file's lines are at hand, those that the place covers, marked."""
    span = place.span
    gutter = len(str(span.end_line))
    head = f"{paint(' ' * gutter + ' ┌─', 'gutter')} {visible(place.file)}:{span.line}:{span.column}"
    if lines is None or span.end_line > len(lines):
        return [head, *([f"{paint(' ' * gutter + ' │', 'gutter')} {label}"] if label else [])]
    return [head, *marked(lines, span, label, severity, paint)]


def marked(lines: list[str], span: Span, label: str, severity: str, paint: Paint) -> Iterator[str]:
    """The first and the last line of the span, each with its mark, and dots for what lies between."""
    gutter = len(str(span.end_line))
    for number in dict.fromkeys((span.line, span.end_line)):
        if number == span.end_line and number > span.line + 1:
            yield paint(" " * gutter + " ⋮", "gutter")
        shown, indent, length = cut(lines[number - 1], *columns(lines[number - 1], span, number))
        yield f"{paint(f'{number:>{gutter}} │', 'gutter')} {shown}".rstrip()
        tail = f" {paint(label, 'label')}" if label and number == span.end_line else ""
        mark = paint("^" * length, severity)
        yield f"{paint(' ' * gutter + ' │', 'gutter')} {' ' * indent}{mark}{tail}"


def columns(line: str, span: Span, number: int) -> tuple[int, int]:
    """The 0-based stretch of a line that the span covers; from its first word on, in a further line."""
    start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
    end = span.end_column - 1 if number == span.end_line else len(line.rstrip())
    return min(start, len(line)), max(min(end, len(line)), start)


def cut(line: str, start: int, end: int) -> tuple[str, int, int]:
    """A line as shown, a long one cut round its mark; the cells before the mark; the cells of the mark."""
    first = max(0, min(start - LEAD, len(line) - WIDTH))
    last = min(len(line), first + WIDTH)
    before = ("…" if first else "") + line[first:start]
    shown = before + line[start:last] + ("…" if last < len(line) else "")
    indent = width(before)
    return visible(shown), indent, max(1, width(before + line[start : min(end, last)]) - indent)
