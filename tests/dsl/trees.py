"""Random trees over the whole surface of the language, by seed.

`Trees(seed).file()` is a file of statements that print to text which reads as the same tree. Names are drawn from a
pool: nothing is meant by them, so what is printed reads but does not check.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from dsl import ast
from dsl.ast import Amount, Expr, Name, Ref, RefExpr, Unit
from dsl.canonical import canonical
from dsl.layout import lay_out
from dsl.printing import printed
from tests.dsl.leaves import AT, FIELDS, Leaves

PLAIN_VERDICTS = (
    *(
        "held out",
        "eligible",
        "not eligible",
        "relevant",
        "not relevant",
        "not ranked",
        "cancelled",
        "expired",
    ),
)
DEPTHS = (1, 1, 2, 3)


def text_of(file: ast.File) -> str:
    """The statements in the one layout."""
    return "".join(f"{line}\n" for placed in file.statements for line in lay_out(printed(placed.statement)))


class Trees(Leaves):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.depth = 0  # of the expression that is being made
        self.limit = 1

    # ---- expressions, from the loosest binding to the tightest

    def expr(self) -> Expr:
        if self.depth >= self.limit:
            return self.atom()
        self.depth += 1
        made = self.one((self.any_of, self.all_of, self.denial, self.denial, self.pick))()
        self.depth -= 1
        return made

    def any_of(self) -> Expr:
        return ast.Or(AT, self.some(lambda: self.one((self.all_of, self.denial))(), 2))

    def all_of(self) -> Expr:
        return ast.And(AT, self.some(self.denial, 2))

    def denial(self) -> Expr:
        return ast.Not(AT, self.denial()) if self.dice.random() < 0.3 else self.comparison()

    def pick(self) -> Expr:
        return ast.Pick(AT, self.some(lambda: ast.Arm(AT, self.expr(), self.expr()), 1, 3), self.expr())

    def comparison(self) -> Expr:
        negated = self.coin()
        forms: tuple[Callable[[], Expr], ...] = (
            self.sum,
            lambda: ast.Compare(AT, self.one((">=", "<=", ">", "<")), self.sum(), self.sum()),
            lambda: ast.Is(AT, self.sum(), self.sum(), negated),
            lambda: ast.IsMissing(AT, self.sum(), negated),
            lambda: ast.In(AT, self.sum(), self.ref(), negated),
            lambda: ast.In(AT, self.sum(), self.some(self.constant, 1, 12), negated),
        )
        return self.one(forms)()

    def sum(self) -> Expr:
        return self.chain(self.product, "+-")

    def product(self) -> Expr:
        return self.chain(self.sign, "*/")

    def chain(self, term: Callable[[], Expr], operators: str) -> Expr:
        if self.dice.random() < 0.7:
            return term()
        terms = self.some(term, 2)
        return ast.Chain(AT, terms, tuple(self.one(operators) for _ in terms[1:]))

    def sign(self) -> Expr:
        return ast.Negative(AT, self.sign()) if self.dice.random() < 0.1 else self.value()

    def value(self) -> Expr:
        return ast.Otherwise(AT, self.atom(), self.atom()) if self.dice.random() < 0.15 else self.atom()

    def atom(self) -> Expr:
        simple = (self.literal, self.reference)
        if self.depth >= self.limit:
            return self.one(simple)()
        self.depth += 1
        nested = (self.group, self.call, self.aggregate, self.since_last, self.did, self.sequence)
        made = self.one(simple + simple + nested)()
        self.depth -= 1
        return made

    def reference(self) -> Expr:
        return RefExpr(AT, self.ref())

    def group(self) -> Expr:
        return ast.Group(AT, self.expr())

    def call(self) -> Expr:
        return ast.Call(AT, Name(AT, self.one(("min", "max", "contains", "round"))), self.some(self.expr))

    def aggregate(self) -> Expr:
        function = self.one(("count", "sum", "average", "min", "max", "distinct", "first", "last"))
        without = self.maybe(lambda: ast.Without(AT, self.ref(), self.name()))
        return ast.Aggregate(AT, function, self.ref(), self.maybe(self.expr), without, self.window())

    def since_last(self) -> Expr:
        return ast.SinceLast(AT, self.ref())

    def did(self) -> Expr:
        times = self.maybe(lambda: self.one((0, 1, 12)))
        same, where = self.maybe(self.name), self.maybe(self.expr)
        return ast.Did(AT, self.ref(), self.coin(), times, same, where, self.window())

    def sequence(self) -> Expr:
        first, then = (self.ref(), self.maybe(self.expr)), (self.ref(), self.maybe(self.expr))
        return ast.Sequence(AT, *first, *then, self.duration(), self.maybe(self.ref), self.window())

    def window(self) -> ast.Window:
        return self.one(
            (
                ast.Within(AT, self.duration()),
                ast.Today(AT),
                ast.Ever(AT),
                ast.Between(AT, self.moment(), self.moment()),
            )
        )

    # ---- crowds by algebra

    def algebra(self) -> Expr:
        return self.one((self.member, self.union, self.intersection, self.difference))()

    def union(self) -> Expr:
        return ast.Algebra(AT, "or", self.some(lambda: self.one((self.member, self.intersection))(), 2))

    def intersection(self) -> Expr:
        return ast.Algebra(AT, "and", self.some(self.member, 2))

    def difference(self) -> Expr:
        return ast.Algebra(AT, "except", self.some(self.member, 2))

    def member(self) -> Expr:
        chance = self.dice.random()
        if chance < 0.15:
            return ast.Sample(AT, self.share(), self.member(), self.text())
        return ast.Group(AT, self.algebra()) if chance < 0.3 else RefExpr(AT, self.ref())

    # ---- declarations

    def settings(self) -> ast.Settings:
        rates = [
            Amount(AT, Decimal(number), code, f"{number} {code}")
            for number, code in (("1", "USD"), ("0.92", "EUR"))
        ]
        clauses: tuple[ast.Clause, ...] = (
            ast.TimezoneIs(AT, self.text()),
            ast.CurrencyIs(AT, Name(AT, self.one(("EUR", "eur")))),
            ast.WeekStarts(AT, Name(AT, "monday")),
            ast.Rate(AT, rates[0], rates[1]),
        )
        return ast.Settings(AT, self.some(lambda: self.one(clauses), 0))

    def use(self) -> ast.Use:
        bindings = self.some(lambda: ast.Binding(AT, self.name(), self.ref()), 0)
        return ast.Use(AT, self.ref(), self.maybe(self.name), bindings)

    def field(self) -> ast.FieldDecl:
        default = self.maybe(self.constant)
        marks = (self.coin(), self.coin(), self.coin())
        return ast.FieldDecl(AT, Name(AT, self.one(FIELDS)), self.type(), *marks, default)

    def type(self) -> ast.TypeName:
        options = self.some(self.name)
        return self.one(
            (
                ast.TypeName(AT, self.one(("text", "int", "timezone")), None, ()),
                ast.TypeName(AT, "money", self.one((None, "EUR")), ()),
                ast.TypeName(AT, self.one(("choice", "set")), None, options),
            )
        )

    def profile(self) -> ast.Profile:
        return ast.Profile(AT, self.name(), self.some(self.field, 0, 6))

    def input(self) -> ast.Input:
        return ast.Input(AT, self.some(self.field, 0))

    def event(self) -> ast.EventDecl:
        return ast.EventDecl(AT, self.name(), self.maybe(self.text), self.some(self.field, 0))

    def list(self) -> ast.ListDecl:
        return ast.ListDecl(AT, self.name(), self.maybe(self.text))

    def crowd(self) -> ast.Crowd:
        by_algebra = self.coin()
        body = self.algebra() if by_algebra else self.expr()
        return ast.Crowd(AT, self.name(), self.maybe(self.text), body, by_algebra)

    def score(self) -> ast.Score:
        lines = self.some(lambda: ast.Points(AT, self.one((1, -1)), self.expr(), self.maybe(self.expr)), 0)
        grades = self.maybe(lambda: ast.Grades(AT, self.some(self.band)))
        return ast.Score(AT, self.name(), self.maybe(self.text), (*lines, *([grades] if grades else [])))

    def band(self) -> ast.Band:
        threshold = self.one((None, self.quantity(), ast.Negative(AT, self.quantity())))
        return ast.Band(AT, self.name(), threshold)

    # ---- limits and plans

    def policy(self) -> ast.Policy:
        clauses = self.some(
            lambda: self.one((self.quiet, self.cap, self.cooldown, self.users, self.never))(), 0
        )
        return ast.Policy(AT, self.name(), self.coin(), self.maybe(self.text), clauses)

    def outcome(self) -> ast.Outcome | None:
        return self.maybe(lambda: self.one(tuple(ast.Outcome)))

    def channel(self) -> Name:
        return Name(AT, self.one(("push", "all", "email")))

    def quiet(self) -> ast.Clause:
        return ast.Quiet(AT, self.clock(), self.clock(), self.outcome())

    def cap(self) -> ast.Clause:
        tag, limit = self.maybe(self.name), self.dice.randrange(9)
        return ast.Cap(AT, self.channel(), tag, limit, *self.period(), self.outcome())

    def cooldown(self) -> ast.Clause:
        return ast.Cooldown(AT, self.duration(), self.maybe(self.ref), self.outcome())

    def users(self) -> ast.Clause:
        return self.one((ast.BlockUsers, ast.AllowUsers))(AT, self.ref())

    def never(self) -> ast.Clause:
        return ast.Never(AT, self.channel(), self.expr())

    def campaign(self) -> ast.Campaign:
        clauses = self.some(lambda: self.one((self.holdout, self.budget, self.once))(), 0)
        return ast.Campaign(AT, self.name(), self.maybe(self.text), clauses)

    def holdout(self) -> ast.Clause:
        return ast.CampaignHoldout(AT, self.share(), self.text())

    def budget(self) -> ast.Clause:
        return ast.Budget(AT, self.amount(), self.one((None, *Unit)))

    def once(self) -> ast.Clause:
        unit, rolling = self.one(((None, None), self.period()))
        return ast.Once(AT, self.name(), rolling, unit)

    def plan(self) -> ast.Plan:
        clauses = self.some(lambda: self.one(self.plan_clauses())(), 0, 8)
        return ast.Plan(AT, self.name(), self.maybe(self.name), self.maybe(self.text), clauses)

    def plan_clauses(self) -> tuple[Callable[[], ast.Clause], ...]:
        kinds, terms = (
            ("marketing", "transactional", "legal"),
            "value cost propensity context lever priority needs",
        )
        return (
            lambda: ast.For(AT, self.ref(), self.maybe(self.expr)),
            self.on,
            lambda: ast.KindIs(AT, self.one(kinds)),
            lambda: ast.Tagged(AT, self.some(self.name)),
            lambda: ast.PartOf(AT, self.ref()),
            self.once,
            lambda: ast.Completes(AT, self.ref()),
            lambda: ast.CountNothing(AT),
            lambda: ast.Term(AT, self.one(terms.split()), self.expr()),
            lambda: ast.Let(AT, self.name(), self.expr()),
            lambda: ast.Send(AT, self.some(self.step)),
            self.budget,
            lambda: ast.Obey(AT, self.some(self.ref, 0)),
            lambda: ast.Expires(AT, self.duration()),
        )

    def on(self) -> ast.Clause:
        wait = self.maybe(self.duration)
        unless = self.maybe(self.unless) if wait else None
        return ast.On(AT, self.ref(), self.maybe(self.expr), self.maybe(self.expr), wait, unless)

    def unless(self) -> ast.Unless:
        return ast.Unless(AT, self.ref(), self.maybe(self.name), self.maybe(self.expr))

    def step(self) -> ast.Step:
        return ast.Step(AT, self.name(), self.text(), self.arguments())

    def decide(self) -> ast.Decide:
        clauses: tuple[Callable[[], ast.Clause], ...] = (
            lambda: ast.Among(AT, self.some(self.ref)),
            self.holdout,
            lambda: ast.RankBy(AT, self.expr(), self.coin()),
            lambda: ast.AtMost(AT, self.dice.randrange(5), self.one(tuple(Unit))),
        )
        return ast.Decide(AT, self.name(), self.maybe(self.text), self.some(lambda: self.one(clauses)(), 0))

    # ---- tests

    def test(self) -> ast.Test:
        return ast.Test(AT, self.text(), self.some(lambda: self.one(self.test_clauses())(), 0, 8))

    def entries(self) -> tuple[ast.Entry, ...]:
        return self.some(lambda: ast.Entry(AT, self.name(), self.expr()), 0)

    def test_clauses(self) -> tuple[Callable[[], ast.Clause], ...]:
        return (
            lambda: ast.GivenUser(AT, self.entries()),
            lambda: ast.GivenInput(AT, self.entries()),
            lambda: ast.GivenMember(AT, self.ref(), self.coin()),
            lambda: ast.GivenHeldOut(AT, self.ref()),
            self.given_sent,
            lambda: ast.GivenUsed(AT, self.amount(), self.ref()),
            lambda: ast.GivenUnavailable(AT, self.ref()),
            lambda: ast.GivenKnownSince(AT, Ref(AT, ("cart_add",)), self.moment()),
            lambda: ast.GivenOccurrence(AT, Ref(AT, ("nudge",)), self.coin(), self.text()),
            lambda: ast.Happens(AT, self.ref(), self.entries(), self.moment()),
            lambda: ast.Now(AT, self.moment()),
            lambda: ast.Reserve(AT, self.ref()),
            lambda: ast.Expect(AT, self.expr(), self.coin()),
            self.expect_plan,
            self.expect_decide,
        )

    def given_sent(self) -> ast.Clause:
        tags = self.maybe(lambda: self.some(self.name, 0, 3))
        key = self.maybe(self.constant)
        return ast.GivenSent(AT, self.name(), self.ref(), key, tags, self.moment(), self.coin())

    def expect_plan(self) -> ast.Clause:
        plan, decide = self.ref(), self.maybe(self.ref)
        verdict = self.one(("sends", "waits", "scheduled", "blocked", "loses", "ranks", *PLAIN_VERDICTS))
        channel = self.maybe(self.name) if verdict == "sends" else None
        content = self.maybe(self.text) if channel else None
        arguments = self.arguments() if content else ()
        time = self.maybe(self.moment) if verdict in ("waits", "scheduled", "blocked") else None
        because = self.some(self.cause, 0) if verdict in ("waits", "blocked") else ()
        to = self.maybe(self.ref) if verdict == "loses" else None
        rank = self.one((self.literal(), ast.Negative(AT, self.quantity()))) if verdict == "ranks" else None
        return ast.ExpectPlan(AT, plan, decide, verdict, channel, content, arguments, time, because, to, rank)

    def cause(self) -> ast.Cause:
        return ast.Cause(AT, self.name(), self.maybe(self.ref))

    def arguments(self) -> tuple[ast.Argument, ...]:
        return self.some(lambda: ast.Argument(AT, self.name(), self.expr()), 0, 3)

    def expect_decide(self) -> ast.Clause:
        verdict = self.one(("nothing", "blocked", "not nothing", "not blocked", "holds out", "waits"))
        plan = self.ref() if verdict == "holds out" else None
        return ast.ExpectDecide(AT, Ref(AT, ("best",)), verdict, plan)

    # ---- files

    def statement(self) -> ast.Statement:
        makers: tuple[Callable[[], ast.Statement], ...] = (
            *(
                self.settings,
                self.use,
                self.profile,
                self.input,
                self.event,
                self.list,
                self.crowd,
                self.crowd,
            ),
            *(self.score, self.policy, self.campaign, self.plan, self.plan, self.decide, self.test),
        )
        self.limit = self.one(DEPTHS)
        return self.one(makers)()

    def file(self, statements: int = 6) -> ast.File:
        drawn = [self.statement() for _ in range(statements)]
        placed = tuple(ast.Placed(each, number, canonical(each)) for number, each in enumerate(drawn, 1))
        return ast.File("trees.sua", placed, ())
