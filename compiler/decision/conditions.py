"""Trees of conditions: yes, no and unknown by Kleene's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compiler.checked.ir import (
    Aggregate,
    And,
    Attribute,
    Compare,
    Did,
    Equal,
    EventField,
    Expr,
    FlagIs,
    InCrowd,
    InList,
    InShare,
    IsMissing,
    Not,
    OneOf,
    Or,
    Sequence,
)
from compiler.decision.context import Context
from compiler.decision.shares import share_test
from compiler.decision.trees import Tree, Trees
from compiler.types import UNAVAILABLE, Answer

_OUTRIGHT, _COMPUTED, _EVENTS = range(3)
_PRICES: Mapping[type[Expr], int] = {
    Attribute: _OUTRIGHT,
    EventField: _OUTRIGHT,
    InList: _OUTRIGHT,
    Aggregate: _EVENTS,
    Did: _EVENTS,
    Sequence: _EVENTS,
}


def _price(term: Expr) -> int:
    """What a term costs, roughly; the order of terms changes no answer."""
    if isinstance(term, Compare | Equal):
        return max(_PRICES.get(type(term.left), _COMPUTED), _PRICES.get(type(term.right), _OUTRIGHT))
    looked_at = term.term if isinstance(term, Not | OneOf | IsMissing | FlagIs) else term
    return _PRICES.get(type(looked_at), _COMPUTED)


def _cheapest_first(terms: tuple[Expr, ...], trees: Trees) -> tuple[Tree, ...]:
    return tuple(trees.build(term) for term in sorted(terms, key=_price))


def both(expr: And, trees: Trees) -> Tree:
    terms = _cheapest_first(expr.terms, trees)

    def every(context: Context) -> Answer:
        whole: Answer = True
        for term in terms:
            answer = term(context)
            if not answer:
                if answer is None:
                    whole = None
                else:
                    return False
        return whole

    return every


def either(expr: Or, trees: Trees) -> Tree:
    terms = _cheapest_first(expr.terms, trees)

    def some(context: Context) -> Answer:
        whole: Answer = False
        for term in terms:
            answer = term(context)
            if answer:
                return True
            if answer is None:
                whole = None
        return whole

    return some


def negation(expr: Not, trees: Trees) -> Tree:
    term = trees.build(expr.term)

    def opposite(context: Context) -> Answer:
        answer = term(context)
        return None if answer is None else not answer

    return opposite


def is_missing(expr: IsMissing, trees: Trees) -> Tree:
    term = trees.build(expr.term)

    def missing(context: Context) -> Answer:
        value = term(context)
        return None if value is UNAVAILABLE else value is None

    return missing


def flag(expr: FlagIs, trees: Trees) -> Tree:
    term = trees.build(expr.term)

    def raised(context: Context) -> Any:
        value: Any = term(context)
        return None if value is UNAVAILABLE else value

    return raised


def in_crowd(expr: InCrowd, trees: Trees) -> Tree:
    return trees.reference(f"crowd {expr.crowd}")


def in_list(expr: InList, trees: Trees) -> Tree:
    name = expr.list

    def listed(context: Context) -> Answer:
        held = context.facts.lists.get(name, False)
        return None if held is UNAVAILABLE else held

    return listed


def in_share(expr: InShare, trees: Trees) -> Tree:
    lies_below, key = share_test(expr.share, expr.salt), trees.ruleset.user_key

    def sampled(context: Context) -> Answer:
        return None if key is None else lies_below(context.facts.user.get(key))

    return sampled


CONDITIONS: Mapping[type[Expr], Callable[[Any, Trees], Tree]] = {
    And: both,
    Or: either,
    Not: negation,
    IsMissing: is_missing,
    FlagIs: flag,
    InCrowd: in_crowd,
    InList: in_list,
    InShare: in_share,
}
