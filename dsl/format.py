"""The one layout of a file; there are no options.

A block stands on one line if it fits into 100 columns and holds no comment, else each clause has a line of its own; a
test always does. Fields on lines of their own stand in columns. Comments stay, one empty line in a row stays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dsl.ast import Comment, Placed
from dsl.layout import lay_out
from dsl.parse import SHARED, ParseCache, pieces_of, readings
from dsl.printing import printed
from dsl.reading import Reading
from dsl.source import Source

BETWEEN = -1


@dataclass(frozen=True, slots=True)
class Block:
    """Lines to write, and the stretch of lines (relative to the file) that they stand for."""

    first: int
    last: int
    lines: Sequence[str]


def format_file(source: Source, cache: ParseCache | None = None) -> str:
    """The text in the one layout; what cannot be read stays as it is. Formatting twice changes nothing."""
    pieces = pieces_of(source)
    if pieces is None:
        return source.text
    blocks = [
        block
        for piece, reading in readings(pieces, cache or SHARED)
        for block in blocks_of(piece.text, piece.line - 1, reading)
    ]
    lines: list[str] = []
    for number, block in enumerate(blocks):
        if number and block.first > blocks[number - 1].last + 1:
            lines.append("")
        lines += block.lines
    return "".join(f"{line}\n" for line in lines)


def blocks_of(text: str, above: int, reading: Reading) -> list[Block]:
    """What to write for a piece that has `above` lines above it; as it is, if something is wrong with it."""
    lines = text.rstrip("\n").split("\n")
    if reading.diagnostics or reading.broken:
        return [Block(above + 1, above + len(lines), lines)]
    owned = comments_by_statement(reading)
    blanks = [number for number, line in enumerate(lines, 1) if not line.strip()]
    blocks = [statement_block(one, owned[number], blanks) for number, one in enumerate(reading.statements)]
    blocks += [Block(one.line, one.line, [one.text]) for one in owned[BETWEEN]]
    return [
        Block(one.first + above, one.last + above, one.lines)
        for one in sorted(blocks, key=lambda one: one.first)
    ]


def comments_by_statement(reading: Reading) -> dict[int, list[Comment]]:
    """The comments on the lines of each statement, by its number; the others are BETWEEN statements."""
    starts = [one.line for one in reading.statements]
    owned: dict[int, list[Comment]] = defaultdict(list)
    for comment in reading.comments:
        number = bisect_right(starts, comment.line) - 1
        is_inside = number >= 0 and comment.line <= last_line(reading.statements[number])
        owned[number if is_inside else BETWEEN].append(comment)
    return owned


def last_line(placed: Placed) -> int:
    return placed.line + placed.statement.span.end_line - 1


def statement_block(placed: Placed, comments: Iterable[Comment], blanks: Iterable[int]) -> Block:
    above = placed.line - 1  # a statement counts its lines from its own first one
    inside = [replace(one, line=one.line - above) for one in comments]
    lines = lay_out(printed(placed.statement), inside, [line - above for line in blanks if line > above])
    return Block(placed.line, last_line(placed), lines)
