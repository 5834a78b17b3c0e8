"""Cuts a file into pieces, mostly one statement each, so that each is parsed, and remembered, on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

STATEMENT_WORDS = (
    "settings",
    "use",
    "profile",
    "input",
    "event",
    "list",
    "crowd",
    "score",
    "policy",
    "campaign",
    "plan",
    "decide",
    "test",
)
FIRST_WORD = re.compile(r"^([ \t]*)[^\s#]", re.MULTILINE)
START = rf"(?:{'|'.join(STATEMENT_WORDS)})(?![A-Za-z0-9_])(?![ \t]*[:.(,)])"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of whole lines; `line` is the number of its first one."""

    line: int
    text: str


def split(text: str) -> Iterator[Piece]:
    """The pieces of a file, each from a line that starts a statement to before the next such line.

    A statement starts at a top-level keyword in column 1 (or as far right as the first word of the file stands); a
    field of that name is told by what follows it. Comments and empty lines that trail a piece are pieces too, so that
    an edit there does not touch the statement above.
    """
    line, start = 1, 0
    for found in starts(text):
        yield from pieces(text[start:found], line)
        line, start = line + text.count("\n", start, found), found
    yield from pieces(text[start:], line)


def holds_code(piece: Piece) -> bool:
    return not piece.text.lstrip().startswith("#")


def starts(text: str) -> Iterator[int]:
    first = FIRST_WORD.search(text)
    margin = re.escape(first[1]) if first else ""
    pattern = re.compile(rf"^(?:{margin})?{START}", re.MULTILINE) if margin else TOP
    return (found.start() for found in pattern.finditer(text))


TOP = re.compile(rf"^{START}", re.MULTILINE)


def pieces(text: str, line: int) -> Iterator[Piece]:
    """The lines up to the last one that holds more than a comment, and what follows them."""
    end = code_end(text)
    if end:
        yield Piece(line, text[:end])
    if "#" in text[end:]:
        yield Piece(line + text.count("\n", 0, end), text[end:])


def code_end(text: str) -> int:
    """Where the empty lines and lines of comment at the end of `text` begin."""
    end = text.find("\n", len(text.rstrip())) + 1 or len(text)
    while end:
        start = text.rfind("\n", 0, end - 1) + 1
        words = text[start:end].strip()
        if words and not words.startswith("#"):
            break
        end = start
    return end
