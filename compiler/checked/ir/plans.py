"""The definitions of campaigns, plans and decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from compiler.checked.ir.definitions import Definition, Period
from compiler.checked.ir.values import Expr
from dsl.frozen import dataclass
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Holdout:
    share: Fraction
    salt: str
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Budget:
    """`currency` None counts sends, `amount` is then a plain count; else millionths of the currency, spent by `cost`."""

    amount: int
    currency: str | None
    unit: Literal["day", "week", "month"] | None
    """Calendar unit in the settings' zone; None is the total."""
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Once:
    """`field` None is once per user; `period` None is for ever."""

    field: str | None
    period: Period | None
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Campaign(Definition):
    holdout: Holdout | None
    budget: Budget | None
    once: Once | None


@dataclass(frozen=True, slots=True)
class Unless:
    event: str
    where: Expr | None
    """`with same F` is already part of it (EventField equal TriggerField)."""
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Trigger:
    event: str
    where: Expr | None
    when: Expr | None
    wait: int
    unless: Unless | None
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    channel: str
    content: str
    arguments: tuple[tuple[str, Expr], ...]
    span: Span = dataclasses.field(compare=False)


PLAN_TERMS = ("value", "cost", "propensity", "context", "lever", "priority")


@dataclass(frozen=True, slots=True)
class Need:
    condition: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Plan(Definition):
    activity: str
    """The name under which the plan was first published; touches carry it."""
    kind: Literal["marketing", "transactional", "legal"]
    audience: Need | None
    """`for C where …` as one condition; None is everybody."""
    needs: tuple[Need, ...]
    trigger: Trigger | None
    tags: frozenset[str]
    campaign: str | None
    once: Once | None
    counts: bool
    lets: tuple[tuple[str, Expr], ...]
    steps: tuple[Step, ...]
    terms: Mapping[str, Expr]
    """Those of PLAN_TERMS that the plan states."""
    budget: Budget | None
    policies: tuple[str, ...]
    """Names of the policies obeyed: those listed, or every default one; empty for `obey nothing`."""
    expires: int | None
    """Microseconds from the trigger."""
    completes: str | None = None
    """The activity of the plan whose messages it completes."""

    def completed(self, occurrence: str) -> str | None:
        """The occurrence of that plan that one of its own completes: the one of the same key."""
        return self.completes and self.completes + occurrence.removeprefix(self.activity)


@dataclass(frozen=True, slots=True)
class AtMost:
    limit: int
    unit: Literal["day", "week", "month"]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Decide(Definition):
    plans: tuple[str, ...]
    rank: Mapping[str, Expr]
    """Plan name -> the rank expression typed for that plan; all have one type. Terms that the plan does not state are
    what stands for them: cost 0, propensity, context and lever 1, priority the product of these three and the value. Empty without a `rank by`."""
    rank_span: Span | None = dataclasses.field(compare=False)
    holdout: Holdout | None
    at_most: AtMost | None
