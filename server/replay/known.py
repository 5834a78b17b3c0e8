"""What a life knew when it was asked, to be read by any version as a server would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import orjson

from compiler.facts import Facts
from compiler.manifest import EntryPoint, OfDecide, OfEvent
from dsl.frozen import dataclass
from server.replay import questions
from server.replay.answering import Answering
from server.replay.lives import Lived
from server.replay.pairs import Answered
from server.replay.questions import CannotAnswer
from server.usecases.gather import Beside, Fetched, read_beside
from server.usecases.refusals import UnknownName
from server.usecases.shadow import with_opened
from server.usecases.subject import Subject


@dataclass(frozen=True, slots=True)
class Known:
    """What was `fetched`, and whether the triggers of the subject's event were still to be looked at."""

    subject: Subject
    fetched: Fetched
    unjudged: bool


class Relived:
    """A `Question` of pairs, on what a life knew."""

    remarks: tuple[str, ...] = ()

    def __init__(self, lived: Lived, then: Answering, known: Callable[[], Known]) -> None:
        self.pins: Sequence[str] = lived.pins
        self.then = then
        """The version that answered."""
        self._time, self._asked, self._load = lived.time, orjson.loads(lived.asked), known

    @cached_property
    def _known(self) -> Known:
        return self._load()

    def facts(self, by: Answering) -> Facts:
        entry, _ = self._question(by)
        return self._facts(by, entry)

    def answer(self, by: Answering) -> Answered:
        entry, judge = self._question(by)
        facts = self._facts(by, entry)
        return by.answered(judge(facts), facts)

    def _question(self, by: Answering) -> questions.Question:
        try:
            return by.question("decide", self._asked)
        except UnknownName as error:
            raise CannotAnswer(error.message) from error

    def _facts(self, by: Answering, entry: EntryPoint) -> Facts:
        assert isinstance(entry, OfDecide)
        known, event = self._known, self._known.subject.event
        manifest = by.manifest(OfEvent(entry.name, event.type) if event else entry)
        beside = Beside(by.serving, manifest)
        facts = read_beside(beside, self.then.serving, known.subject, known.fetched, self._time, decides=True)
        return with_opened(by.serving, facts, event if known.unjudged else None, entry.name, self._pinned)

    @cached_property
    def _pinned(self) -> frozenset[str]:
        """Activities that versions of before judge."""
        return frozenset(each.rpartition("=")[0] for each in self.pins)
