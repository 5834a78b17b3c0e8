"""From text to tree: each statement on its own, and the ones that were read before from memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from threading import Lock

from cachetools import LRUCache

from dsl.ast import File, Placed
from dsl.collector import collector_paused
from dsl.diagnostics import Diagnostic, placed
from dsl.findings import amiss
from dsl.limits import CACHE_LENGTH, FILE_BROKEN, FILE_LENGTH, FILE_STATEMENTS
from dsl.reading import Broken, Reading, passed_over, read
from dsl.source import Source, Span
from dsl.split import Piece, holds_code, split
from dsl.text import plain


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds: `file` has the statements that could be read; `broken` says what the others meant to declare.

    Places in `diagnostics` are in lines of the file. A statement in `file` may have errors too (a curly quote, say,
    which is read as a plain one).
    """

    file: File
    diagnostics: tuple[Diagnostic, ...]
    broken: tuple[Broken, ...] = ()


class ParseCache:
    """What pieces of text read as; safe to share between threads. The least used go when it is full.

    `length` bounds the characters of all texts in it; a tree takes some thirty bytes for each.
    """

    def __init__(self, length: int = CACHE_LENGTH) -> None:
        self._readings: LRUCache[str, Reading] = LRUCache(length, getsizeof=reading_length)
        self._lock = Lock()

    @property
    def length(self) -> int:
        """The characters of all texts that are remembered."""
        return int(self._readings.currsize)

    def read(self, text: str) -> Reading:
        with self._lock:
            known = self._readings.get(text)
        return known or self._learn(text)

    def _learn(self, text: str) -> Reading:
        reading = read(text)
        if reading.length <= self._readings.maxsize:
            with self._lock:
                self._readings[text] = reading
        return reading


def reading_length(reading: Reading) -> int:
    return reading.length


SHARED = ParseCache()


@collector_paused()
def parse(source: Source, cache: ParseCache | None = None) -> Parsed:
    """The tree of a file and everything that is wrong with its text; never raises for what the text holds.

    `cache` remembers statements between calls; by default all calls of the process share one.
    """
    pieces = pieces_of(source)
    if pieces is None:
        return Parsed(File(source.name, (), ()), (placed(TOO_LARGE, source.name, 0),))
    found = [(piece.line - 1, reading) for piece, reading in readings(pieces, cache or SHARED)]
    return Parsed(
        File(
            source.name,
            tuple(
                Placed(one.statement, one.line + lines, one.canonical)
                for lines, reading in found
                for one in reading.statements
            ),
            tuple(
                replace(one, line=one.line + lines) for lines, reading in found for one in reading.comments
            ),
        ),
        tuple(placed(one, source.name, lines) for lines, reading in found for one in reading.diagnostics),
        tuple(replace(one, line=one.line + lines) for lines, reading in found for one in reading.broken),
    )


def pieces_of(source: Source) -> list[Piece] | None:
    """The pieces of a file, None if it is too large."""
    if len(source.text) > FILE_LENGTH:
        return None
    pieces = list(islice(split(plain(source.text)), 2 * FILE_STATEMENTS + 2))  # every other may be a comment
    if len(pieces) > FILE_STATEMENTS and sum(map(holds_code, pieces)) > FILE_STATEMENTS:
        return None
    return pieces


def readings(pieces: Iterable[Piece], memory: ParseCache) -> Iterator[tuple[Piece, Reading]]:
    """What each piece reads as. After too many mistakes, the rest is passed over."""
    broken = 0
    for piece in pieces:
        reading = memory.read(piece.text) if broken <= FILE_BROKEN else passed_over(piece.text)
        if broken <= FILE_BROKEN < broken + len(reading.broken):
            reading = replace(reading, diagnostics=(*reading.diagnostics, TOO_BROKEN))
        broken += len(reading.broken)
        yield piece, reading


TOO_LARGE = amiss(
    "S101",
    "the file is too large",
    Span(1, 1, 1, 2),
    f"over {FILE_LENGTH} characters, or over {FILE_STATEMENTS} statements",
    "spread the rules over several files",
)
TOO_BROKEN = amiss(
    "S108",
    "too many statements of this file cannot be read",
    Span(1, 1, 1, 2),
    "what stands below was not looked at",
    "mend the first ones and look again",
)
