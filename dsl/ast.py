"""The tree of a `.sua` file: frozen nodes that keep the surface as written, and know nothing of meaning.

Every node has a span, relative to its statement; spans take no part in equality, so two trees are equal when they
differ in layout and comments alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Node:
    span: Span = field(compare=False)


# ---- small parts


@dataclass(frozen=True, slots=True)
class Name(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """A dotted name: `cart_add.price`, `life.lapsed`, `user`."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A string without its quotes."""

    value: str


class Unit(Enum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Duration(Node):
    """`7 days`: elapsed time; `lexeme` is canonical (`7 days`, single spaces)."""

    microseconds: int
    lexeme: str


@dataclass(frozen=True, slots=True)
class DateTime(Node):
    """`2026-03-01`, `2026-03-01 20:10[:30[.5]]`, with `Z` for UTC. `lexeme` is canonical (a space, not `T`)."""

    lexeme: str

    @property
    def is_date(self) -> bool:
        return len(self.lexeme) == 10


@dataclass(frozen=True, slots=True)
class TimeOfDay(Node):
    """`21:00`, as minutes of the day."""

    minute: int
    lexeme: str


@dataclass(frozen=True, slots=True)
class Share(Node):
    """`5%`: exact, between 0 and 1 unless the checker refuses it."""

    fraction: Fraction
    lexeme: str


@dataclass(frozen=True, slots=True)
class Amount(Node):
    """`500` or `0.02 EUR`."""

    number: Decimal
    currency: str | None
    lexeme: str


# ---- expressions


@dataclass(frozen=True, slots=True)
class Expr(Node):
    pass


class LiteralKind(Enum):
    FLAG = "flag"
    INT = "int"
    NUMBER = "number"
    TEXT = "text"
    MONEY = "money"
    DURATION = "duration"
    DATE = "date"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Literal(Expr):
    """A constant as written. `value`: bool, int, Decimal (NUMBER; of `2%` 0.02), str (TEXT, DATE, INSTANT as lexeme), Amount,
    Duration."""

    kind: LiteralKind
    value: bool | int | Decimal | str | Amount | Duration
    lexeme: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class RefExpr(Expr):
    ref: Ref


@dataclass(frozen=True, slots=True)
class Group(Expr):
    """Parentheses, kept because people put them in for people."""

    inner: Expr


@dataclass(frozen=True, slots=True)
class Call(Expr):
    function: Name
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or(Expr):
    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class And(Expr):
    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not(Expr):
    term: Expr


@dataclass(frozen=True, slots=True)
class Chain(Expr):
    """A flat chain of `+ -` or of `* /`: `operators[i]` stands between `terms[i]` and `terms[i + 1]`."""

    terms: tuple[Expr, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Negative(Expr):
    term: Expr


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    """`operator` is one of `>= <= > <`."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Is(Expr):
    """`left is right`, `left is not right`."""

    left: Expr
    right: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class IsMissing(Expr):
    term: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class In(Expr):
    """`left in NAME` or `left in (a, b)`; options are Literal, Negative of a Literal, or RefExpr (a choice's name)."""

    left: Expr
    right: Ref | tuple[Expr, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Otherwise(Expr):
    value: Expr
    fallback: Expr


@dataclass(frozen=True, slots=True)
class Arm(Node):
    value: Expr
    condition: Expr


@dataclass(frozen=True, slots=True)
class Pick(Expr):
    arms: tuple[Arm, ...]
    default: Expr


# ---- windows and events


@dataclass(frozen=True, slots=True)
class Window(Node):
    pass


@dataclass(frozen=True, slots=True)
class Within(Window):
    duration: Duration


@dataclass(frozen=True, slots=True)
class Today(Window):
    pass


@dataclass(frozen=True, slots=True)
class Ever(Window):
    pass


@dataclass(frozen=True, slots=True)
class Between(Window):
    """`from A to B`, an end day included."""

    start: DateTime
    end: DateTime


@dataclass(frozen=True, slots=True)
class Without(Node):
    """`without refund with same order`."""

    event: Ref
    same: Name


@dataclass(frozen=True, slots=True)
class Aggregate(Expr):
    """`sum of cart_add.price where … without … within 7 days`; `function` is count, sum, average, min, max, distinct, first or last."""

    function: str
    of: Ref
    where: Expr | None
    without: Without | None
    window: Window


@dataclass(frozen=True, slots=True)
class SinceLast(Expr):
    """`time since last order_paid`."""

    event: Ref


@dataclass(frozen=True, slots=True)
class Did(Expr):
    """`did [not] E [at least N times] [with same F] [where …] window`."""

    event: Ref
    negated: bool
    at_least: int | None
    same: Name | None
    where: Expr | None
    window: Window


@dataclass(frozen=True, slots=True)
class Sequence(Expr):
    """`did a where … then b where … inside 30 minutes without c within 7 days`."""

    first: Ref
    first_where: Expr | None
    then: Ref
    then_where: Expr | None
    inside: Duration
    without: Ref | None
    window: Window


# ---- crowds by algebra


@dataclass(frozen=True, slots=True)
class Algebra(Expr):
    """`a or b`, `a and b`, `a except b` between crowds; one operator a level, mixed ones are told apart by parentheses
    (and binds tighter than or; `except` beside either without parentheses is a diagnostic of the parser)."""

    operator: str
    terms: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Sample(Expr):
    share: Share
    of: Expr
    salt: Text


# ---- top-level statements and their clauses, in the order written


@dataclass(frozen=True, slots=True)
class Clause(Node):
    pass


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """A top-level statement; its span starts at line 1, column 1."""


@dataclass(frozen=True, slots=True)
class TimezoneIs(Clause):
    zone: Text


@dataclass(frozen=True, slots=True)
class CurrencyIs(Clause):
    currency: Name


@dataclass(frozen=True, slots=True)
class WeekStarts(Clause):
    weekday: Name


@dataclass(frozen=True, slots=True)
class Rate(Clause):
    """`rate 1 USD = 0.92 EUR`."""

    left: Amount
    right: Amount


@dataclass(frozen=True, slots=True)
class Settings(Statement):
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Binding(Node):
    name: Name
    target: Ref


@dataclass(frozen=True, slots=True)
class Use(Statement):
    module: Ref
    alias: Name | None
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """`text`, `money EUR`, `choice(a, b)`, `set(text)`: `options` holds the names in the parentheses."""

    name: str
    currency: str | None
    options: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class FieldDecl(Node):
    """`tier: choice(free, plus)  optional`; `default` is a Literal, Negative of one, or RefExpr (a choice's name)."""

    name: Name
    type: TypeName
    key: bool
    optional: bool
    private: bool
    default: Expr | None


@dataclass(frozen=True, slots=True)
class Profile(Statement):
    name: Name
    fields: tuple[FieldDecl, ...]


@dataclass(frozen=True, slots=True)
class Input(Statement):
    fields: tuple[FieldDecl, ...]


@dataclass(frozen=True, slots=True)
class EventDecl(Statement):
    name: Name
    doc: Text | None
    fields: tuple[FieldDecl, ...]


@dataclass(frozen=True, slots=True)
class ListDecl(Statement):
    name: Name
    doc: Text | None


@dataclass(frozen=True, slots=True)
class Crowd(Statement):
    """`body` is a condition (`{ … }`) or, with `by_algebra`, an expression over crowds (`= …`)."""

    name: Name
    doc: Text | None
    body: Expr
    by_algebra: bool


@dataclass(frozen=True, slots=True)
class Points(Clause):
    """`add 30 points when …`; `sign` is 1 for add, -1 for take."""

    sign: int
    points: Expr
    condition: Expr | None


@dataclass(frozen=True, slots=True)
class Band(Node):
    """`A from 60`, or `C below` with no threshold."""

    grade: Name
    threshold: Literal | Negative | None


@dataclass(frozen=True, slots=True)
class Grades(Clause):
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Score(Statement):
    name: Name
    doc: Text | None
    clauses: tuple[Clause, ...]


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


@dataclass(frozen=True, slots=True)
class For(Clause):
    crowd: Ref
    where: Expr | None


@dataclass(frozen=True, slots=True)
class Unless(Node):
    event: Ref
    same: Name | None
    where: Expr | None


@dataclass(frozen=True, slots=True)
class On(Clause):
    event: Ref
    where: Expr | None
    when: Expr | None
    wait: Duration | None
    unless: Unless | None


@dataclass(frozen=True, slots=True)
class KindIs(Clause):
    """`kind transactional`: marketing, transactional or legal."""

    kind: str


@dataclass(frozen=True, slots=True)
class Tagged(Clause):
    tags: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class PartOf(Clause):
    campaign: Ref


@dataclass(frozen=True, slots=True)
class CountNothing(Clause):
    pass


@dataclass(frozen=True, slots=True)
class Term(Clause):
    """One of `value cost propensity context lever priority needs` with its expression."""

    keyword: str
    expr: Expr


@dataclass(frozen=True, slots=True)
class Let(Clause):
    name: Name
    expr: Expr


@dataclass(frozen=True, slots=True)
class Argument(Node):
    name: Name
    expr: Expr


@dataclass(frozen=True, slots=True)
class Step(Node):
    """`email "discount" with percent = percent`."""

    channel: Name
    content: Text
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Send(Clause):
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Obey(Clause):
    """`obey gentle, strict`; no policy at all is `obey nothing`."""

    policies: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Expires(Clause):
    duration: Duration


@dataclass(frozen=True, slots=True)
class Plan(Statement):
    name: Name
    was: Name | None
    doc: Text | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Among(Clause):
    plans: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class RankBy(Clause):
    expr: Expr
    then_listed_order: bool


@dataclass(frozen=True, slots=True)
class AtMost(Clause):
    limit: int
    per: Unit


@dataclass(frozen=True, slots=True)
class Decide(Statement):
    name: Name
    doc: Text | None
    clauses: tuple[Clause, ...]


# ---- tests


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
    """`given sent push by remind [for "C1"] [tagged promo | tagged nothing] at …`.

    `key` is what the plan was sent for: the value of its `once per F`, else the id of the event that opened it. `tags` are
    those at that time; None are the plan's.
    """

    channel: Name
    plan: Ref
    key: Expr | None
    tags: tuple[Name, ...] | None
    time: DateTime


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


# ---- files


@dataclass(frozen=True, slots=True)
class Comment:
    """`# text`, with its line and column in the file; `own_line` when nothing stands before it."""

    line: int
    column: int
    text: str
    own_line: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement and the line of the file on which it starts."""

    statement: Statement
    line: int


@dataclass(frozen=True, slots=True)
class File:
    name: str
    statements: tuple[Placed, ...]
    comments: tuple[Comment, ...]


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node, in the order written."""
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order written, without recursion."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(list(children(current))))
