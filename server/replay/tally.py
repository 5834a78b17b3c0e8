"""Pairs counted. Tallies of parts add up to that of the whole, whatever the parts; in memory they grow with users and days, not with pairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from compiler.calendar import local_date
from compiler.cases.coverage import Counts
from compiler.types import DATE_MAX, DATE_MIN
from compiler.wire.time_text import write_date
from server.replay.blamings import Blamings
from server.replay.counting import Moving, Period, compared, count, digest, renamed
from server.replay.covering import Counted
from server.replay.pairs import CHOSEN, DECIDING, SEND, Answered, Pair, Status
from server.replay.report import Compared, CrowdMoves, EntryPoint, LeftOut, Loop, Report

NOTHING, NOT_ASKED = "nothing", "not asked"
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
    shared_value: int = 0
    shared_cost: int = 0
    """Of contacts that both versions send, by the same plan: what differs here is what plans say, and not whom they are sent to."""

    def add(self, answered: Answered, time: int) -> None:
        if answered.limits:
            self.limits.update(answered.limits)
        if answered.verdict == "send":
            self.sends[answered.channel or NOTHING] += 1
            self.quarters[time // QUARTER] += 1
            self.value += round(answered.value * MILLIONTH)
            self.cost += round(answered.cost * MILLIONTH)

    def share(self, answered: Answered) -> None:
        self.shared_value += round(answered.value * MILLIONTH)
        self.shared_cost += round(answered.cost * MILLIONTH)

    def merge(self, other: Side) -> None:
        self.sends.update(other.sends)
        self.limits.update(other.limits)
        self.quarters.update(other.quarters)
        self.value += other.value
        self.cost += other.cost
        self.shared_value += other.shared_value
        self.shared_cost += other.shared_cost

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

    @property
    def shared(self) -> dict[str, float]:
        return {"value": self.shared_value / MILLIONTH, "cost": self.shared_cost / MILLIONTH}


@dataclass(slots=True)
class Asked:
    """Of one entry point, or of all. `users`, `users_changed`: by digest."""

    statuses: Counter[Status] = field(default_factory=Counter)
    users: set[int] = field(default_factory=set)
    users_changed: set[int] = field(default_factory=set)
    verdicts: Moving = field(default_factory=Moving)
    plans: Moving = field(default_factory=Moving)

    def add(self, pair: Pair) -> None:
        user, before, after = digest(pair.user), pair.before, pair.after
        self.statuses[pair.status] += 1
        self.users.add(user)
        if pair.status is Status.ERROR:
            return
        if pair.status is Status.CHANGED and pair.is_felt:
            self.users_changed.add(user)
        if before.verdict or after.verdict:
            self.verdicts.add(before.verdict or NOT_ASKED, pair.shift or after.verdict or NOT_ASKED, user)
        if pair.kind in DECIDING:
            self.plans.add(winner(before), winner(after), user)

    def merge(self, other: Asked) -> None:
        for counted in ("statuses", "users", "users_changed"):
            getattr(self, counted).update(getattr(other, counted))
        self.verdicts.merge(other.verdicts)
        self.plans.merge(other.plans)

    def entry_point(self, name: str) -> EntryPoint:
        return EntryPoint(
            name,
            self.statuses.total(),
            len(self.users),
            len(self.users_changed),
            {status: self.statuses[status] for status in Status},
            self.verdicts.told(),
            self.plans.told(),
        )


@dataclass(slots=True)
class Tally:
    """`asked`: by entry point. `left_out`, `notes`: why, or what -> how many, and the first."""

    asked: defaultdict[str, Asked] = field(default_factory=lambda: defaultdict(Asked))
    period: Period = field(default_factory=Period)
    entered: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    left_out: dict[str, tuple[int, str]] = field(default_factory=dict)
    notes: dict[str, tuple[int, str]] = field(default_factory=dict)
    blamings: Blamings = field(default_factory=Blamings)
    covered: Counted = field(default_factory=dict)
    decisions_covered: int = 0
    changed: list[bytes] = field(default_factory=list)
    """Lines of decisions that changed, if they are wanted."""

    def add(self, pair: Pair) -> None:
        self.asked[pair.entry_point].add(pair)
        self.period.add(pair.time)
        if pair.asked_before is not None:
            self.period.add(pair.asked_before)
        if pair.status is Status.ERROR:
            self.leave_out(pair.why, pair.id)
            return
        if pair.status is Status.CHANGED:
            self.entered.update(pair.after.crowds - pair.before.crowds)
            self.left.update(pair.before.crowds - pair.after.crowds)
        self.before.add(pair.before, pair.time_before)
        self.after.add(pair.after, pair.time)
        if pair.before.verdict == pair.after.verdict == SEND and pair.before.plan == pair.after.plan:
            self.before.share(pair.before)
            self.after.share(pair.after)

    @property
    def all_asked(self) -> Asked:
        whole = Asked()
        for each in self.asked.values():
            whole.merge(each)
        return whole

    def leave_out(self, why: str, where: str, records: int = 1) -> None:
        """Count a record that could not be used. `where`: what it is found by."""
        count(self.left_out, why, records, where)

    def note(self, what: str, where: str) -> None:
        """Count what is to be known of a record that was used."""
        count(self.notes, what, 1, where)

    def merge(self, other: Tally) -> None:
        """Add what another counted of later pairs."""
        for name, asked in other.asked.items():
            self.asked[name].merge(asked)
        self.period.merge(other.period)
        self.before.merge(other.before)
        self.after.merge(other.after)
        self.blamings.merge(other.blamings)
        self.decisions_covered += other.decisions_covered
        self.changed += other.changed
        for spot, counts in other.covered.items():
            self.covered.setdefault(spot, Counts()).merge(counts)
        for counted in ("entered", "left"):
            getattr(self, counted).update(getattr(other, counted))
        for why, (records, first) in other.left_out.items():
            self.leave_out(why, first, records)
        for what, (records, first) in other.notes.items():
            count(self.notes, what, records, first)

    def report(
        self, base: str, candidate: str, loop: Loop, zone: str, moved: Callable[[str], str] = str
    ) -> Report:
        """What was counted. `zone`: whose days; `moved`: a limit of the base as the candidate's lines have it."""
        before, after, whole = self.before, self.after, self.all_asked.entry_point("")
        return Report(
            base,
            candidate,
            loop,
            period=self.period.ends,
            decisions=whole.decisions,
            users=whole.users,
            users_changed=whole.users_changed,
            statuses=whole.statuses,
            verdicts=whole.verdicts,
            plans=whole.plans,
            entry_points=tuple(self.asked[name].entry_point(name) for name in sorted(self.asked)),
            crowds=tuple(
                CrowdMoves(crowd, self.entered[crowd], self.left[crowd])
                for crowd in sorted({*self.entered, *self.left})
            ),
            sends=compared(before.sends, after.sends),
            limits=compared(renamed(before.limits, moved), after.limits),
            money=(*compared(before.money, after.money), *repriced(before.shared, after.shared)),
            days=compared(before.days(zone), after.days(zone)),
            left_out=tuple(LeftOut(why, *found) for why, found in self.left_out.items()),
            notes=tuple(
                f"{what}: {records:,} records, the first is {first}"
                for what, (records, first) in self.notes.items()
            ),
        )


def repriced(before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[Compared]:
    """What changes for the same contacts."""
    for each in compared(before, after):
        if each.before != each.after:
            yield replace(each, name=f"{each.name} of what both send")


def winner(answered: Answered) -> str:
    return answered.plan or NOTHING if answered.verdict in CHOSEN else NOTHING
