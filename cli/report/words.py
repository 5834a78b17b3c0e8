"""What tables and pages say of a replay, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cli.releasing import SHORT
from compiler.cases.texts import instant_text
from server.replay.guards import Guarded
from server.replay.pairs import Answered
from server.replay.report import Blamed, Covered, Example, Loop, Moved, Report

LOOPS: Mapping[Loop, str] = {
    Loop.VERIFY: "answered again by the same version",
    Loop.OPEN: "each decision on its recorded facts",
    Loop.CLOSED: "history lived again, each version with its own sends",
}
COVERED = ("yes", "no", "unknown")
SECOND = 1_000_000
HEADS = {
    "send": "send {plan} by {channel}",
    "wait": "wait with {plan} by {channel}",
    "block": "block {plan}",
    "holdout": "hold out {plan}",
    "none": "nothing",
}


@dataclass(frozen=True, slots=True)
class Words:
    """Of one report."""

    report: Report

    @property
    def head(self) -> str:
        """`2,645 decisions about 30 users`."""
        report = self.report
        return f"{counted(report.decisions, 'decision')} about {counted(report.users, 'user')}"

    @property
    def changed(self) -> str:
        report = self.report
        return f"{report.users_changed:,} of {report.users:,} users are treated differently ({percent(report.share_changed)})"

    @property
    def statuses(self) -> str:
        return ", ".join(f"{count:,} {status.value}" for status, count in self.report.statuses.items())

    @property
    def subject(self) -> Mapping[str, str]:
        """What it is of, as far as that is known."""
        report = self.report
        base, candidate = map(versioned, report.named, (report.base, report.candidate))
        same = report.loop is Loop.VERIFY
        of = {"history": report.history, "period": self.period, "rules" if same else "base": base}
        return {name: text for name, text in {**of, "candidate": "" if same else candidate}.items() if text}

    @property
    def period(self) -> str:
        """`2026-03-02 19:30 to 2026-03-09 08:00 UTC`; empty where nothing was decided."""
        if self.report.period is None:
            return ""
        first, last = (instant_text(time - time % SECOND, self.report.zone) for time in self.report.period)
        return f"{first if first == last else f'{first} to {last}'} {self.report.zone}"

    def answer(self, answered: Answered) -> str:
        """`send coupon by push: coupon with percent = 5`."""
        if answered.verdict is None:
            return f"in {', '.join(sorted(answered.crowds))}" if answered.crowds else "in none of them"
        head = HEADS[answered.verdict].format(
            plan=answered.plan or "", channel=answered.channel or "no channel"
        )
        until = f" until {instant_text(answered.until, self.report.zone)}" if answered.until else ""
        content = f": {answered.content}" if answered.content else ""
        return f"{' '.join(head.split())}{until}{content}"

    def when(self, example: Example) -> str:
        """`2026-03-02 19:30 UTC before, 2026-03-03 09:00 UTC after`; one instant, if it is the same."""
        before, after = (self._instant(time) for time in (example.time_before, example.time))
        return after if before == after else f"{before} before, {after} after"

    def _instant(self, time: int) -> str:
        """To the second."""
        return f"{instant_text(time - time % SECOND, self.report.zone)} {self.report.zone}"

    def blamed(self, blamed: Blamed) -> str:
        """`277 decisions about 14 users, 3 of which only because of earlier ones`."""
        if not blamed.decisions:
            return "changes nobody"
        effects = f", {blamed.effects:,} of which only because of earlier ones" if blamed.effects else ""
        return f"{counted(blamed.decisions, 'decision')} about {counted(blamed.users, 'user')}{effects}"

    @property
    def covered(self) -> str:
        """`30 of 37 conditions and limits were both yes and no in 5,000 of 2,096,000 decisions`."""
        report = self.report
        both = sum(bool(each.yes and each.no) for each in report.coverage)
        looked = f"{report.decisions_covered:,} of {report.decisions:,} decisions"
        never = ", ".join(report.rules_never_covered)
        rules = f"; rules never looked at: {never}" if never else ""
        return f"{both} of {len(report.coverage)} conditions and limits were both yes and no in {looked} that were looked at{rules}"

    def moves(self, blamed: Blamed) -> Iterator[str]:
        """`send → block: 32 decisions, 14 users`."""
        for move in blamed.moves:
            yield f"{self.move(move)}, {counted(move.users or 0, 'user')}"

    def move(self, move: Moved) -> str:
        return f"{move.before} → {move.after}: {counted(move.decisions, 'decision')}"


def versioned(named: str, version: str) -> str:
    """`candidate.sua, version 5f3a9c21b0de`."""
    return f"{named}, version {version[:SHORT]}" if named else f"version {version[:SHORT]}"


def guard(found: Guarded) -> str:
    """`broken: no send→block: 32 of 2,645 decisions`."""
    return f"{'broken' if found.is_broken else 'kept'}: {found.guard}: {came_to(found)}"


def came_to(found: Guarded) -> str:
    return f"{found.found:,} of {found.looked:,} {found.of}"


def counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def figure(value: float) -> str:
    """`1,234`, `1,234.50`."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def difference(before: float, after: float) -> str:
    """`+12`, `−3.50`, nothing for none."""
    by = after - before
    return "" if not by else f"{'+' if by > 0 else '−'}{figure(abs(by))}"


def groups(coverage: Sequence[Covered]) -> Mapping[str, list[Covered]]:
    """Conditions and limits by what they never answered; those that were never asked by themselves."""
    asked = [each for each in coverage if len(each.never) < len(COVERED)]
    never = {f"never {answer}": [each for each in asked if answer in each.never] for answer in COVERED}
    return {"never looked at": [each for each in coverage if each not in asked], **never}
