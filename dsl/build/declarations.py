"""What is declared: settings, profiles, events, lists, crowds, scores; functions named by their rules."""

from __future__ import annotations

from dsl import ast
from dsl.ast import Expr, Name, Ref, Text
from dsl.build.spans import Malformed, Part, at, of_type, over
from dsl.lexer import Token


def settings(word: Token, *parts: Part) -> ast.Settings:
    return ast.Settings(over(word, *parts), of_type(ast.Clause, parts))


def timezone_is(word: Token, zone: Text) -> ast.TimezoneIs:
    return ast.TimezoneIs(over(word, zone), zone)


def currency_is(word: Token, code: Token | Name) -> ast.CurrencyIs:
    currency = code if isinstance(code, Name) else Name(at(code), str(code))
    return ast.CurrencyIs(over(word, code), currency)


def week_starts(word: Token, _starts: Token, day: Name) -> ast.WeekStarts:
    return ast.WeekStarts(over(word, day), day)


def rate(word: Token, left: ast.Amount, _is: Token, right: ast.Amount) -> ast.Rate:
    return ast.Rate(over(word, right), left, right)


def use(
    word: Token,
    module: Ref,
    _as: Token | None,
    alias: Name | None,
    _with: Token | None,
    targets: tuple[ast.Binding, ...] | None,
) -> ast.Use:
    return ast.Use(over(word, module, alias, targets), module, alias, targets or ())


def bindings(*parts: Part) -> tuple[ast.Binding, ...]:
    return of_type(ast.Binding, parts)


def binding(name: Name, _is: Token, target: Ref) -> ast.Binding:
    return ast.Binding(over(name, target), name, target)


def profile(word: Token, name: Name, *parts: Part) -> ast.Profile:
    return ast.Profile(over(word, *parts), name, of_type(ast.FieldDecl, parts))


def input(word: Token, *parts: Part) -> ast.Input:
    return ast.Input(over(word, *parts), of_type(ast.FieldDecl, parts))


def event(word: Token, name: Name, doc: Text | None, *parts: Part) -> ast.EventDecl:
    return ast.EventDecl(over(word, *parts), name, doc, of_type(ast.FieldDecl, parts))


def list(word: Token, name: Name, doc: Text | None) -> ast.ListDecl:
    return ast.ListDecl(over(word, name, doc), name, doc)


def plain_type(name: Name, currency: Token | None) -> ast.TypeName:
    return ast.TypeName(over(name, currency), name.text, currency and str(currency), ())


def type_of(name: Name, _open: Token, options: tuple[Name, ...], close: Token) -> ast.TypeName:
    return ast.TypeName(over(name, close), name.text, None, options)


def field(name: Name, _colon: Token, type: ast.TypeName, *parts: Part) -> ast.FieldDecl:
    words = [str(part) for part in parts if isinstance(part, Token)]
    twice = next(
        (part for part in reversed(parts) if isinstance(part, Token) and words.count(part) > 1), None
    )
    if twice is not None:
        raise Malformed("S006", f"`{twice}` is said twice of `{name.text}`", at(twice), "once is enough")
    (default,) = of_type(Expr, parts) or (None,)
    span = over(name, type, *parts)
    return ast.FieldDecl(span, name, type, "key" in words, "optional" in words, "private" in words, default)


def crowd_by_rule(
    word: Token, name: Name, doc: Text | None, _open: Token, body: Expr, close: Token
) -> ast.Crowd:
    return ast.Crowd(over(word, close), name, doc, body, by_algebra=False)


def crowd_by_algebra(word: Token, name: Name, doc: Text | None, _is: Token, body: Expr) -> ast.Crowd:
    return ast.Crowd(over(word, body), name, doc, body, by_algebra=True)


def score(word: Token, name: Name, doc: Text | None, *parts: Part | None) -> ast.Score:
    return ast.Score(over(word, *parts), name, doc, of_type(ast.Clause, parts))


def points(sign: Token, points: Expr, word: Token, _when: Token | None, condition: Expr | None) -> ast.Points:
    return ast.Points(over(sign, word, condition), 1 if sign == "add" else -1, points, condition)


def grades(word: Token, *parts: Part) -> ast.Grades:
    return ast.Grades(over(word, *parts), of_type(ast.Band, parts))


def band(grade: Name, word: Token, threshold: ast.Literal | ast.Negative | None = None) -> ast.Band:
    return ast.Band(over(grade, word, threshold), grade, threshold)
