"""What is sent, and what limits it: policies, campaigns, plans, decisions; functions named by their rules."""

from __future__ import annotations

from dsl import ast
from dsl.ast import Duration, Expr, Name, Outcome, Ref, Share, Text, Unit
from dsl.build.literals import whole
from dsl.build.spans import Part, at, of_type, over
from dsl.frozen import dataclass
from dsl.lexer import Token


@dataclass(frozen=True, slots=True)
class Period(ast.Node):
    """`per day` or `in any 7 days`; the tree has the two apart."""

    unit: Unit | None
    rolling: Duration | None


NO_PERIOD = (None, None)


def per(word: Token, unit: Token) -> Period:
    return Period(over(word, unit), Unit(unit), None)


def rolling(word: Token, _any: Token, duration: Duration) -> Period:
    return Period(over(word, duration), None, duration)


def channel(word: Name | Token) -> Name:
    return word if isinstance(word, Name) else Name(at(word), str(word))


# ---- policies


def policy(word: Token, name: Name, default: Token | None, doc: Text | None, *parts: Part) -> ast.Policy:
    return ast.Policy(over(word, *parts), name, default is not None, doc, of_type(ast.Clause, parts))


def quiet(
    word: Token,
    start: ast.TimeOfDay,
    _to: Token,
    end: ast.TimeOfDay,
    _user: Token,
    time: Token,
    _then: Token | None,
    then: Token | None,
) -> ast.Quiet:
    return ast.Quiet(over(word, time, then), start, end, outcome(then))


def cap(
    word: Token,
    channel: Name,
    _tagged: Token | None,
    tag: Name | None,
    limit: Token,
    period: Period,
    _then: Token | None,
    then: Token | None,
) -> ast.Cap:
    span = over(word, period, then)
    return ast.Cap(span, channel, tag, whole(limit), period.unit, period.rolling, outcome(then))


def cooldown(word: Token, duration: Duration, _after: Token, *parts: Part | None) -> ast.Cooldown:
    *cause, _then, then = parts
    (event,) = of_type(Ref, cause) or (None,)
    verdict = outcome(then) if isinstance(then, Token) else None
    return ast.Cooldown(over(word, *parts), duration, event, verdict)


def outcome(word: Token | None) -> Outcome | None:
    return None if word is None else Outcome(word)


def block_users(word: Token, _users: Token, _in: Token, group: Ref) -> ast.BlockUsers:
    return ast.BlockUsers(over(word, group), group)


def allow_users(word: Token, _users: Token, _in: Token, group: Ref) -> ast.AllowUsers:
    return ast.AllowUsers(over(word, group), group)


def never(word: Token, channel: Name, _when: Token, condition: Expr) -> ast.Never:
    return ast.Never(over(word, condition), channel, condition)


# ---- campaigns


def campaign(word: Token, name: Name, doc: Text | None, *parts: Part) -> ast.Campaign:
    return ast.Campaign(over(word, *parts), name, doc, of_type(ast.Clause, parts))


def holdout(word: Token, share: Share, _salt: Token, salt: Text) -> ast.CampaignHoldout:
    return ast.CampaignHoldout(over(word, salt), share, salt)


def budget(word: Token, amount: ast.Amount, period: Period | Token) -> ast.Budget:
    unit = period.unit if isinstance(period, Period) else None
    return ast.Budget(over(word, period), amount, unit)


def once(word: Token, _per: Token, key: Name | Token, period: Period | None) -> ast.Once:
    unit, rolling = (period.unit, period.rolling) if period else NO_PERIOD
    return ast.Once(over(word, key, period), channel(key), rolling, unit)


# ---- plans


def plan(
    word: Token, name: Name, _was: Token | None, was: Name | None, doc: Text | None, *parts: Part
) -> ast.Plan:
    return ast.Plan(over(word, *parts), name, was, doc, of_type(ast.Clause, parts))


def audience(word: Token, crowd: Ref, _where: Token | None, where: Expr | None) -> ast.For:
    return ast.For(over(word, crowd, where), crowd, where)


def on(
    word: Token,
    event: Ref,
    _where: Token | None,
    where: Expr | None,
    _when: Token | None,
    when: Expr | None,
    _wait: Token | None,
    wait: Duration | None,
    unless: ast.Unless | None,
) -> ast.On:
    return ast.On(over(word, event, where, when, wait, unless), event, where, when, wait, unless)


def unless(
    word: Token,
    event: Ref,
    _with: Token | None,
    _same: Token | None,
    same: Name | None,
    _where: Token | None,
    where: Expr | None,
) -> ast.Unless:
    return ast.Unless(over(word, event, same, where), event, same, where)


def kind(word: Token, kind: Token) -> ast.KindIs:
    return ast.KindIs(over(word, kind), str(kind))


def tagged(word: Token, tags: tuple[Name, ...]) -> ast.Tagged:
    return ast.Tagged(over(word, tags), tags)


def part_of(word: Token, _of: Token, campaign: Ref) -> ast.PartOf:
    return ast.PartOf(over(word, campaign), campaign)


def completes(word: Token, plan: Ref) -> ast.Completes:
    return ast.Completes(over(word, plan), plan)


def count_nothing(word: Token, nothing: Token) -> ast.CountNothing:
    return ast.CountNothing(over(word, nothing))


def term(word: Token, expr: Expr) -> ast.Term:
    return ast.Term(over(word, expr), str(word), expr)


def let(word: Token, name: Name, _is: Token, expr: Expr) -> ast.Let:
    return ast.Let(over(word, expr), name, expr)


def send(word: Token, *parts: Part) -> ast.Send:
    return ast.Send(over(word, *parts), of_type(ast.Step, parts))


def step(
    channel: Name, content: Text, _with: Token | None, arguments: tuple[ast.Argument, ...] | None
) -> ast.Step:
    return ast.Step(over(channel, content, arguments), channel, content, arguments or ())


def arguments(*parts: Part) -> tuple[ast.Argument, ...]:
    return of_type(ast.Argument, parts)


def argument(name: Name, _is: Token, expr: Expr) -> ast.Argument:
    return ast.Argument(over(name, expr), name, expr)


def obey(word: Token, policies: tuple[Ref, ...] | Token) -> ast.Obey:
    return ast.Obey(over(word, policies), () if isinstance(policies, Token) else policies)


def expires(word: Token, _after: Token, duration: Duration) -> ast.Expires:
    return ast.Expires(over(word, duration), duration)


# ---- decisions


def decide(word: Token, name: Name, doc: Text | None, *parts: Part) -> ast.Decide:
    return ast.Decide(over(word, *parts), name, doc, of_type(ast.Clause, parts))


def among(word: Token, plans: tuple[Ref, ...]) -> ast.Among:
    return ast.Among(over(word, plans), plans)


def rank(word: Token, _by: Token, expr: Expr, *listed_order: Token | None) -> ast.RankBy:
    return ast.RankBy(over(word, expr, *listed_order), expr, listed_order[0] is not None)


def at_most(word: Token, _most: Token, limit: Token, _per: Token, _user: Token, period: Period) -> ast.AtMost:
    assert period.unit is not None
    return ast.AtMost(over(word, period), whole(limit), period.unit)
