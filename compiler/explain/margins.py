"""How far a condition is from another answer: by the two sides of a comparison, by the events that are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.checked import ir
from compiler.explain.node import Margin
from compiler.explain.words import Words
from compiler.types import UNAVAILABLE, Type, Value


@dataclass(frozen=True, slots=True)
class Measured:
    """A condition, the values of its sides (or how many events it took), and the answer wanted."""

    condition: ir.Expr
    left: Value
    right: Value
    wanted: bool
    words: Words


def margin(measured: Measured) -> Margin | None:
    """None for what has no distance, or where nothing can be said to be needed."""
    if measured.right is None or measured.right is UNAVAILABLE:
        return None
    measure = _MARGINS.get(type(measured.condition))
    return None if measure is None else measure(measured, measured.condition)


OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
NEEDS = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}


def _compare(measured: Measured, condition: ir.Compare) -> Margin:
    operator = condition.operator if measured.wanted else OPPOSITE[condition.operator]
    type_ = condition.left.type
    needs = f"{NEEDS[operator]} {measured.words.value(type_, measured.right)}"
    return Margin(needs, _by(measured, condition.left, operator))


def _by(measured: Measured, left: ir.Expr, operator: str) -> str | None:
    """`1 more cart_add`, `0.50 EUR less`; exact bounds that are not enough say so."""
    one, other = measured.left, measured.right
    if not isinstance(one, int | float) or not isinstance(other, int | float) or isinstance(one, bool):
        return None
    up = operator in (">", ">=")
    distance = abs(one - other)
    if _is_count(left):
        events = int(distance) + (operator in ("<", ">"))
        return f"{events:,} {'more' if up else 'fewer'} {_event(left)}"
    if not distance:
        return "just not enough" if up else "just too much"
    return f"{measured.words.difference(left.type, distance)} {'more' if up else 'less'}"


def _is_count(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Aggregate) and expr.function == "count"


def _event(expr: ir.Expr) -> str:
    return getattr(expr, "event", "")


def _equal(measured: Measured, condition: ir.Equal) -> Margin:
    said = measured.words.value(condition.left.type, measured.right)
    return Margin(said if measured.wanted else f"anything but {said}", None)


def _one_of(measured: Measured, condition: ir.OneOf) -> Margin:
    options = sorted(condition.options, key=_order)
    said = [measured.words.value(condition.term.type, option) for option in options[:MOST]]
    more = f" or {len(options) - MOST:,} others" if len(options) > MOST else ""
    return Margin(f"{'one' if measured.wanted else 'none'} of {', '.join(said)}{more}", None)


MOST = 6
"""Options that are told."""


def _order(option: Any) -> Any:
    return repr(option) if isinstance(option, frozenset) else option


def _did(measured: Measured, condition: ir.Did) -> Margin:
    taken = int(measured.left)  # type: ignore[arg-type]
    if measured.wanted:
        return Margin(
            f"at least {condition.at_least:,}", f"{condition.at_least - taken:,} more {condition.event}"
        )
    fewest = taken - condition.at_least + 1
    needs = f"fewer than {condition.at_least:,}" if condition.at_least > 1 else "none"
    return Margin(needs, f"{fewest:,} fewer {condition.event}")


_MARGINS: Mapping[type[ir.Expr], Callable[[Measured, Any], Margin]] = {
    ir.Compare: _compare,
    ir.Equal: _equal,
    ir.OneOf: _one_of,
    ir.Did: _did,
}


def behind(words: Words, type_: Type, own: Value, winner: Value) -> Margin | None:
    """How far a rank lies below the winner's."""
    if not isinstance(own, int | float) or not isinstance(winner, int | float):
        return None
    needs = words.value(type_, winner)
    return Margin(f"more than {needs}", words.difference(type_, winner - own) if winner != own else None)
