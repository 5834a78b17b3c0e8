"""What a decision answers: verdicts, and why. Plain data that every evaluator must produce alike, to the last reason."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from compiler.types import Answer, Value
from dsl.frozen import dataclass
from dsl.source import Span


class Gate(Enum):
    """In the order passed."""

    ELIGIBLE = "eligible"
    RELEVANT = "relevant"
    CONTACTABLE = "contactable"
    RANKED = "ranked"
    HOLDOUT = "holdout"
    CHOSEN = "chosen"


class Verdict(Enum):
    """Of a plan, a channel, or a whole decision. NONE: no plan reached a verdict."""

    SEND = "send"
    WAIT = "wait"
    BLOCK = "block"
    HOLDOUT = "holdout"
    NONE = "none"


class Because(Enum):
    """The kind of rule that a reason names."""

    AUDIENCE = "for"
    NEEDS = "needs"
    NO_OCCURRENCE = "no occurrence"
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    BLOCK = "block"
    NEVER = "never"
    QUIET = "quiet"
    CAP = "cap"
    COOLDOWN = "cooldown"
    ONCE = "once"
    BUDGET = "budget"
    AT_MOST = "at_most"
    UNAVAILABLE = "unavailable"
    RANK = "rank"
    HELD_OUT = "holdout"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that spoke. `owner` is the key of the definition (`policy gentle`), `span` the line in it.

    `channel`: the channel that it concerns, None for the whole plan.
    `answer`: what the condition said where there is one (False no, None unknown; True for prohibitions that hold).
    `until`: the first instant at which this rule alone would allow, microseconds; None is never or not known.
    """

    because: Because
    owner: str
    span: Span
    channel: str | None = None
    answer: Answer = False
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A send that the ledger may try: the plan's channel, with content and computed arguments."""

    plan: str
    activity: str
    occurrence: str
    channel: str
    content: str
    arguments: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A waiting occurrence: judged when `due`, microseconds."""

    plan: str
    due: int
    occurrence: str


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """How far a plan came. `fell` is the gate at which it fell; None when it was chosen.

    `verdict`: SEND or WAIT for what passed *contactable* (also when it lost afterwards), BLOCK when it fell there,
    HOLDOUT when held out, NONE before. `until`: of a WAIT, or the earliest instant that all limits of one channel
    would allow, of a BLOCK. `channel`: the channel of a SEND or WAIT.
    `rank` is in the run-time form of the rank's type; MISSING where it was not computed or has none.
    `reasons`: why it fell or waits; every broken limit of every channel for a BLOCK.
    """

    plan: str
    fell: Gate | None
    verdict: Verdict
    channel: str | None = None
    until: int | None = None
    occurrence: str | None = None
    rank: Value = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """May this user be contacted: SEND, WAIT until, or BLOCK (`until` as in PlanOutcome), by `channel`. HOLDOUT: only of what
    is taken for good."""

    verdict: Verdict
    channel: str | None
    until: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """`plan` is the one sent, waiting, held out or (for BLOCK) the first blocked by rank.

    `attempts`: what the ledger tries in this order, empty unless SEND. `outcomes` in the listed order of the decide.
    """

    decide: str
    verdict: Verdict
    plan: str | None
    channel: str | None
    until: int | None
    attempts: tuple[Attempt, ...]
    outcomes: tuple[PlanOutcome, ...]
    scheduled: tuple[Scheduled, ...]
