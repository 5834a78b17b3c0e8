"""The typed IR: what a rule set means, resolved and typed. Online evaluation, SQL, explanations and diffs are made from it.

Names are qualified (`life.lapsed`). Nothing is overloaded any more: both sides of a comparison have one type, every
conversion is a node, `did not` is `Not(Did)`, chains are flat. Spans are relative to the definition's statement (see
`dsl.source.Span`; `RuleSet.place` makes them absolute) and take no part in equality, so equal parts of different rules
compare equal and may be computed once. `compiler.checked.invariants` states the promises as code.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Literal

from compiler.types import CONDITION, DATE, INSTANT, Present, Type
from dsl.source import Place, Span

# ---- expressions


@dataclass(frozen=True, slots=True)
class Expr:
    """An expression of a static type; those of type `condition` answer yes, no or unknown."""

    type: Type


@dataclass(frozen=True, slots=True)
class Const(Expr):
    """A value of `type` in its run-time form (`compiler.types`); never missing."""

    value: Present


@dataclass(frozen=True, slots=True)
class Attribute(Expr):
    """`user.tier`, or a field of the request's `input`."""

    scope: Literal["user", "input"]
    name: str


@dataclass(frozen=True, slots=True)
class EventField(Expr):
    """A field of the event that the enclosing `where` looks at (or that an aggregate takes)."""

    name: str


@dataclass(frozen=True, slots=True)
class TriggerField(Expr):
    """A field of the event that opened the occurrence (`with same coupon`, in a plan's `when` and `unless`)."""

    name: str


@dataclass(frozen=True, slots=True)
class LetRef(Expr):
    """A `let` of the plan, computed at most once per decision."""

    name: str


@dataclass(frozen=True, slots=True)
class PlanTerm(Expr):
    """In a decide's `rank by`: a term that the plan being ranked states (unstated ones are constants already)."""

    term: str


@dataclass(frozen=True, slots=True)
class ScoreRef(Expr):
    score: str


@dataclass(frozen=True, slots=True)
class GradeRef(Expr):
    score: str


@dataclass(frozen=True, slots=True)
class Now(Expr):
    """`now`: the decision's instant."""

    type: Type = INSTANT


@dataclass(frozen=True, slots=True)
class LocalDate(Expr):
    """`today`: the date of now in the user's zone."""

    type: Type = DATE


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A builtin function on evaluated arguments; strict: missing in, missing out; unavailable in, unavailable out.

    Functions of type condition answer unknown instead of missing. See `docs/language/functions.md`.
    """

    function: str
    arguments: tuple[Expr, ...]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Sum(Expr):
    """`+ -`, left to right: `terms[0]`, then each `operators[i]` with `terms[i + 1]`.

    All terms have the type of the whole, but: instant ± duration, date ± duration (whole days), instant − instant and
    date − date, where chains are cut into Sums of two terms.
    """

    terms: tuple[Expr, ...]
    operators: tuple[Literal["+", "-"], ...]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Product(Expr):
    """`* /`, left to right. `steps[i]` is the type after `operators[i]`; the last is `type`.

    Either all terms are int (then every operator is `*`), or all are number, or exactly one is money or duration and
    the rest are number, or exactly one is divided by another money or duration (money / money is a number).
    """

    terms: tuple[Expr, ...]
    operators: tuple[Literal["*", "/"], ...]
    steps: tuple[Type, ...]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Negate(Expr):
    term: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Convert(Expr):
    """int to number, choice or timezone to text, or money to another currency by `rate` (units of `type` for one)."""

    term: Expr
    rate: Fraction | None
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Otherwise(Expr):
    """`fallback` where `value` is missing; unavailable stays unavailable."""

    value: Expr
    fallback: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Pick(Expr):
    """The value of the first arm whose condition is yes; missing when an unknown comes before it."""

    arms: tuple[tuple[Expr, Expr], ...]
    """(value, condition)"""
    default: Expr
    span: Span = dataclasses.field(compare=False)


# ---- windows, events


@dataclass(frozen=True, slots=True)
class Rolling:
    """(now − microseconds, now]."""

    microseconds: int


@dataclass(frozen=True, slots=True)
class LocalDay:
    """Instants up to now whose date in the user's zone is that of now."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """[start, end), instants; never beyond now."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ever:
    """All of history up to now."""


Window = Rolling | LocalDay | Fixed | Ever


@dataclass(frozen=True, slots=True)
class Without:
    """Keyed correlation: drops an event e when some `event` r with e.time <= r.time <= now has an equal `field`."""

    event: str
    field: str


@dataclass(frozen=True, slots=True)
class Aggregate(Expr):
    """`field` is None for a plain count. `where` sees the event's fields as EventField."""

    function: Literal["count", "sum", "average", "min", "max", "distinct", "first", "last"]
    event: str
    field: EventField | None
    where: Expr | None
    without: Without | None
    window: Window
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class SinceLast(Expr):
    """now − time of the last such event; missing when there was none."""

    event: str
    span: Span = dataclasses.field(compare=False)


# ---- conditions


@dataclass(frozen=True, slots=True)
class Condition(Expr):
    type: Type = dataclasses.field(default=CONDITION, init=False)


@dataclass(frozen=True, slots=True)
class And(Condition):
    terms: tuple[Expr, ...]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Or(Condition):
    terms: tuple[Expr, ...]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    term: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Compare(Condition):
    operator: Literal["<", "<=", ">", ">="]
    left: Expr
    right: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Equal(Condition):
    left: Expr
    right: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class OneOf(Condition):
    """`country in ("de", "fr")`: constants of the term's type."""

    term: Expr
    options: frozenset[Present]
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class IsMissing(Condition):
    """Yes when missing, no when present, unknown when unavailable."""

    term: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class FlagIs(Condition):
    """A flag used as a condition; unknown when it is missing or unavailable."""

    term: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class InCrowd(Condition):
    crowd: str
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class InList(Condition):
    list: str
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class InShare(Condition):
    """SEMANTICS 'share': the user's hash under `salt` lies below `share`; unknown without a user id."""

    share: Fraction
    salt: str
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Did(Condition):
    event: str
    at_least: int
    where: Expr | None
    window: Window
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Sequence(Condition):
    """Some `first` x and `then` y in the window with x.time < y.time <= x.time + inside and no `without` in (x.time, y.time]."""

    first: str
    first_where: Expr | None
    then: str
    then_where: Expr | None
    inside: int
    without: str | None
    window: Window
    span: Span = dataclasses.field(compare=False)


# ---- declarations


@dataclass(frozen=True, slots=True)
class Settings:
    zone: str = "UTC"
    currency: str = "EUR"
    first_weekday: int = 1
    """ISO: 1 Monday … 7 Sunday."""
    rates: Mapping[tuple[str, str], Fraction] = dataclasses.field(default_factory=dict)
    """(from, to) -> units of `to` for one `from`; both directions of every declared rate."""


@dataclass(frozen=True, slots=True)
class FieldDef:
    name: str
    type: Type
    optional: bool
    private: bool
    default: Present | None


@dataclass(frozen=True, slots=True)
class EventDef:
    name: str
    doc: str
    fields: Mapping[str, FieldDef]


# ---- definitions


@dataclass(frozen=True, slots=True)
class Definition:
    """Something named that a statement defines. `key` is unique in a rule set: `crowd hot_cart`."""

    name: str
    doc: str
    span: Span = dataclasses.field(compare=False)

    @property
    def key(self) -> str:
        return f"{type(self).__name__.lower()} {self.name}"


@dataclass(frozen=True, slots=True)
class Crowd(Definition):
    condition: Expr


@dataclass(frozen=True, slots=True)
class ScoreLine:
    sign: int
    points: Expr
    condition: Expr | None
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Band:
    grade: str
    threshold: Present | None
    """Of the score's type; None for the last band."""


@dataclass(frozen=True, slots=True)
class Score(Definition):
    """`type` is int or number. The grade is the first band whose threshold the total reaches."""

    type: Type
    lines: tuple[ScoreLine, ...]
    bands: tuple[Band, ...]


class Then(Enum):
    WAIT = "wait"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar day, week or month of the user's zone."""

    unit: Literal["day", "week", "month"]


Period = Rolling | Calendar


@dataclass(frozen=True, slots=True)
class Limit:
    """One line of a policy; `span` is the line's."""

    span: Span = dataclasses.field(compare=False)
    then: Then


@dataclass(frozen=True, slots=True)
class Quiet(Limit):
    """Minutes of the local day, [start, end), maybe over midnight."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cap(Limit):
    """`channel` None is all channels; `tag` None is any plan."""

    channel: str | None
    tag: str | None
    limit: int
    period: Period


@dataclass(frozen=True, slots=True)
class Cooldown(Limit):
    """`event` None is any counted send."""

    microseconds: int
    event: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """`block users in` / `allow users in` a crowd or list: an InCrowd or InList condition."""

    condition: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Never:
    """`channel` None is all."""

    channel: str | None
    condition: Expr
    span: Span = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True)
class Policy(Definition):
    is_default: bool
    limits: tuple[Limit, ...]
    blocks: tuple[Group, ...]
    allows: tuple[Group, ...]
    nevers: tuple[Never, ...]


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


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version, immutable. Mappings are in the order of the text, crowds and scores after those that they need."""

    hash: str
    """Lower-case hex SHA-256 of canonical source, the standard library used, and the language edition."""
    settings: Settings
    user_key: str | None
    """The attribute marked `key`."""
    user_zone: str | None
    """The first attribute of type timezone."""
    attributes: Mapping[str, FieldDef]
    inputs: Mapping[str, FieldDef]
    events: Mapping[str, EventDef]
    lists: Mapping[str, str]
    """Name -> doc."""
    crowds: Mapping[str, Crowd]
    scores: Mapping[str, Score]
    policies: Mapping[str, Policy]
    campaigns: Mapping[str, Campaign]
    plans: Mapping[str, Plan]
    decides: Mapping[str, Decide]
    origins: Mapping[str, tuple[str, int]]
    """Definition key -> (file, line of its statement)."""

    def place(self, key: str, span: Span) -> Place:
        """Where a span of the definition `key` stands in its file."""
        file, line = self.origins[key]
        return Place(file, Span(span.line + line - 1, span.column, span.end_line + line - 1, span.end_column))


def subexpressions(expr: Expr) -> Iterator[Expr]:
    """The expression and all below it, `where` conditions included, in source order, without recursion."""
    pending = [expr]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(direct_subexpressions(current)))


def direct_subexpressions(expr: Expr) -> list[Expr]:
    """The expressions directly below one."""
    found: list[Expr] = []
    kind: Any = type(expr)
    for name in _holding_expressions(kind):
        value = getattr(expr, name)
        if isinstance(value, Expr):
            found.append(value)
        elif value:
            for item in value:
                found.extend((item,) if isinstance(item, Expr) else item)
    return found


@cache
def _holding_expressions(kind: type[Any]) -> tuple[str, ...]:
    """The fields of an expression that hold expressions: one, some, or pairs of them."""
    return tuple(part.name for part in fields(kind) if "Expr" in part.type or "EventField" in part.type)
