"""Expressions, windows and crowds by algebra: each function builds what the rule of its name reads."""

from __future__ import annotations

from dsl import ast
from dsl.ast import Expr, Name, Ref, Share, Text
from dsl.build.literals import whole
from dsl.build.spans import Part, at, of_type, over
from dsl.lexer import Token


def any_of(*parts: Part) -> ast.Or:
    return ast.Or(over(*parts), of_type(Expr, parts))


def all_of(*parts: Part) -> ast.And:
    return ast.And(over(*parts), of_type(Expr, parts))


def negation(word: Token, term: Expr) -> ast.Not:
    return ast.Not(over(word, term), term)


def compare(left: Expr, operator: Token, right: Expr) -> ast.Compare:
    return ast.Compare(over(left, right), str(operator), left, right)


def is_equal(left: Expr, _is: Token, negated: Token | None, right: Expr) -> ast.Is:
    return ast.Is(over(left, right), left, right, negated is not None)


def is_missing(term: Expr, _is: Token, negated: Token | None, missing: Token) -> ast.IsMissing:
    return ast.IsMissing(over(term, missing), term, negated is not None)


def in_group(left: Expr, negated: Token | None, _in: Token, group: Ref) -> ast.In:
    return ast.In(over(left, group), left, group, negated is not None)


def in_options(left: Expr, negated: Token | None, _in: Token, *parts: Part) -> ast.In:
    return ast.In(over(left, *parts), left, of_type(Expr, parts), negated is not None)


def sum(*parts: Part) -> ast.Chain:
    operators = tuple(str(part) for part in parts if isinstance(part, Token))
    return ast.Chain(over(*parts), of_type(Expr, parts), operators)


product = sum


def negative(minus: Token, term: Expr) -> ast.Negative:
    return ast.Negative(over(minus, term), term)


def otherwise(value: Expr, _otherwise: Token, fallback: Expr) -> ast.Otherwise:
    return ast.Otherwise(over(value, fallback), value, fallback)


def group(opening: Token, inner: Expr, closing: Token) -> ast.Group:
    return ast.Group(over(opening, closing), inner)


def call(function: Name | Token, _open: Token, *parts: Part) -> ast.Call:
    name = function if isinstance(function, Name) else Name(at(function), str(function))
    return ast.Call(over(function, *parts), name, of_type(Expr, parts))


def pick(word: Token, *parts: Part) -> ast.Pick:
    (default,) = of_type(Expr, parts)
    return ast.Pick(over(word, default), of_type(ast.Arm, parts), default)


def arm(value: Expr, _when: Token, condition: Expr) -> ast.Arm:
    return ast.Arm(over(value, condition), value, condition)


# ---- events


def aggregate(
    function: Token,
    _of: Token,
    of: Ref,
    _where: Token | None,
    where: Expr | None,
    absent: ast.Without | None,
    window: ast.Window,
) -> ast.Aggregate:
    return ast.Aggregate(over(function, window), str(function), of, where, absent, window)


def without(word: Token, event: Ref, _with: Token, _same: Token, same: Name) -> ast.Without:
    return ast.Without(over(word, same), event, same)


def since_last(word: Token, _since: Token, _last: Token, event: Ref) -> ast.SinceLast:
    return ast.SinceLast(over(word, event), event)


def did(
    word: Token,
    negated: Token | None,
    event: Ref,
    _at: Token | None,
    _least: Token | None,
    times: Token | None,
    _times: Token | None,
    _with: Token | None,
    _same: Token | None,
    same: Name | None,
    _where: Token | None,
    where: Expr | None,
    window: ast.Window,
) -> ast.Did:
    at_least = None if times is None else whole(times)
    return ast.Did(over(word, window), event, negated is not None, at_least, same, where, window)


def sequence(
    word: Token,
    first: Ref,
    _where: Token | None,
    first_where: Expr | None,
    _then: Token,
    then: Ref,
    _and_where: Token | None,
    then_where: Expr | None,
    _inside: Token,
    inside: ast.Duration,
    _without: Token | None,
    absent: Ref | None,
    window: ast.Window,
) -> ast.Sequence:
    return ast.Sequence(over(word, window), first, first_where, then, then_where, inside, absent, window)


def within(word: Token, duration: ast.Duration) -> ast.Within:
    return ast.Within(over(word, duration), duration)


def today(word: Token, day: Token) -> ast.Today:
    return ast.Today(over(word, day))


def ever(word: Token) -> ast.Ever:
    return ast.Ever(at(word))


def between(word: Token, start: ast.DateTime, _to: Token, end: ast.DateTime) -> ast.Between:
    return ast.Between(over(word, end), start, end)


def sample(word: Token, share: Share, _of: Token, of: Expr, _salt: Token, salt: Text) -> ast.Sample:
    return ast.Sample(over(word, salt), share, of, salt)
