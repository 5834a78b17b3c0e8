"""Trees of single conditions: yes, no or unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compiler.checked.ir import Expr, FlagIs, InCrowd, InList, InShare, IsMissing, Not
from compiler.decision.context import Context
from compiler.decision.shares import share_test
from compiler.decision.trees import Tree, Trees
from compiler.types import UNAVAILABLE, Answer


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
        held = context.lists.get(name, False)
        return None if held is UNAVAILABLE else held

    return listed


def in_share(expr: InShare, trees: Trees) -> Tree:
    lies_below, key = share_test(expr.share, expr.salt), trees.ruleset.user_key

    def sampled(context: Context) -> Answer:
        return None if key is None else lies_below(context.user.get(key))

    return sampled


CONDITIONS: Mapping[type[Expr], Callable[[Any, Trees], Tree]] = {
    Not: negation,
    IsMissing: is_missing,
    FlagIs: flag,
    InCrowd: in_crowd,
    InList: in_list,
    InShare: in_share,
}
