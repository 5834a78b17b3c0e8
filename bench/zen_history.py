"""The twelve aggregates as zen-engine computes them from lists of events."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import zen

from bench.shop import AGGREGATES, DAY, NOW, Customer
from compiler.types import MONEY_SCALE, UNAVAILABLE


def _within(days: int, event: str) -> str:
    return f"filter({event}, #.time > {NOW - days * DAY})"


def _known(event: str, value: str) -> str:
    return f"{event} == null ? null : {value}"


def _of_some(days: int, event: str, function: str) -> str:
    totals = f"map({_within(days, event)}, #.total)"
    return f"{event} == null or len({_within(days, event)}) == 0 ? null : {function.format(totals)}"


EXPRESSIONS: Mapping[str, str] = {
    "views_7d": _known("view", f"count(view, #.time > {NOW - 7 * DAY})"),
    "views_30d": _known("view", f"count(view, #.time > {NOW - 30 * DAY})"),
    "dear_views": _known("view", f"count(view, #.time > {NOW - 30 * DAY} and #.price >= {50 * MONEY_SCALE})"),
    "kinds_seen": _known("view", f"len(keys(merge(map({_within(30, 'view')}, {{[#.sku]: 1}}))))"),
    "carts_7d": _known("cart_add", f"count(cart_add, #.time > {NOW - 7 * DAY})"),
    "cart_sum": _known("cart_add", f"sum(map({_within(30, 'cart_add')}, #.price))"),
    "orders_90d": _known("order_paid", f"count(order_paid, #.time > {NOW - 90 * DAY})"),
    "paid_90d": _known("order_paid", f"sum(map({_within(90, 'order_paid')}, #.total))"),
    "paid_mean": _of_some(90, "order_paid", "round(avg({}))"),
    "paid_most": _of_some(90, "order_paid", "max({})"),
    "opens_30d": _known("email_open", f"count(email_open, #.time > {NOW - 30 * DAY})"),
    "quiet_time": f"ticket == null or len(ticket) == 0 ? null : {NOW} - ticket[len(ticket) - 1].time",
}
_NAMES = re.compile(rf"\b({'|'.join(EXPRESSIONS)})\b")


def facts(customer: Customer) -> dict[str, Any]:
    """Attributes, and lists of events, as a reader of JSON would make them."""
    events = {
        name: [{"time": event.time, **event.fields} for event in history]
        for name, history in customer.facts.events.items()
        if history is not UNAVAILABLE
    }
    return {**customer.facts.user, **events}


def in_two_steps(ask: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """Computes the aggregates in one compiled expression, then asks with them in place of the events: what is quickest
    for many rules, as each aggregate is computed once."""
    names = [reading.name for reading in AGGREGATES]
    aggregates = zen.compile_expression(f"[{', '.join(EXPRESSIONS[name] for name in names)}]")
    events = ("view", "cart_add", "order_paid", "email_open", "ticket")

    def asked(known: dict[str, Any]) -> Any:
        values = {name: value for name, value in known.items() if name not in events}
        return ask({**values, **dict(zip(names, aggregates.evaluate(known), strict=True))})

    return asked


def written_out(condition: str) -> str:
    """A condition with the aggregates in place of their names: what is quickest for one rule."""
    return _NAMES.sub(lambda name: f"({EXPRESSIONS[name[0]]})", condition)
