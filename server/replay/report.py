"""What a replay found: a value, to be shown, sent or written down. Tuples are in the order to be shown in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from server.replay.pairs import Answered, Status


class Loop(Enum):
    """VERIFY: the same version. OPEN: on recorded facts. CLOSED: history lived again, each version with its own sends."""

    VERIFY = "verify"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Progress:
    """So many records or events of so many, as far as that is known."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Moved:
    """So many decisions went from one answer (a verdict, a plan) to another; those that stayed are told, too. `later` and `earlier` are
    verdicts after, of what both send. `users`: how many had at least one such decision; of those that stayed they are not counted."""

    before: str
    after: str
    decisions: int
    users: int | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure under both: sends by a channel, hits of a limit, members of a crowd, sends of a day."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class CrowdMoves:
    """Users whom a crowd gained and lost."""

    crowd: str
    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class Example:
    """A decision that changed, with both explanations, as text. In a closed loop each side may have been asked at an instant of its own."""

    decision_id: str
    user: str
    time_before: int
    time: int
    before: Answered
    after: Answered
    why_before: str
    why_after: str


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """What was asked of one: `decide best`, or of all `crowds` or `contacts`. The rest is as a report has it."""

    name: str
    decisions: int
    users: int
    users_changed: int
    statuses: Mapping[Status, int] = field(default_factory=dict)
    verdicts: tuple[Moved, ...] = ()
    plans: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class Blamed:
    """A place that is to blame: `rule` is its key (`policy gentle`), `location` as `rules.sua:14`; how it read, and reads. `moves`: verdict
    to verdict, the gravest first, `entry_points`: the same of each. `effects`: how many of its decisions only follow from what was sent before."""

    rule: str
    location: str
    text_before: str
    text_after: str
    decisions: int
    users: int
    effects: int
    moves: tuple[Moved, ...] = ()
    examples: tuple[Example, ...] = ()
    entry_points: Mapping[str, tuple[Moved, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Covered:
    """A condition or limit, and how often it answered what; of a limit yes says that it stood in the way."""

    rule: str
    location: str
    text: str
    yes: int
    no: int
    unknown: int

    @property
    def never(self) -> tuple[str, ...]:
        """What it never answered."""
        counts = {"yes": self.yes, "no": self.no, "unknown": self.unknown}
        return tuple(answer for answer, count in counts.items() if not count)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Records that could not be used or answered: why, how many, and which was the first (`events.csv:17`, or a decision's id)."""

    why: str
    records: int
    first: str


@dataclass(frozen=True, slots=True)
class Report:
    """`base`, `candidate`: versions. `history`: where the decisions or events are, `named`: the rules of both, all as whoever asked called them;
    empty where that was not by a file. `period`: when the first and the last decision was made, in microseconds. `statuses`: decisions by
    status. `money`: `value` and `cost` of all sends, in the `currency`; `days` are those of the `zone`."""

    base: str
    candidate: str
    loop: Loop
    history: str = ""
    named: tuple[str, str] = ("", "")
    period: tuple[int, int] | None = None
    decisions: int = 0
    users: int = 0
    users_changed: int = 0
    statuses: Mapping[Status, int] = field(default_factory=dict)
    verdicts: tuple[Moved, ...] = ()
    plans: tuple[Moved, ...] = ()
    entry_points: tuple[EntryPoint, ...] = ()
    crowds: tuple[CrowdMoves, ...] = ()
    sends: tuple[Compared, ...] = ()
    limits: tuple[Compared, ...] = ()
    money: tuple[Compared, ...] = ()
    days: tuple[Compared, ...] = ()
    blamed: tuple[Blamed, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    regrets: tuple[Example, ...] = ()
    """Of a closed loop: what was sent as known then and would not have been with full knowledge."""
    coverage: tuple[Covered, ...] = ()
    """Of the candidate, if that was asked for, by `decisions_covered` decisions."""
    decisions_covered: int = 0
    zone: str = "UTC"
    currency: str = ""
    notes: tuple[str, ...] = ()
    """What a reader should know: that an open loop feeds no caps."""

    @property
    def share_changed(self) -> float:
        """Of users, from 0 to 1."""
        return self.users_changed / self.users if self.users else 0.0

    @property
    def rules_never_covered(self) -> tuple[str, ...]:
        """Of which no condition or limit was looked at."""
        seen = {each.rule for each in self.coverage if len(each.never) < 3}
        return tuple(dict.fromkeys(each.rule for each in self.coverage if each.rule not in seen))
