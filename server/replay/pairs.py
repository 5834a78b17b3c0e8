"""One question, and what two versions answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from compiler.facts import Facts
from compiler.wire.json_text import Json
from dsl.frozen import dataclass

if TYPE_CHECKING:
    from server.replay.answering import Answering


SEND = "send"
CHOSEN = frozenset({SEND, "wait"})
"""Verdicts of which something is received."""


class Status(Enum):
    """SLOWER: the same answer, which took the candidate much longer. ERROR: one of them could not answer."""

    SAME = "same"
    CHANGED = "changed"
    SLOWER = "slower"
    ERROR = "error"


DECIDING = frozenset({"decide", "match_plan"})
"""Kinds of question that choose among plans."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a version says, as far as people are treated differently by it: two that are equal treat them alike.

    `verdict` and what follows are of a decision or contact, `crowds` those that hold the user. `until`: microseconds. `content`: of a SEND,
    with what goes with it: `cart_nudge with sku = "cup"`. Not compared are `limits`, rules that stood in the way of the plan named (or of all, when none is), as
    `policy gentle at rules.sua:14: cap`; and `value` and `cost` of a SEND, in the settings' currency.
    """

    verdict: str | None = None
    plan: str | None = None
    channel: str | None = None
    until: int | None = None
    content: str | None = None
    crowds: frozenset[str] = frozenset()
    limits: tuple[str, ...] = field(default=(), compare=False)
    value: float = field(default=0.0, compare=False)
    cost: float = field(default=0.0, compare=False)


class Question(Protocol):
    """What was asked on the facts of then, which can be put to any version. Raises CannotAnswer.

    `remarks`: what is to be known of the answers, in words that are the same for many questions. `pins`: of plans that other
    versions opened: `activity=version`.
    """

    remarks: tuple[str, ...]
    pins: Sequence[str]

    def facts(self, by: Answering) -> Facts:
        """As the version reads them."""

    def answer(self, by: Answering) -> Answered:
        """What the version says on them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question that was asked once, and both answers. `why`: of an ERROR, in words. `time`: microseconds. `asked`: as on record.

    `asked_before`: when the base was asked, if at another instant: what waits may come due earlier or later in its own life. `question` is there in the process that made the pair; a pair that is told of elsewhere has none.
    """

    id: str
    user: str
    time: int
    kind: str
    before: Answered
    after: Answered
    status: Status
    asked: Mapping[str, Json] = field(default_factory=dict)
    why: str = ""
    asked_before: int | None = None
    question: Question | None = field(default=None, compare=False, repr=False)

    @property
    def time_before(self) -> int:
        return self.time if self.asked_before is None else self.asked_before

    @property
    def is_felt(self) -> bool:
        """Whether one of them sends something, or will: where both keep silent, whatever for and how long, nobody is treated differently."""
        before, after = self.before, self.after
        return before.crowds != after.crowds or not CHOSEN.isdisjoint({before.verdict, after.verdict})

    @property
    def shift(self) -> str:
        """Whether what both send goes out `later` or `earlier`; empty where it does not, or only one of them sends."""
        if self.before.verdict != SEND or self.after.verdict != SEND or self.time == self.time_before:
            return ""
        return "later" if self.time > self.time_before else "earlier"

    @property
    def entry_point(self) -> str:
        """`decide best`; `crowds` and `contacts`, of which there are no declarations to ask."""
        if self.kind in DECIDING:
            return f"decide {self.asked.get('decide', '')}".strip()
        return "crowds" if self.kind.endswith("crowds") else "contacts"
