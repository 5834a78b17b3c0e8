"""Shapes: what of past events a rule that looks at them for ever has to know, once they are no longer kept.

A shape is an event type, a condition on its events, and a field of them. Its total (`compiler.facts.Total`) tells what `did`,
`time since last` and every aggregate of it but `distinct` come to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, Final

from compiler.checked import ir
from compiler.types import Kind

_OF_THE_EVENT_ALONE: Final = frozenset(
    {
        *(ir.Const, ir.EventField, ir.Compare, ir.Equal, ir.OneOf, ir.IsMissing, ir.FlagIs, ir.And, ir.Or, ir.Not),
        *(ir.Sum, ir.Product, ir.Negate, ir.Convert, ir.Otherwise, ir.Pick, ir.Call),
    }
)  # fmt: skip
"""Expressions that look at nothing but the event, now and for ever."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`name` tells it from all others, of whatever version: `order_paid/price/` and 16 hex digits."""

    name: str
    event: str
    where: ir.Expr | None
    field: str | None


def shape_of(ruleset: ir.RuleSet, expr: ir.Aggregate | ir.Did | ir.SinceLast) -> Shape | None:
    """The shape whose total takes the place of old events; None where every event has to be there."""
    where = None if isinstance(expr, ir.SinceLast) else expr.where
    field = expr.field if isinstance(expr, ir.Aggregate) else None
    if not _looks_for_ever(expr) or not (where is None or _is_of_the_event_alone(where)):
        return None
    name = None if field is None else field.name
    typed = _form((where, field, *_looked_at(ruleset, expr.event, where, field)))
    digest = hashlib.sha256(repr(typed).encode()).hexdigest()[:16]
    return Shape(f"{expr.event}/{name or ''}/{digest}", expr.event, where, name)


def place_of(shape: str) -> tuple[str, str | None]:
    """Of a shape's name, the event type and the field."""
    event, field, _ = shape.split("/")
    return event, field or None


def is_declared(ruleset: ir.RuleSet, shape: str) -> bool:
    """Whether the rule set has the event and the field of a shape of this name, be it of a version that types them otherwise."""
    event, field = place_of(shape) if shape.count("/") == 2 else ("", None)
    return event in ruleset.events and (field is None or field in ruleset.events[event].fields)


def _looks_for_ever(expr: ir.Aggregate | ir.Did | ir.SinceLast) -> bool:
    if isinstance(expr, ir.SinceLast):
        return True
    is_told_by_total = isinstance(expr, ir.Did) or (expr.function != "distinct" and expr.without is None)
    return isinstance(expr.window, ir.Ever) and is_told_by_total


def _is_of_the_event_alone(where: ir.Expr) -> bool:
    return all(
        type(part) in _OF_THE_EVENT_ALONE and not _asks_for_local_time(part)
        for part in ir.subexpressions(where)
    )


def _asks_for_local_time(part: ir.Expr) -> bool:
    """Functions of an instant read it in the user's zone."""
    return isinstance(part, ir.Call) and any(each.type.kind is Kind.INSTANT for each in part.arguments)


def _looked_at(
    ruleset: ir.RuleSet, event: str, where: ir.Expr | None, field: ir.EventField | None
) -> Iterator[Any]:
    """How the fields are read that are looked at: it makes another value of what was told."""
    parts = [] if where is None else ir.subexpressions(where)
    names = {part.name for part in (*parts, field) if isinstance(part, ir.EventField)}
    declared = [ruleset.events[event].fields[name] for name in sorted(names)]
    yield from ((each.name, each.type, each.default) for each in declared)
    if any(each.type.kind is Kind.MONEY for each in declared):
        yield sorted(ruleset.settings.rates.items())


def _form(value: Any) -> Any:
    """The same for equal values, in every process; where an expression stands plays no part."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        parts = [_form(getattr(value, each.name)) for each in fields(value) if each.compare]
        return type(value).__name__, parts
    if isinstance(value, frozenset):
        return sorted(map(_form, value))
    return [_form(each) for each in value] if isinstance(value, tuple | list) else repr(value)
