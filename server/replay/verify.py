"""Decide again what is on record, and compare: the same facts, by the same rules, have to give the same answer to the bit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

from server.ports.log import DecisionArchive, Part
from server.replay.counting import Period, count
from server.replay.fitting import Ways
from server.replay.pairs import Status
from server.replay.parts import unreadable
from server.replay.programs import Programs
from server.replay.questions import CannotAnswer, parsed
from server.replay.recorded import Recorded, require
from server.replay.report import LeftOut, Loop, Report
from server.replay.why_different import MADE_WITH, why_different

COLUMNS = ("decision_id", "kind", "asked", "version", "plan_versions", "masked", "facts", "outcome")
"""What a record must have."""


class Result(Enum):
    """What came of deciding again. MASKED: private facts are not in the record. ERROR: the rules or the facts could not be
    read."""

    SAME = "same"
    DIFFERENT = "different"
    MASKED = "masked"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Redecided:
    """`why`: of an ERROR, or of what is different, in words. `recorded`, `now`: outcomes as JSON, where both are known."""

    decision_id: str
    result: Result
    why: str = ""
    recorded: str = ""
    now: str = ""


@dataclass(slots=True)
class Verified:
    """How often what came of it; `first`: the first that differs. `errors`, `others` (which were not looked at): why -> how
    many, and the first."""

    counts: Counter[Result] = field(default_factory=Counter)
    period: Period = field(default_factory=Period)
    first: Redecided | None = None
    errors: dict[str, tuple[int, str]] = field(default_factory=dict)
    others: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, found: Redecided, time: int | None) -> None:
        self.counts[found.result] += 1
        if time is not None:
            self.period.add(time)
        if found.result is Result.DIFFERENT:
            self.first = self.first or found
        if found.result is Result.ERROR:
            count(self.errors, found.why, 1, found.decision_id)

    def merge(self, other: Verified) -> None:
        """Add what came of later records."""
        self.counts.update(other.counts)
        self.period.merge(other.period)
        self.first = self.first or other.first
        for mine, theirs in ((self.errors, other.errors), (self.others, other.others)):
            for why, (records, first) in theirs.items():
                count(mine, why, records, first)

    def report(self, version: str, zone: str) -> Report:
        """The same as a report; a masked record counts as left out. `zone`: of the version's settings."""
        counts, first = self.counts, self.first
        statuses = {Status.SAME: Result.SAME, Status.CHANGED: Result.DIFFERENT, Status.ERROR: Result.ERROR}
        masked = (
            [LeftOut("what is private is masked", counts[Result.MASKED], "")] if counts[Result.MASKED] else []
        )
        left_out = [LeftOut(why, *found) for why, found in (*self.errors.items(), *self.others.items())]
        return Report(
            version,
            version,
            Loop.VERIFY,
            zone=zone,
            period=self.period.ends,
            decisions=sum(counts.values()) - counts[Result.MASKED],
            statuses={status: counts[result] for status, result in statuses.items()},
            left_out=(*masked, *left_out),
            notes=(f"the first that differs is {first.decision_id}: {first.why}",) if first else (),
        )

    @property
    def is_clean(self) -> bool:
        return not (self.counts[Result.DIFFERENT] or self.counts[Result.ERROR])


class Redecide:
    """Decides records of one archive again; what was made of a version stays for the next."""

    def __init__(self, archive: DecisionArchive) -> None:
        self._programs, self._ways = Programs(archive), Ways()

    def __call__(self, record: Mapping[str, Any]) -> Redecided:
        id = record["decision_id"]
        if record["masked"]:
            return Redecided(id, Result.MASKED)
        try:
            now = self._again(record)
            if now == record["outcome"]:
                return Redecided(id, Result.SAME)
            before = parsed(record["outcome"], "outcome")
        except CannotAnswer as error:
            return Redecided(id, Result.ERROR, str(error))
        why = why_different(record, before, now)
        return Redecided(id, Result.DIFFERENT, why, record["outcome"], now)

    def _again(self, record: Mapping[str, Any]) -> str:
        require(record, COLUMNS)
        pins = self._programs.pins(record["version"], record["plan_versions"])
        then = self._programs(record["version"], pins)
        return then.written(Recorded(record, then, pins, self._ways).outcome(then))


@dataclass(frozen=True, slots=True)
class VerifyJob:
    """Decides an archive again, part by part: what was answered by a version, or all of it."""

    archive: DecisionArchive
    version: str | None = None

    def __call__(self) -> Callable[[Part], Verified]:
        return partial(verified, self.archive, Redecide(self.archive), self.version)


def verified(archive: DecisionArchive, redecide: Redecide, version: str | None, part: Part) -> Verified:
    found, row = Verified(), 0
    try:
        for row, record in enumerate(archive.read(part, (*COLUMNS, *MADE_WITH, "time")), 1):
            id = record["decision_id"] or f"{part.name}:{row}"
            if version in (None, record["version"]):
                found.add(redecide({**record, "decision_id": id}), record["time"])
            else:
                count(found.others, "answered by another version", 1, id)
    except OSError as error:
        left = max(1, part.records - row)
        found.counts[Result.ERROR] += left
        count(found.errors, unreadable(part, error), left, f"{part.name}:{row + 1}")
    return found
