"""An invented shop: what is known of its customers, drawn at random, and the 36 readings that rules ask about.

A customer has 24 attributes and a history of five types of events, of which twelve aggregates are asked. Values have
the run-time forms of `compiler.types`; the aggregates are computed here, apart from the compiler, so that its answers
are checked by a second source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from compiler.facts import Event, Facts
from compiler.types import MONEY_SCALE, UNAVAILABLE

NOW = 1_750_000_000_000_000
DAY = 86_400_000_000
ABSENT = 0.1
"""Share of attributes that are missing, and of types of events that are unavailable."""

Draw = Callable[[Random], Any]
History = Mapping[str, tuple[Event, ...]]


@dataclass(frozen=True, slots=True)
class Reading:
    """`kind` tells how a constant is written: int, number, money, date, duration, choice, text or flag."""

    name: str
    kind: str
    text: str
    """In the language."""


@dataclass(frozen=True, slots=True)
class Customer:
    """`values` by the name of the reading: None where it is missing, or its events unavailable."""

    values: Mapping[str, Any]
    facts: Facts


def _whole(most: int) -> Draw:
    """Small numbers are more frequent than great ones."""
    return lambda random: int(most * random.random() ** 2)


def _money(most: int) -> Draw:
    return lambda random: int(most * 100 * random.random() ** 2) * (MONEY_SCALE // 100)


def _part(random: Random) -> float:
    return round(random.random(), 3)


def _day(first: int, last: int) -> Draw:
    return lambda random: random.randrange(first, last)


def _one_of(*options: Any) -> Draw:
    """The first are more frequent than the last."""
    weights = [len(options) + 2 - place for place in range(len(options))]
    return lambda random: random.choices(options, weights)[0]


COUNTRIES = ("de", "fr", "it", "es", "pl", "nl", "at", "be", "dk", "se", "pt", "cz")
LANGUAGES = ("de", "en", "fr", "it", "es", "pl")
BRANDS = ("acme", "brio", "corvo", "delta", "eon", "fjord", "gusto", "hexa", "iris", "juno")
TIERS, DEVICES = ("free", "plus", "pro", "vip"), ("ios", "android", "web")
CHANNELS = ("search", "social", "mail", "friend", "shop")

ATTRIBUTES: Mapping[str, tuple[str, Draw]] = {
    "age": ("int", lambda random: random.randrange(16, 90)),
    "visits": ("int", _whole(60)),
    "orders": ("int", _whole(25)),
    "logins": ("int", _whole(80)),
    "points": ("int", _whole(1000)),
    "days_active": ("int", _whole(365)),
    "balance": ("money", _money(200)),
    "last_price": ("money", _money(150)),
    "credit": ("money", _money(500)),
    "p_cart": ("number", _part),
    "p_churn": ("number", _part),
    "engagement": ("number", _part),
    "discount_share": ("number", _part),
    "tier": ("choice", _one_of(*TIERS)),
    "device": ("choice", _one_of(*DEVICES)),
    "found_by": ("choice", _one_of(*CHANNELS)),
    "country": ("text", _one_of(*COUNTRIES)),
    "language": ("text", _one_of(*LANGUAGES)),
    "brand": ("text", _one_of(*BRANDS)),
    "email_ok": ("flag", _one_of(True, False)),
    "push_ok": ("flag", _one_of(True, False)),
    "beta": ("flag", _one_of(False, True)),
    "joined": ("date", _day(17_000, 20_200)),
    "renews": ("date", _day(20_250, 20_650)),
}
CHOICES = {"tier": TIERS, "device": DEVICES, "found_by": CHANNELS}

EVENTS: Mapping[str, tuple[int, Mapping[str, Draw]]] = {
    "view": (24, {"sku": _one_of(*(f"s{i}" for i in range(20))), "price": _money(120)}),
    "cart_add": (8, {"price": _money(120)}),
    "order_paid": (8, {"total": _money(250)}),
    "email_open": (10, {}),
    "ticket": (4, {}),
}
"""The most events of a type in the last hundred days, and their fields."""

AGGREGATES = (
    Reading("views_7d", "int", "count of view within 7 days"),
    Reading("views_30d", "int", "count of view within 30 days"),
    Reading("dear_views", "int", "count of view where price >= 50 EUR within 30 days"),
    Reading("kinds_seen", "int", "distinct of view.sku within 30 days"),
    Reading("carts_7d", "int", "count of cart_add within 7 days"),
    Reading("cart_sum", "money", "sum of cart_add.price within 30 days"),
    Reading("orders_90d", "int", "count of order_paid within 90 days"),
    Reading("paid_90d", "money", "sum of order_paid.total within 90 days"),
    Reading("paid_mean", "money", "average of order_paid.total within 90 days"),
    Reading("paid_most", "money", "max of order_paid.total within 90 days"),
    Reading("opens_30d", "int", "count of email_open within 30 days"),
    Reading("quiet_time", "duration", "(time since last ticket)"),
)
READINGS = {
    **{name: Reading(name, kind, f"user.{name}") for name, (kind, _) in ATTRIBUTES.items()},
    **{reading.name: reading for reading in AGGREGATES},
}


def customer(random: Random) -> Customer:
    user = {name: draw(random) for name, (_, draw) in ATTRIBUTES.items() if random.random() >= ABSENT}
    known = {name: _history(name, random) for name in EVENTS if random.random() >= ABSENT}
    events = {name: known.get(name, UNAVAILABLE) for name in EVENTS}
    values = {name: user.get(name) for name in ATTRIBUTES} | _aggregates(known)
    return Customer(values, Facts(now=NOW, user=user, events=events))


def _history(name: str, random: Random) -> tuple[Event, ...]:
    most, fields = EVENTS[name]
    times = sorted(NOW - int(100 * DAY * random.random() ** 2) for _ in range(random.randint(0, most)))
    return tuple(
        Event(time, f"{name}{place:03}", {field: draw(random) for field, draw in fields.items()})
        for place, time in enumerate(times)
    )


def _aggregates(known: History) -> dict[str, Any]:
    """By name; those of an unavailable type are None."""
    values: dict[str, Any] = {reading.name: None for reading in AGGREGATES}
    if "view" in known:
        recent = _within(30, known["view"])
        values["views_7d"] = len(_within(7, known["view"]))
        values["views_30d"] = len(recent)
        values["dear_views"] = sum(price >= 50 * MONEY_SCALE for price in _read(recent, "price"))
        values["kinds_seen"] = len(set(_read(recent, "sku")))
    if "cart_add" in known:
        values["carts_7d"] = len(_within(7, known["cart_add"]))
        values["cart_sum"] = sum(_read(_within(30, known["cart_add"]), "price"))
    if "order_paid" in known:
        totals = _read(_within(90, known["order_paid"]), "total")
        values |= {"orders_90d": len(totals), "paid_90d": sum(totals), "paid_most": max(totals, default=None)}
        values["paid_mean"] = int(Fraction(sum(totals), len(totals)) + Fraction(1, 2)) if totals else None
    if "email_open" in known:
        values["opens_30d"] = len(_within(30, known["email_open"]))
    if known.get("ticket"):
        values["quiet_time"] = NOW - known["ticket"][-1].time
    return values


def _within(days: int, events: tuple[Event, ...]) -> list[Event]:
    return [event for event in events if event.time > NOW - days * DAY]


def _read(events: list[Event], field: str) -> list[Any]:
    return [event.fields[field] for event in events]
