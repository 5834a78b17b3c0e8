"""The open loop: each record answered again from its own facts, by two versions. What one of them sends feeds nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from time import perf_counter_ns, thread_time_ns
from typing import Any

from compiler.types import INSTANT_MAX, INSTANT_MIN
from dsl.collector import collector_paused
from server.ports.log import DecisionArchive, Part
from server.ports.rules import RuleFiles
from server.replay.answering import Answering
from server.replay.blame import Blame
from server.replay.blamings import Blamer
from server.replay.changed import ChangedLines
from server.replay.covering import Counted, Covering
from server.replay.fitting import Ways
from server.replay.on_record import Places, on_record
from server.replay.pairs import Answered, Pair, Status
from server.replay.parts import unreadable
from server.replay.programs import Programs
from server.replay.questions import CannotAnswer
from server.replay.recorded import Recorded, require
from server.replay.tally import Tally

COLUMNS = (
    "decision_id",
    "kind",
    "asked",
    "user",
    "time",
    "version",
    "plan_versions",
    "masked",
    "facts",
    "outcome",
)
"""That are looked at, and what a record must have."""
OF_SHADOWS = ("shadow_of", "beside")
OTHERWISE = "does not come out as it was answered, see `suasion log verify`"
TIMES, LONG, TRIES = 5, 1_000_000, 3
"""A candidate is slower that takes so many times as long as the base, and more nanoseconds than that, whichever of so many tries is taken."""


class OpenLoop:
    """Makes pairs of records."""

    def __init__(
        self, programs: Programs, base: str, candidate: str, covered: int = 0, tells: bool = False
    ) -> None:
        """`covered`: records in all, if coverage is asked for. `tells`: whether tallies have a line for each decision that changed."""
        self._programs = programs
        self._base, self._candidate = base, candidate
        names = programs.names_now(base)
        self._places, self._is_as_kept = Places(names or {}), names is not None
        self._ways = Ways()
        self._covered, self._tells = covered, tells

    @cached_property
    def blamer(self) -> Blamer:
        """Made when something has changed."""
        return Blamer(Blame(self._programs, self._base, self._candidate))

    @cached_property
    def _line(self) -> ChangedLines:
        return ChangedLines(self.blamer.blame)

    def blame(self, tally: Tally, pair: Pair) -> None:
        """Of a decision that changed."""
        causes = self.blamer.add(tally.blamings, pair)
        if self._tells:
            tally.changed.append(self._line(pair, causes))

    def __call__(self, record: Mapping[str, Any]) -> Pair:
        """Raises CannotAnswer for a record that is of no use."""
        question = self.question(record)
        pins = question.pins
        told = partial(
            Pair,
            *(record["decision_id"], record["user"], record["time"], question.kind),
            asked=question.asked,
            question=question,
        )
        is_own = record["version"] == self._base
        recorded = on_record(question.kind, record["outcome"], self._places) if is_own else None
        try:
            base, candidate = self._programs(self._base, pins), self._programs(self._candidate, pins)
            begun = perf_counter_ns()  # at least what this thread takes, and read in no time
            after = question.answer(candidate)
            spent = perf_counter_ns() - begun
            # What is on record is quicker; a change has to be between the versions as they answer now.
            known = recorded if self._is_as_kept else None
            before = known if known == after else question.answer(base)
        except CannotAnswer as error:
            question.own  # noqa: B018 # if that cannot be read, either, the record is to blame
            return told(Answered(), Answered(), Status.ERROR, why=str(error))
        if recorded not in (None, before):
            question.remark(OTHERWISE)
        if before != after:
            return told(before, after, Status.CHANGED)
        slower = spent > LONG and is_slower(question, base, candidate)
        return told(before, after, Status.SLOWER if slower else Status.SAME)

    def covering(self, counted: Counted) -> Callable[[Pair], bool]:
        """What looks at pairs for coverage; at none, if it is not asked for."""
        if not self._covered:
            return lambda pair: False
        return Covering(self._programs(self._candidate), counted, self._covered)

    def question(self, record: Mapping[str, Any]) -> Recorded:
        """Raises CannotAnswer."""
        require(record, COLUMNS)
        if not INSTANT_MIN <= record["time"] <= INSTANT_MAX:
            raise CannotAnswer("its `time` cannot be read")
        if record["masked"]:
            raise CannotAnswer("what is private is masked")
        if record["shadow_of"] is not None:
            self._require_sides(record)
        pins = self._programs.pins(record["version"], record["plan_versions"])
        beside = self._programs(record["beside"]) if record["beside"] else None
        return Recorded(record, self._programs(record["version"], pins), pins, self._ways, beside)

    def _require_sides(self, record: Mapping[str, Any]) -> None:
        """That the candidate decided beside the base: facts for both are on record then. Raises CannotAnswer."""
        if record["version"] != self._candidate:
            raise CannotAnswer("another candidate decided beside")
        if record["beside"] not in (None, self._base):
            raise CannotAnswer("it was decided beside another version than the base")


def is_slower(question: Recorded, base: Answering, candidate: Answering) -> bool:
    return all(taken(question, candidate) > max(LONG, TIMES * taken(question, base)) for _ in range(TRIES))


def taken(question: Recorded, by: Answering) -> int:
    """Nanoseconds of this thread for an answer: what else a machine does makes no version slower."""
    begun = thread_time_ns()
    question.answer(by)
    return thread_time_ns() - begun


# ---- a whole log


@dataclass(frozen=True, slots=True)
class OpenJob:
    """Counts pairs, part by part. `given`: files of versions that need not be in the archive; `covered`: as `OpenLoop` has it. `shadow`: of
    what decided beside others alone, else of what was answered alone."""

    archive: DecisionArchive
    base: str
    candidate: str
    given: Mapping[str, RuleFiles]
    covered: int = 0
    shadow: bool = False
    tells: bool = False
    """Whether tallies have a line for each decision that changed."""

    def __call__(self) -> Callable[[Part], Tally]:
        """What one process does: it makes the programs once."""
        programs = Programs(self.archive, self.given)
        loop = OpenLoop(programs, self.base, self.candidate, self.covered, tells=self.tells)
        return partial(counted, self.archive, loop, self.shadow)


@collector_paused()
def counted(archive: DecisionArchive, loop: OpenLoop, shadow: bool, part: Part) -> Tally:
    tally, row, latest = Tally(), 0, dict[str, int]()
    covering = loop.covering(tally.covered)
    try:
        for row, record in enumerate(archive.read(part, (*COLUMNS, *OF_SHADOWS)), 1):
            if (record["shadow_of"] is not None) is not shadow:
                continue
            where = record["decision_id"] or f"{part.name}:{row}"
            try:
                pair = loop(record)
            except CannotAnswer as error:
                tally.leave_out(str(error), where)
                continue
            tally.add(pair)
            if pair.status is Status.CHANGED:
                loop.blame(tally, pair)
            tally.decisions_covered += covering(pair)
            for remark in pair.question.remarks if pair.question else ():
                tally.note(remark, where)
            if pair.time < latest.setdefault(pair.user, pair.time):
                tally.note("earlier than the record before of the same user", where)
            latest[pair.user] = pair.time
    except OSError as error:
        tally.leave_out(
            unreadable(part, error),
            f"{part.name}:{row + 1}",
            max(1, part.records - row),
        )
    return tally
