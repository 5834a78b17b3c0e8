"""Tests."""

from __future__ import annotations

from dsl.ast.declarations import Clause, Statement
from dsl.ast.expressions import Expr
from dsl.ast.parts import Amount, DateTime, Name, Node, Ref, Text
from dsl.ast.plans import Argument
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Entry(Node):
    """`tier: plus` in `given user { … }` or an event; a value is a constant expression, `missing` or `unavailable`."""

    name: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class GivenUser(Clause):
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class GivenInput(Clause):
    """`given input { page: "checkout" }`."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class GivenMember(Clause):
    """`given user in staff` puts the user into a list; `negated` says that the list is known not to hold the user."""

    group: Ref
    negated: bool


@dataclass(frozen=True, slots=True)
class GivenHeldOut(Clause):
    """`given user held out of spring`: a campaign or a decide."""

    scope: Ref


@dataclass(frozen=True, slots=True)
class GivenSent(Clause):
    """`given sent push by remind [for "C1"] [tagged promo | tagged nothing] [held out] at …`.

    `key` is what the plan was sent for: the value of its `once per F`, else the id of the event that opened it. `tags` are
    those at that time; None are the plan's. `held_out`: nothing went out, as the user was in a control group.
    """

    channel: Name
    plan: Ref
    key: Expr | None
    tags: tuple[Name, ...] | None
    time: DateTime
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class GivenUsed(Clause):
    """`given used 499 of budget spring`: a campaign's or a plan's budget."""

    amount: Amount
    budget: Ref


@dataclass(frozen=True, slots=True)
class GivenUnavailable(Clause):
    """`given unavailable order_paid`: an event, a list, an attribute (`user.tier`), `touches` or `budgets` cannot be read."""

    what: Ref


@dataclass(frozen=True, slots=True)
class GivenKnownSince(Clause):
    """`given order_paid known since 2026-01-01`: the history horizon of an event."""

    event: Ref
    time: DateTime


@dataclass(frozen=True, slots=True)
class GivenOccurrence(Clause):
    """`given remind open for "e1"`: what the event opened for the plan is open, whatever its trigger says; `ended`: it is not."""

    plan: Ref
    open: bool
    event: Text


@dataclass(frozen=True, slots=True)
class Happens(Clause):
    event: Ref
    entries: tuple[Entry, ...]
    time: DateTime


@dataclass(frozen=True, slots=True)
class Now(Clause):
    """Sets the clock for the expectations below it."""

    time: DateTime


@dataclass(frozen=True, slots=True)
class Reserve(Clause):
    """`reserve best_cart`: the decision is taken for good at the present `now`, its touch counts from here on."""

    decide: Ref


@dataclass(frozen=True, slots=True)
class Expect(Clause):
    """`expect user in hot_cart`, `expect lead.score >= 30`, `expect best_cart is cart_nudge`, `expect unknown user in x`."""

    condition: Expr
    unknown: bool


@dataclass(frozen=True, slots=True)
class Cause(Node):
    """`cap`, or `cap of gentle`: a kind of rule, and the policy, campaign, plan or decide that it stands in."""

    kind: Name
    owner: Ref | None


@dataclass(frozen=True, slots=True)
class ExpectPlan(Clause):
    """What becomes of a plan: `expect plan offer [in best] sends …`.

    `verdict` is one of `sends`, `waits`, `scheduled`, `blocked`, `held out`, `eligible`, `not eligible`, `relevant`,
    `not relevant`, `not ranked`, `cancelled`, `expired`, `loses`, `ranks`.
    `decide` is the one that it is judged in. `channel`, `content`, `arguments` go with `sends`; `time` with `waits until`,
    `scheduled for`, `blocked until`; `because` names the kinds of limits (quiet, cap, cooldown, block, never, once,
    budget, at_most, unavailable) in any order; `to` is the plan in `loses to`; `rank` the constant in `ranks`.
    """

    plan: Ref
    decide: Ref | None
    verdict: str
    channel: Name | None
    content: Text | None
    arguments: tuple[Argument, ...]
    time: DateTime | None
    because: tuple[Cause, ...]
    to: Ref | None
    rank: Expr | None


@dataclass(frozen=True, slots=True)
class ExpectDecide(Clause):
    """`expect best is [not] nothing | blocked`, `expect best holds out offer`, `expect best waits`; (`best is plan` is an Expect).

    `verdict` is one of `nothing`, `blocked`, `not nothing`, `not blocked`, `holds out`, `waits`.
    """

    decide: Ref
    verdict: str
    plan: Ref | None


@dataclass(frozen=True, slots=True)
class Test(Statement):
    name: Text
    clauses: tuple[Clause, ...]
