"""Trees of `and` and `or`, by Kleene's tables. The order of terms changes no answer, so the cheapest stand first.

Tests of the user's attributes against constants, of which most rules consist, are not trees of their own: they are
sorted into three plain lists that are gone through first. A test costs a third of a call that way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import inf, nextafter
from typing import Any, NamedTuple

from compiler.checked.ir import (
    Aggregate,
    And,
    Attribute,
    Compare,
    Const,
    Did,
    Equal,
    Expr,
    FlagIs,
    InCrowd,
    Not,
    OneOf,
    Or,
    Sequence,
)
from compiler.decision.context import Context
from compiler.decision.trees import Tree, Trees
from compiler.types import UNAVAILABLE, Answer, Kind

_INTS = frozenset({Kind.INT, Kind.MONEY, Kind.DATE, Kind.INSTANT, Kind.DURATION})
_PRICES: Mapping[type[Expr], int] = {InCrowd: 2, Aggregate: 3, Did: 2, Sequence: 3}


class _Terms(NamedTuple):
    """`one_of`: attribute and options; `least`, `most`: attribute and bound, included; `others`: trees."""

    one_of: tuple[tuple[str, frozenset[Any]], ...]
    least: tuple[tuple[str, Any], ...]
    most: tuple[tuple[str, Any], ...]
    others: tuple[Tree, ...]


def both(expr: And, trees: Trees) -> Tree:
    one_of, least, most, others = _sorted(expr.terms, trees)

    def every(context: Context) -> Answer:
        whole: Answer = True
        read: Callable[[str], Any] = context.user.get
        for name, options in one_of:
            value = read(name)
            if value not in options:
                if value is not None and value is not UNAVAILABLE:
                    return False
                whole = None
        for name, bound in least:
            value = read(name)
            if value is None or value is UNAVAILABLE:
                whole = None
            elif value < bound:
                return False
        for name, bound in most:
            value = read(name)
            if value is None or value is UNAVAILABLE:
                whole = None
            elif value > bound:
                return False
        for term in others:
            answer = term(context)
            if not answer:
                if answer is not None:
                    return False
                whole = None
        return whole

    return every


def either(expr: Or, trees: Trees) -> Tree:
    one_of, least, most, others = _sorted(expr.terms, trees)

    def some(context: Context) -> Answer:
        whole: Answer = False
        read: Callable[[str], Any] = context.user.get
        for name, options in one_of:
            value = read(name)
            if value in options:
                return True
            if value is None or value is UNAVAILABLE:
                whole = None
        for name, bound in least:
            value = read(name)
            if value is None or value is UNAVAILABLE:
                whole = None
            elif value >= bound:
                return True
        for name, bound in most:
            value = read(name)
            if value is None or value is UNAVAILABLE:
                whole = None
            elif value <= bound:
                return True
        for term in others:
            answer = term(context)
            if answer:
                return True
            if answer is None:
                whole = None
        return whole

    return some


def _sorted(terms: Iterable[Expr], trees: Trees) -> _Terms:
    one_of: list[tuple[str, frozenset[Any]]] = []
    bounds: dict[str, list[tuple[str, Any]]] = {">": [], "<": []}
    others = []
    for term in terms:
        if (options := _options(term)) is not None:
            one_of.append(options)
        elif (bound := _bound(term)) is not None:
            side, *test = bound
            bounds[side].append((test[0], test[1]))
        else:
            others.append(term)
    trees_of_others = tuple(trees.build(term) for term in sorted(others, key=price))
    return _Terms(tuple(one_of), tuple(bounds[">"]), tuple(bounds["<"]), trees_of_others)


def _options(term: Expr) -> tuple[str, frozenset[Any]] | None:
    """Of a test whether an attribute is one of some values."""
    match term:
        case Equal(left=Attribute(scope="user", name=name), right=Const(value=value)):
            return name, frozenset((value,))
        case OneOf(term=Attribute(scope="user", name=name), options=options):
            return name, options
        case FlagIs(term=Attribute(scope="user", name=name)):
            return name, frozenset((True,))
        case Not(term=FlagIs(term=Attribute(scope="user", name=name))):
            return name, frozenset((False,))
    return None


def _bound(term: Expr) -> tuple[str, str, Any] | None:
    """Of a comparison of an attribute: which side of the bound it has to lie on, its name, and the bound included."""
    match term:
        case Compare(operator=operator, left=Attribute(scope="user", name=name), right=Const() as right):
            bound = right.value if operator in ("<=", ">=") else _next(right, operator)
            return None if bound is None else (operator[0], name, bound)
    return None


def _next(bound: Const, operator: str) -> Any:
    """The least value above the bound, or the greatest below it; None for types that have none."""
    value: Any = bound.value
    if bound.type.kind in _INTS:
        return value + 1 if operator == ">" else value - 1
    if bound.type.kind is Kind.NUMBER:
        return nextafter(value, inf if operator == ">" else -inf)
    return None


def price(term: Expr) -> int:
    """What a term costs, roughly."""
    match term:
        case Compare(left=left, right=right) | Equal(left=left, right=right):
            return max(price(left), price(right))
        case Not(term=inner) | OneOf(term=inner):
            return price(inner)
        case Aggregate(field=None, where=None):
            return 2
    return _PRICES.get(type(term), 1)


CHAINS: Mapping[type[Expr], Callable[[Any, Trees], Tree]] = {And: both, Or: either}
