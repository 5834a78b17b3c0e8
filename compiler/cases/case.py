"""A test as it is played: every name resolved, every value typed, every instant in microseconds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import count

from compiler.checked.ir import Expr
from compiler.outcome import Because, Reason
from compiler.types import Answer, Present, Value
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Line:
    """One clause of a test; `span` is relative to the test's statement."""

    span: Span = dataclasses.field(compare=False)


def alone(plan: str) -> str:
    """The name of the decide that judges a plan which none of the rule set's does; no name can have a space."""
    return f"plan {plan}"


# ---- what is so


@dataclass(frozen=True, slots=True)
class UserIs(Line):
    """The attributes that are given; MISSING stands for one that is said to be."""

    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class InputIs(Line):
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class OnList(Line):
    list: str
    holds: bool


@dataclass(frozen=True, slots=True)
class HeldOut(Line):
    """Of a campaign or a decide, by its name."""

    scope: str


@dataclass(frozen=True, slots=True)
class Sent(Line):
    """A touch. `key` is what its occurrence is called by behind the activity, None for a name of its own.

    `tags` None are those that the plan has now. `held_out`: of the shadow ledger.
    """

    plan: str
    channel: str
    time: int
    key: str | None
    tags: frozenset[str] | None
    held_out: bool


@dataclass(frozen=True, slots=True)
class Used(Line):
    """`owner` is the key of a plan or campaign, `amount` a count or millionths of the budget's currency."""

    owner: str
    amount: int


class Store(Enum):
    """What may be unavailable, with or without a name."""

    USER = "user"
    INPUT = "input"
    EVENT = "event"
    LIST = "list"
    TOUCHES = "touches"
    BUDGETS = "budgets"


@dataclass(frozen=True, slots=True)
class OutOfReach(Line):
    store: Store
    name: str = ""


@dataclass(frozen=True, slots=True)
class KnownSince(Line):
    event: str
    time: int


@dataclass(frozen=True, slots=True)
class OccurrenceIs(Line):
    """What an event opened for a plan is open, whatever the trigger says, or is no more."""

    plan: str
    event_id: str
    open: bool


@dataclass(frozen=True, slots=True)
class Happening(Line):
    """`id` is None where the test gives none."""

    event: str
    id: str | None
    time: int
    fields: Mapping[str, Value]


def fresh_ids(happenings: list[Happening]) -> Iterator[str]:
    """e1, e2 … in the order of the text (e01 … from ten on), but for those that the test gives itself."""
    taken = {line.id for line in happenings}
    length = len(str(len(happenings)))
    numbered = (f"e{number:0{length}}" for number in count(1))
    return (id_ for id_ in numbered if id_ not in taken)


@dataclass(frozen=True, slots=True)
class NowIs(Line):
    time: int


@dataclass(frozen=True, slots=True)
class Reserving(Line):
    decide: str


# ---- what is expected


@dataclass(frozen=True, slots=True)
class Expectation(Line):
    pass


@dataclass(frozen=True, slots=True)
class ExpectAnswer(Expectation):
    """A condition answers `wanted`: yes or unknown."""

    condition: Expr
    wanted: Answer


@dataclass(frozen=True, slots=True)
class Cause:
    """A kind of rule that is broken. `owners` are keys of definitions: it stands in one of them, or anywhere if there are none."""

    because: Because
    owners: frozenset[str] = frozenset()

    def names(self, reason: Reason) -> bool:
        return reason.because is self.because and (not self.owners or reason.owner in self.owners)


@dataclass(frozen=True, slots=True)
class ExpectPlan(Expectation):
    """What becomes of a plan among those of `decide`, or alone.

    `verdict` is a word of `compiler.cases.verdicts.PLAN_VERDICTS`; what is None may be anything. `to` is the plan that it
    loses to, `arguments` are some of those that go with the content, `rank` is in the run-time form of the rank's type.
    """

    plan: str
    decide: str | None
    verdict: str
    channel: str | None = None
    content: str | None = None
    arguments: Mapping[str, Value] = dataclasses.field(default_factory=dict)
    until: int | None = None
    because: tuple[Cause, ...] = ()
    to: str | None = None
    rank: Present | None = None


@dataclass(frozen=True, slots=True)
class ExpectDecide(Expectation):
    """`verdict` is a word of `compiler.cases.verdicts.DECIDE_VERDICTS`."""

    decide: str
    verdict: str
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One test. `zone` is that of its user, in which its instants are read."""

    name: str
    span: Span = dataclasses.field(compare=False)
    zone: str
    lines: tuple[Line, ...]
