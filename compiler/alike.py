"""A form of typed rules that is equal where they say the same by other words.

`a or b` and `b or a`, `2 <= n` and `n >= 2`, `not (a or b)` and `not a and not b`, `2 EUR * 3` and `6 EUR`, a `let` by another name, the
limits of a policy in another order. Rules whose forms differ may still mean the same: a form knows no more of arithmetic than that.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeAlias, cast

from compiler import interpret
from compiler.checked import ir
from compiler.driver import compile_ruleset
from compiler.facts import Facts
from dsl.source import Source

Form: TypeAlias = Hashable
Lets: TypeAlias = Mapping[str, int]
"""The locals of a plan, by the order in which they stand."""


def alike(one: Any, other: Any) -> bool:
    """Whether definitions or declarations are equal or have one form."""
    return bool(one == other) or form(one, {}) == form(other, {})


def form(part: Any, lets: Lets) -> Form:
    """Of any part of typed rules. Chains are flat in them, and the parser bounds how deep they are."""
    if isinstance(part, tuple):
        return tuple(form(each, lets) for each in part)
    if isinstance(part, Mapping):
        return frozenset((name, form(each, lets)) for name, each in part.items())
    if is_dataclass(part):
        return FORMS.get(type(part), by_fields)(part, lets)
    assert isinstance(part, Hashable)
    return part


def by_fields(part: Any, lets: Lets) -> Form:
    return type(part), *(form(getattr(part, each.name), lets) for each in fields(part) if each.compare)


# ---- conditions


def chain(part: ir.And | ir.Or, lets: Lets) -> Form:
    """In no order, each once."""
    terms = frozenset(form(each, lets) for each in part.terms)
    return (type(part), terms) if len(terms) > 1 else next(iter(terms))


def comparison(part: ir.Compare, lets: Lets) -> Form:
    """`<` and `<=` say it all."""
    sides = form(part.left, lets), form(part.right, lets)
    return ir.Compare, part.operator.replace(">", "<"), *(sides[::-1] if ">" in part.operator else sides)


def equality(part: ir.Equal, lets: Lets) -> Form:
    return ir.Equal, frozenset((form(part.left, lets), form(part.right, lets)))


def negation(part: ir.Not, lets: Lets) -> Form:
    """Led inwards, which three values allow."""
    term = part.term
    match term:
        case ir.Not():
            return form(term.term, lets)
        case ir.And() | ir.Or():
            other = ir.Or if isinstance(term, ir.And) else ir.And
            return form(other(tuple(ir.Not(each, part.span) for each in term.terms), part.span), lets)
        case ir.Compare():
            return form(replace(term, operator=CONTRARY[term.operator]), lets)
    return by_fields(part, lets)


CONTRARY: Mapping[str, Any] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


# ---- values


def arithmetic(part: ir.Sum | ir.Product | ir.Negate | ir.Convert, lets: Lets) -> Form:
    """What it comes to, of constants."""
    leaves = (each for each in ir.subexpressions(part) if not isinstance(each, ARITHMETIC))
    if all(isinstance(each, ir.Const) for each in leaves):
        return by_fields(ir.Const(part.type, cast(Any, interpret.evaluate(no_rules(), part, Facts(0)))), lets)
    return by_fields(part, lets)


ARITHMETIC = ir.Sum, ir.Product, ir.Negate, ir.Convert


@cache
def no_rules() -> ir.RuleSet:
    """What constants are evaluated by."""
    found = compile_ruleset([Source("", "")]).ruleset
    assert found is not None
    return found


def local(part: ir.LetRef, lets: Lets) -> Form:
    return ir.LetRef, lets[part.name]


# ---- definitions


def plan(part: ir.Plan, lets: Lets) -> Form:
    """Its locals by their order; what it obeys in none."""
    numbers = {name: number for number, (name, _) in enumerate(part.lets)}
    lines = tuple((str(number), each) for number, (_, each) in enumerate(part.lets))
    return by_fields(replace(part, lets=lines, policies=tuple(sorted(part.policies))), numbers)


def policy(part: ir.Policy, lets: Lets) -> Form:
    """No line comes before another."""
    lines = part.limits, part.blocks, part.allows, part.nevers
    sets = (frozenset(form(each, lets) for each in line) for line in lines)
    return ir.Policy, part.name, part.is_default, *sets


FORMS: Mapping[type, Callable[[Any, Lets], Form]] = {
    ir.And: chain,
    ir.Or: chain,
    ir.Not: negation,
    ir.Compare: comparison,
    ir.Equal: equality,
    **dict.fromkeys(ARITHMETIC, arithmetic),
    ir.LetRef: local,
    ir.Plan: plan,
    ir.Policy: policy,
}
