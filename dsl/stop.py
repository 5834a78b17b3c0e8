"""Where the parser stopped, and what it could have gone on with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dsl.automaton import Stuck
from dsl.grammar import parser
from dsl.positions import span_of
from dsl.source import Span
from dsl.text import OPEN_TEXT

WORD = re.compile(
    rf"""
    (?P<comment> \#[^\n]* )
    | (?P<text> {OPEN_TEXT}"? )
    | (?P<name> [^\W\d]\w* )
    | (?P<number> \d{{4}}-\d\d-\d\d(?:[ T]\d\d:[\d:.]+)?Z? | \d[\d.:-]*%? )
    | (?P<sign> [<>=!]=? | && | \|\| | [^\s] )
    """,
    re.VERBOSE,
)
CLOSER = {"{": "}", "(": ")"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number, text or sign in the order written, as far as these can be told without the grammar."""

    kind: str
    text: str
    start: int
    end: int


END = "end"
NOWHERE = Word(END, "", 0, 0)


@dataclass(frozen=True)
class Stop:
    """The first thing in `text` that cannot follow what stands before it.

    `start` is its offset; `could` holds what could stand there: keywords and signs as they are written, other
    terminals of the grammar by their names.
    """

    text: str
    start: int
    could: frozenset[str]

    @cached_property
    def before(self) -> list[Word]:
        """What stands before, comments left out."""
        return list(words(self.text, 0, self.start))

    @cached_property
    def found(self) -> Word:
        """What the parser stopped at; of the kind END behind the last word."""
        return next(words(self.text, self.start, len(self.text)), Word(END, "", self.start, self.start))

    @cached_property
    def following(self) -> Word:
        """What stands behind `found`."""
        return next(words(self.text, self.found.end, len(self.text)), NOWHERE)

    def previous(self, steps: int = 1) -> Word:
        """The word so many steps before `found`."""
        return self.before[-steps] if len(self.before) >= steps else NOWHERE

    @property
    def statement(self) -> str:
        """The first word of the statement."""
        return self.before[0].text if self.before else ""

    @cached_property
    def openers(self) -> list[Word]:
        """The braces and parentheses that are open at `found`, the innermost last."""
        opened: list[Word] = []
        for word in self.before:
            if word.text in CLOSER:
                opened.append(word)
            elif opened and word.text == CLOSER[opened[-1].text]:
                opened.pop()
        return opened

    @property
    def is_joined(self) -> bool:
        """Nothing parts `found` from the word before it."""
        return self.previous().end == self.found.start

    def span(self, first: Word, last: Word | None = None) -> Span:
        return span_of(self.text, first.start, (last or first).end)


def words(text: str, start: int, end: int) -> Iterator[Word]:
    for found in WORD.finditer(text, start, end):
        kind = found.lastgroup or ""
        if kind != "comment":
            yield Word(kind, found[0], *found.span())


def stop_at(stuck: Stuck, text: str) -> Stop:
    """Where the parser stopped in `text`."""
    spelling = parser().lexer.spelling
    return Stop(text, stuck.start, frozenset(spelling.get(kind, kind) for kind in stuck.could))
