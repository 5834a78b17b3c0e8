"""What customers of the shop do: made up, and the same for the same seed."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from suasion_client import Event, Money, Profile

OPENING = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
BETWEEN_VISITS = timedelta(minutes=20)
"""On average, of all customers together."""
PRODUCTS = {"kettle": "399.00", "teapot": "129.00", "rice cooker": "599.00", "grinder": "249.00"}
PAYS, RETURNS, COMPLAINS = 0.6, 0.1, 0.3
"""How likely it is of an order that it is paid; of a paid one that it comes back; of one that comes back that a complaint follows."""


def customers(number: int, seed: int) -> list[Profile]:
    """Each with a few ways to be reached, or none."""
    random = Random(f"customers {seed}")
    ways = {"wechat_bound": 0.6, "push_on": 0.5, "sms_ok": 0.6}
    return [
        Profile(f"c{each:03}", {way: random.random() < share for way, share in ways.items()})
        for each in range(1, number + 1)
    ]


def events(users: list[str], seed: int) -> Iterator[Event]:
    """Without end, by time. An event's id tells of the seed: the same shopping twice is known to a server the second time."""
    shop = Shopping(Random(f"shopping {seed}"), f"s{seed}")
    shop.later(OPENING, "visit", "", {})
    while True:
        time, _, kind, user, fields = heapq.heappop(shop.coming)
        if kind == "visit":
            shop.visit(time, shop.random.choice(users))
        else:
            yield Event(f"{shop.name}-{next(shop.numbers)}", kind, user, time, fields)


@dataclass(slots=True)
class Shopping:
    """What is coming, the earliest first: (time, a number, `visit` or the type of an event, user, fields)."""

    random: Random
    name: str
    coming: list[tuple[datetime, int, str, str, dict[str, Any]]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    turns: Iterator[int] = field(default_factory=count)

    def later(self, time: datetime, kind: str, user: str, fields: dict[str, Any]) -> None:
        heapq.heappush(self.coming, (time, next(self.turns), kind, user, fields))

    def minutes(self, least: float, most: float) -> timedelta:
        return timedelta(seconds=round(60 * self.random.uniform(least, most)))

    def visit(self, time: datetime, user: str) -> None:
        """Somebody looks around, and may order; then it is the next one's turn."""
        pause = self.random.expovariate(1 / BETWEEN_VISITS.total_seconds())
        self.later(time + timedelta(seconds=round(pause)), "visit", "", {})
        self.later(time, "page_view", user, {"page": "home"})
        if self.random.random() < 0.7:
            time += self.minutes(1, 5)
            self.later(time, "page_view", user, {"page": "product"})
            self.order(time + self.minutes(1, 5), user)

    def order(self, time: datetime, user: str) -> None:
        """The order page is looked at; some order, some of them pay, some of those send it back."""
        order, product = f"{self.name}-o{next(self.turns)}", self.random.choice(list(PRODUCTS))
        placed = {"order": order, "total": Money(PRODUCTS[product], "CNY")}
        self.later(time, "page_view", user, {"page": "order", "order": order})
        if self.random.random() < 0.25:
            return
        time += self.minutes(1, 3)
        self.later(time, "order_created", user, placed)
        if self.random.random() < PAYS:
            time += self.minutes(1, 30)
            self.later(time, "order_paid", user, {**placed, "product": product})
            self.send_back(time + self.minutes(60, 3 * 24 * 60), user, order)

    def send_back(self, time: datetime, user: str, order: str) -> None:
        if self.random.random() < RETURNS:
            self.later(time, "refund", user, {"order": order})
            if self.random.random() < COMPLAINS:
                self.later(time + self.minutes(1, 60), "complaint", user, {})
