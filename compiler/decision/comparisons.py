"""Trees of comparisons. An attribute or any tree against a constant is what rules hold most, so those are spelled out:
a call saved in each is a third of what they cost."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from compiler.checked.ir import Attribute, Compare, Const, Equal, Expr, OneOf
from compiler.decision.context import Context
from compiler.decision.trees import Tree, Trees
from compiler.types import UNAVAILABLE, Answer


def _user_below(name: str, bound: Any) -> Tree:
    def below(context: Context) -> Answer:
        value: Any = context.user.get(name)
        return None if value is None or value is UNAVAILABLE else value < bound

    return below


def _user_up_to(name: str, bound: Any) -> Tree:
    def up_to(context: Context) -> Answer:
        value: Any = context.user.get(name)
        return None if value is None or value is UNAVAILABLE else value <= bound

    return up_to


def _user_above(name: str, bound: Any) -> Tree:
    def above(context: Context) -> Answer:
        value: Any = context.user.get(name)
        return None if value is None or value is UNAVAILABLE else value > bound

    return above


def _user_from(name: str, bound: Any) -> Tree:
    def at_least(context: Context) -> Answer:
        value: Any = context.user.get(name)
        return None if value is None or value is UNAVAILABLE else value >= bound

    return at_least


def _user_is(name: str, wanted: Any) -> Tree:
    def equal(context: Context) -> Answer:
        value: Any = context.user.get(name)
        return None if value is None or value is UNAVAILABLE else value == wanted

    return equal


def _below(term: Tree, bound: Any) -> Tree:
    def below(context: Context) -> Answer:
        value = term(context)
        return None if value is None or value is UNAVAILABLE else value < bound

    return below


def _up_to(term: Tree, bound: Any) -> Tree:
    def up_to(context: Context) -> Answer:
        value = term(context)
        return None if value is None or value is UNAVAILABLE else value <= bound

    return up_to


def _above(term: Tree, bound: Any) -> Tree:
    def above(context: Context) -> Answer:
        value = term(context)
        return None if value is None or value is UNAVAILABLE else value > bound

    return above


def _from(term: Tree, bound: Any) -> Tree:
    def at_least(context: Context) -> Answer:
        value = term(context)
        return None if value is None or value is UNAVAILABLE else value >= bound

    return at_least


def _is(term: Tree, wanted: Any) -> Tree:
    def equal(context: Context) -> Answer:
        value = term(context)
        return None if value is None or value is UNAVAILABLE else value == wanted

    return equal


_USER = {"<": _user_below, "<=": _user_up_to, ">": _user_above, ">=": _user_from, "is": _user_is}
_TERM = {"<": _below, "<=": _up_to, ">": _above, ">=": _from, "is": _is}
TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.eq,
    "in": lambda value, options: value in options,
}
"""Of two present values."""


def compare(expr: Compare, trees: Trees) -> Tree:
    return _compared(expr.operator, expr.left, expr.right, trees)


def equal(expr: Equal, trees: Trees) -> Tree:
    return _compared("is", expr.left, expr.right, trees)


def _compared(test: str, left: Expr, right: Expr, trees: Trees) -> Tree:
    if not isinstance(right, Const):
        return _two_terms(TESTS[test], trees.build(left), trees.build(right))
    if isinstance(left, Attribute) and left.scope == "user":
        return _USER[test](left.name, right.value)
    return _TERM[test](trees.build(left), right.value)


def _two_terms(test: Callable[[Any, Any], bool], left: Tree, right: Tree) -> Tree:
    def compared(context: Context) -> Answer:
        a, b = left(context), right(context)
        if a is None or b is None or a is UNAVAILABLE or b is UNAVAILABLE:
            return None
        return test(a, b)

    return compared


def one_of(expr: OneOf, trees: Trees) -> Tree:
    term, options = trees.build(expr.term), expr.options

    def listed(context: Context) -> Answer:
        value = term(context)
        return None if value is None or value is UNAVAILABLE else value in options

    return listed


COMPARISONS: Mapping[type[Expr], Callable[[Any, Trees], Tree]] = {
    Compare: compare,
    Equal: equal,
    OneOf: one_of,
}
