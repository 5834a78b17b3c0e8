"""What a candidate must not change, said before a replay: `2%` of users at most, `send→block` never."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from server.replay.report import EntryPoint, Moved, Report

ANY = "*"
ARROW = re.compile(r"\s*(?:→|->)\s*")
SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
PLAN = "plan:"
VERDICTS = ("send", "wait", "block", "holdout", "none")
SHIFTS_OF = dict.fromkeys(("send", ANY), ("later", "earlier"))
"""What both send, at another instant."""


class NoGuard(Exception):
    """A text that says none. The text of the exception says what could stand there."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guard, and what it came to. `found`: users or decisions of those `looked` at, of which `allowed` were so many."""

    guard: str
    found: int
    allowed: int
    looked: int
    of: str

    @property
    def is_broken(self) -> bool:
        """Nothing is kept where nothing was looked at."""
        return self.found > self.allowed or not self.looked


@dataclass(frozen=True, slots=True)
class MaxChange:
    """At most this share of users may be treated differently: from 0 to 1."""

    share: Decimal

    @classmethod
    def read(cls, text: str) -> MaxChange:
        """`2%`. Raises NoGuard."""
        found = SHARE.fullmatch(text.strip())
        if found is None or Decimal(found[1]) > 100:
            raise NoGuard("a share of users, as `2%`")
        return cls(Decimal(found[1]) / 100)

    def __call__(self, report: Report | EntryPoint) -> Guarded:
        allowed = int(self.share * report.users)
        guard = f"at most {(self.share * 100).normalize():f}% of users"
        return Guarded(guard, report.users_changed, allowed, report.users, "users")


@dataclass(frozen=True, slots=True)
class Never:
    """No decision may go from one answer to another; `*` is any."""

    before: str
    after: str
    of_plans: bool

    @classmethod
    def read(cls, text: str) -> Never:
        """`send→block`, `send->*`, `plan:a→b`. Raises NoGuard."""
        of_plans = text.startswith(PLAN)
        sides = ARROW.split(text.removeprefix(PLAN).strip())
        if len(sides) != 2 or not all(sides) or not is_move(*sides, of_plans=of_plans):
            raise NoGuard(
                f"`BEFORE→AFTER` of {', '.join(VERDICTS)} and `*`, `send→later`, `send→earlier`, or `plan:BEFORE→AFTER`"
            )
        return cls(sides[0], sides[1], of_plans)

    def __call__(self, report: Report | EntryPoint) -> Guarded:
        moves = report.plans if self.of_plans else report.verdicts
        found = sum(move.decisions for move in moves if self.forbids(move))
        looked = sum(move.decisions for move in moves)
        guard = f"no {PLAN if self.of_plans else ''}{self.before}→{self.after}"
        return Guarded(guard, found, 0, looked, "decisions")

    @property
    def plans(self) -> tuple[str, ...]:
        """That it names."""
        return tuple(name for name in (self.before, self.after) if self.of_plans and name != ANY)

    def forbids(self, move: Moved) -> bool:
        return (
            move.before != move.after
            and self.before in (ANY, move.before)
            and self.after in (ANY, move.after)
        )


def is_move(before: str, after: str, *, of_plans: bool) -> bool:
    """Whether a decision may ever go so."""
    if before == after != ANY:
        return False
    return of_plans or (before in (*VERDICTS, ANY) and after in (*VERDICTS, ANY, *SHIFTS_OF.get(before, ())))


Guard = MaxChange | Never


def guarded(guards: Iterable[Guard], report: Report | EntryPoint) -> tuple[Guarded, ...]:
    return tuple(guard(report) for guard in guards)
