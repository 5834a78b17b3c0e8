"""Conditions but those on events. Semantics, *Conditions*."""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from compiler.checked.ir import (
    And,
    Compare,
    Equal,
    Expr,
    FlagIs,
    InList,
    InShare,
    IsMissing,
    Not,
    OneOf,
    Or,
)
from compiler.interpret.kleene import all_of, any_of, negation
from compiler.interpret.meaning import answer, means, value
from compiler.interpret.scene import Scene
from compiler.interpret.values import present
from compiler.types import MISSING, UNAVAILABLE, Answer, Value

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@means(And)
def _and(expr: And, scene: Scene) -> Answer:
    return all_of(answer(term, scene) for term in expr.terms)


@means(Or)
def _or(expr: Or, scene: Scene) -> Answer:
    return any_of(answer(term, scene) for term in expr.terms)


@means(Not)
def _not(expr: Not, scene: Scene) -> Answer:
    return negation(answer(expr.term, scene))


def certain(test: Callable[..., bool], *values: Value) -> Answer:
    """The test on present values; unknown if one is missing or unavailable."""
    return test(*values) if all(map(present, values)) else None


def _compared(test: Callable[..., bool], left: Expr, right: Expr, scene: Scene) -> Answer:
    return certain(test, value(left, scene), value(right, scene))


@means(Compare)
def _compare(expr: Compare, scene: Scene) -> Answer:
    return _compared(_ORDER[expr.operator], expr.left, expr.right, scene)


@means(Equal)
def _equal(expr: Equal, scene: Scene) -> Answer:
    return _compared(operator.eq, expr.left, expr.right, scene)


@means(OneOf)
def _one_of(expr: OneOf, scene: Scene) -> Answer:
    return certain(lambda term: term in expr.options, value(expr.term, scene))


@means(IsMissing)
def _is_missing(expr: IsMissing, scene: Scene) -> Answer:
    term = value(expr.term, scene)
    return None if term is UNAVAILABLE else term is MISSING


@means(FlagIs)
def _flag_is(expr: FlagIs, scene: Scene) -> Answer:
    return certain(bool, value(expr.term, scene))


@means(InList)
def _in_list(expr: InList, scene: Scene) -> Answer:
    holds = scene.facts.lists.get(expr.list, False)
    return None if holds is UNAVAILABLE else holds


@means(InShare)
def _in_share(expr: InShare, scene: Scene) -> Answer:
    return in_share(expr.share, expr.salt, scene)


def in_share(share: Fraction, salt: str, scene: Scene) -> Answer:
    """Whether the user's hash under `salt` falls into the share; unknown without a present user id."""
    key = scene.ruleset.user_key
    user = scene.facts.user.get(key) if key is not None else MISSING
    if not present(user):
        return None
    digest = hashlib.sha256(f"{salt}\x1f{user}".encode()).hexdigest()
    return int(digest[:13], 16) < int(share * 2**52)
