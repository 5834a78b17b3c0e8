"""Policies and campaigns."""

from __future__ import annotations

from enum import Enum

from dsl.ast.declarations import Clause, Statement
from dsl.ast.expressions import Expr
from dsl.ast.parts import Amount, Duration, Name, Ref, Share, Text, TimeOfDay, Unit
from dsl.frozen import dataclass


class Outcome(Enum):
    """What a broken limit asks for."""

    WAIT = "wait"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Quiet(Clause):
    start: TimeOfDay
    end: TimeOfDay
    then: Outcome | None


@dataclass(frozen=True, slots=True)
class Cap(Clause):
    """`cap push tagged promo 2 in any 7 days then wait`; exactly one of `per`, `rolling` is set; channel `all` is every channel."""

    channel: Name
    tag: Name | None
    limit: int
    per: Unit | None
    rolling: Duration | None
    then: Outcome | None


@dataclass(frozen=True, slots=True)
class Cooldown(Clause):
    """`cooldown 20 hours after any send`, or after an event."""

    duration: Duration
    event: Ref | None
    then: Outcome | None


@dataclass(frozen=True, slots=True)
class BlockUsers(Clause):
    group: Ref


@dataclass(frozen=True, slots=True)
class AllowUsers(Clause):
    group: Ref


@dataclass(frozen=True, slots=True)
class Never(Clause):
    channel: Name
    condition: Expr


@dataclass(frozen=True, slots=True)
class Policy(Statement):
    name: Name
    is_default: bool
    doc: Text | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class CampaignHoldout(Clause):
    """Also the holdout of a `decide`."""

    share: Share
    salt: Text


@dataclass(frozen=True, slots=True)
class Budget(Clause):
    """`budget 500 per day`, `budget 1000 EUR total` (`per` is None)."""

    amount: Amount
    per: Unit | None


@dataclass(frozen=True, slots=True)
class Once(Clause):
    """`once per user`, `once per coupon`, `once per user in any 30 days`, `once per user per day`; `key` is `user` or a field of the trigger."""

    key: Name
    rolling: Duration | None
    per: Unit | None


@dataclass(frozen=True, slots=True)
class Campaign(Statement):
    name: Name
    doc: Text | None
    clauses: tuple[Clause, ...]
