"""Pairs counted. Tallies of parts add up to that of the whole, whatever the parts; in memory they grow with users and days, not with pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from compiler.calendar import local_date
from compiler.cases.coverage import Counts
from compiler.types import DATE_MAX, DATE_MIN
from compiler.wire.time_text import write_date
from server.replay.blamings import Blamings
from server.replay.counting import Moves, compared, count, digest, moves, renamed
from server.replay.covering import Counted
from server.replay.pairs import Answered, Pair, Status
from server.replay.report import CrowdMoves, LeftOut, Loop, Report

NOTHING, NOT_ASKED = "nothing", "not asked"
CHOSEN = frozenset({"send", "wait"})
DECIDING = frozenset({"decide", "match_plan"})
"""Kinds that choose among plans."""
QUARTER = 15 * 60 * 1_000_000
"""Days of every zone begin at one."""
MILLIONTH = 1_000_000


@dataclass(slots=True)
class Side:
    """What one version did. `sends` by channel, `quarters` by quarter of an hour since 1970; money in millionths, so that sums are exact."""

    sends: Counter[str] = field(default_factory=Counter)
    limits: Counter[str] = field(default_factory=Counter)
    quarters: Counter[int] = field(default_factory=Counter)
    value: int = 0
    cost: int = 0

    def add(self, answered: Answered, time: int) -> None:
        if answered.limits:
            self.limits.update(answered.limits)
        if answered.verdict == "send":
            self.sends[answered.channel or NOTHING] += 1
            self.quarters[time // QUARTER] += 1
            self.value += round(answered.value * MILLIONTH)
            self.cost += round(answered.cost * MILLIONTH)

    def merge(self, other: Side) -> None:
        self.sends.update(other.sends)
        self.limits.update(other.limits)
        self.quarters.update(other.quarters)
        self.value += other.value
        self.cost += other.cost

    def days(self, zone: str) -> Counter[str]:
        """Sends by local day, as `2026-03-02`."""
        found: Counter[str] = Counter()
        for quarter, sends in self.quarters.items():
            day = local_date(zone, quarter * QUARTER)
            found[write_date(max(DATE_MIN, min(day, DATE_MAX)))] += sends
        return found

    @property
    def money(self) -> dict[str, float]:
        return {"value": self.value / MILLIONTH, "cost": self.cost / MILLIONTH}


@dataclass(slots=True)
class Tally:
    """`users`, `users_changed`: by digest. `left_out`, `notes`: why, or what -> how many, and the first."""

    decisions: int = 0
    statuses: Counter[Status] = field(default_factory=Counter)
    users: set[int] = field(default_factory=set)
    users_changed: set[int] = field(default_factory=set)
    verdicts: Moves = field(default_factory=Counter)
    plans: Moves = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    left_out: dict[str, tuple[int, str]] = field(default_factory=dict)
    notes: dict[str, tuple[int, str]] = field(default_factory=dict)
    blamings: Blamings = field(default_factory=Blamings)
    covered: Counted = field(default_factory=dict)
    decisions_covered: int = 0

    def add(self, pair: Pair) -> None:
        status, user = pair.status, digest(pair.user)
        self.decisions += 1
        self.statuses[status] += 1
        self.users.add(user)
        if status is Status.ERROR:
            self.leave_out(pair.why, pair.id)
            return
        if status is Status.CHANGED:
            self.users_changed.add(user)
            self.entered.update(pair.after.crowds - pair.before.crowds)
            self.left.update(pair.before.crowds - pair.after.crowds)
        self._compare(pair, pair.before, pair.after)

    def _compare(self, pair: Pair, before: Answered, after: Answered) -> None:
        self.before.add(before, pair.time_before)
        self.after.add(after, pair.time)
        if before.verdict or after.verdict:
            self.verdicts[before.verdict or NOT_ASKED, pair.shift or after.verdict or NOT_ASKED] += 1
        if pair.kind in DECIDING:
            self.plans[winner(before), winner(after)] += 1

    def leave_out(self, why: str, where: str, records: int = 1) -> None:
        """Count a record that could not be used. `where`: what it is found by."""
        count(self.left_out, why, records, where)

    def note(self, what: str, where: str) -> None:
        """Count what is to be known of a record that was used."""
        count(self.notes, what, 1, where)

    def merge(self, other: Tally) -> None:
        """Add what another counted of later pairs."""
        self.decisions += other.decisions
        self.users |= other.users
        self.users_changed |= other.users_changed
        self.before.merge(other.before)
        self.after.merge(other.after)
        self.blamings.merge(other.blamings)
        self.decisions_covered += other.decisions_covered
        for spot, counts in other.covered.items():
            self.covered.setdefault(spot, Counts()).merge(counts)
        for counted in ("statuses", "verdicts", "plans", "entered", "left"):
            getattr(self, counted).update(getattr(other, counted))
        for why, (records, first) in other.left_out.items():
            self.leave_out(why, first, records)
        for what, (records, first) in other.notes.items():
            count(self.notes, what, records, first)

    def report(
        self, base: str, candidate: str, loop: Loop, zone: str, moved: Callable[[str], str] = str
    ) -> Report:
        """What was counted. `zone`: whose days; `moved`: a limit of the base as the candidate's lines have it."""
        before, after = self.before, self.after
        return Report(
            base,
            candidate,
            loop,
            decisions=self.decisions,
            users=len(self.users),
            users_changed=len(self.users_changed),
            statuses={status: self.statuses[status] for status in Status},
            verdicts=moves(self.verdicts),
            plans=moves(self.plans),
            crowds=tuple(
                CrowdMoves(crowd, self.entered[crowd], self.left[crowd])
                for crowd in sorted({*self.entered, *self.left})
            ),
            sends=compared(before.sends, after.sends),
            limits=compared(renamed(before.limits, moved), after.limits),
            money=compared(before.money, after.money),
            days=compared(before.days(zone), after.days(zone)),
            left_out=tuple(LeftOut(why, *found) for why, found in self.left_out.items()),
            notes=tuple(
                f"{what}: {records:,} records, the first is {first}"
                for what, (records, first) in self.notes.items()
            ),
        )


def winner(answered: Answered) -> str:
    return answered.plan or NOTHING if answered.verdict in CHOSEN else NOTHING
