"""Rules over the shop of `bench.shop`, drawn at random: as text of the language, for zen-engine, and as plain answers.

A rule is an `and` of 3 to 8 conditions; in 30 % of the rules one of them is an `or`. 5 % of the rules hold a condition
that the index has no row for: two readings compared, or added up. Constants are drawn so that about a tenth of the
rules hold for a customer, of whose values a tenth is missing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from bench.shop import ATTRIBUTES, CHOICES, DAY, EVENTS, READINGS, Customer, Reading, customer
from compiler.types import MONEY_SCALE, Answer

WITH_OR = 0.3
OUTSIDE = 0.05
HOLDS = (0.5, 0.92)
"""A condition on a value that is there holds with a probability between these."""

_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda value, options: value in options,
}
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Test:
    """`left` (plus `more`) compared with a constant, or with the reading `right`."""

    left: Reading
    operator: str
    constant: Any = None
    right: Reading | None = None
    more: Reading | None = None

    def answer(self, customer: Customer) -> Answer:
        read = [each for each in (self.left, self.more, self.right) if each]
        if any(customer.values[each.name] is None for each in read):
            return None
        left = customer.values[self.left.name]
        if self.more:
            left += customer.values[self.more.name]
        return _TESTS[self.operator](left, customer.values[self.right.name] if self.right else self.constant)


@dataclass(frozen=True, slots=True)
class Missing:
    left: Reading

    def answer(self, customer: Customer) -> Answer:
        return customer.values[self.left.name] is None


Group = tuple[Test | Missing, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    groups: tuple[Group, ...]
    """All of them hold; of each, any test."""

    def answer(self, customer: Customer) -> Answer:
        return min((_any(test.answer(customer) for test in group) for group in self.groups), key=_ORDER.index)


_ORDER: list[Answer] = [False, None, True]


def _any(answers: Iterable[Answer]) -> Answer:
    return max(answers, key=_ORDER.index)


# ---- drawing


PAIRS = (
    ("visits", "logins"),
    ("orders", "orders_90d"),
    ("views_7d", "visits"),
    ("carts_7d", "views_7d"),
    ("opens_30d", "logins"),
    ("kinds_seen", "dear_views"),
    ("last_price", "paid_mean"),
    ("cart_sum", "balance"),
    ("paid_90d", "credit"),
    ("paid_most", "last_price"),
    ("p_cart", "p_churn"),
    ("engagement", "discount_share"),
)
"""Readings that somebody would compare."""
SUMS = (("balance", "credit"), ("cart_sum", "paid_90d"), ("orders", "carts_7d"), ("visits", "opens_30d"))
"""Readings that somebody would add up and compare with a constant."""


class Drawing:
    """Draws rules; `sample` are customers whose values place the constants."""

    def __init__(self, random: Random, sample: Sequence[Customer]) -> None:
        self._random = random
        self._sample = sample
        self._readings = list(READINGS.values())

    def rule(self, name: str) -> Rule:
        groups: list[Group] = [(self._test(),) for _ in range(self._random.randint(3, 8))]
        if self._random.random() < WITH_OR:
            groups[-1] = self._either()
        if self._random.random() < OUTSIDE:
            groups[0] = (self._outside(),)
        self._random.shuffle(groups)
        return Rule(name, tuple(groups))

    def _either(self) -> Group:
        if self._random.random() < 0.3:
            left = READINGS[self._random.choice(("country", "language", "brand", "tier"))]
            return Missing(left), self._listed(left, self._random.uniform(0.2, 0.5))
        return tuple(self._test() for _ in range(self._random.choice((2, 2, 3))))

    def _test(self) -> Test:
        reading, share = self._random.choice(self._readings), self._random.uniform(*HOLDS)
        if reading.kind == "flag":
            return Test(reading, "in", frozenset({self._random.random() < 0.7}))
        if reading.kind in ("choice", "text"):
            return self._listed(reading, share)
        return self._bounded(Test(reading, "<"), share)

    def _listed(self, reading: Reading, share: float) -> Test:
        values = self._values(Test(reading, "in"))
        options = sorted(set(values))
        self._random.shuffle(options)
        chosen: set[Any] = set()
        while sum(value in chosen for value in values) < share * len(values):
            chosen.add(options.pop())
        return Test(reading, "in", frozenset(chosen))

    def _bounded(self, test: Test, share: float) -> Test:
        values = sorted(self._values(test))
        above = self._random.random() < 0.5
        bound = values[int((1 - share if above else share) * (len(values) - 1))]
        compare = self._random.choice((">=", ">=", ">") if above else ("<", "<", "<="))
        return Test(test.left, compare, _rounded(test.left.kind, bound), more=test.more)

    def _outside(self) -> Test:
        if self._random.random() < 0.3:
            left, more = self._random.choice(SUMS)
            return self._bounded(Test(READINGS[left], "<", more=READINGS[more]), self._random.uniform(*HOLDS))
        left, right = self._random.sample(self._random.choice(PAIRS), 2)
        return Test(READINGS[left], self._random.choice(("<", ">=")), right=READINGS[right])

    def _values(self, test: Test) -> list[Any]:
        """What the test's left side reads of the sample."""
        read = [test.left.name, test.more.name] if test.more else [test.left.name]
        rows = [[each.values[name] for name in read] for each in self._sample]
        return [row[0] if len(row) == 1 else sum(row) for row in rows if None not in row]


def draw(rules: int, customers: int, seed: int = 2026) -> tuple[list[Rule], list[Customer]]:
    """The same for the same arguments, on every machine."""
    random = Random(seed)
    drawing = Drawing(random, [customer(random) for _ in range(300)])
    drawn = [drawing.rule(f"crowd_{number}") for number in range(rules)]
    return drawn, [customer(random) for _ in range(customers)]


_GRAINS = {"int": 1, "money": MONEY_SCALE, "date": 30, "duration": DAY}


def _rounded(kind: str, bound: Any) -> Any:
    """People write round numbers."""
    return round(bound, 2) if kind == "number" else bound // _GRAINS[kind] * _GRAINS[kind]


# ---- as text of the language


def ruleset_text(rules: Iterable[Rule], ready: bool = False) -> str:
    """`ready`: the aggregates are attributes like others, computed by whoever asks."""
    crowds = (f"crowd {rule.name} {{\n  {rule_text(rule, ready)}\n}}\n" for rule in rules)
    return declarations(ready) + "".join(crowds)


def declarations(ready: bool) -> str:
    kinds = {name: kind for name, (kind, _) in ATTRIBUTES.items()}
    if ready:
        kinds = {reading.name: reading.kind for reading in READINGS.values()}
    attributes = "".join(f"  {name}: {_type(name, kind)} optional\n" for name, kind in kinds.items())
    events = "".join(
        f"event {name} {{ {'  '.join(f'{field}: {_FIELDS[field]}' for field in fields)} }}\n"
        for name, (_, fields) in EVENTS.items()
    )
    heading = 'settings { timezone "UTC"  currency EUR  week starts monday }\n'
    return f"{heading}profile user {{\n  id: text key\n{attributes}}}\n{events}"


_FIELDS = {"sku": "text", "price": "money EUR", "total": "money EUR"}


def _type(name: str, kind: str) -> str:
    if kind == "choice":
        return f"choice({', '.join(CHOICES[name])})"
    return "money EUR" if kind == "money" else kind


def rule_text(rule: Rule, ready: bool) -> str:
    groups = (" or ".join(_test_text(test, ready) for test in group) for group in rule.groups)
    return "\n  and ".join(
        f"({text})" if len(group) > 1 else text for group, text in zip(rule.groups, groups, strict=True)
    )


def _test_text(test: Test | Missing, ready: bool) -> str:
    def read(reading: Reading) -> str:
        return f"user.{reading.name}" if ready else reading.text

    if isinstance(test, Missing):
        return f"{read(test.left)} is missing"
    left, kind = read(test.left), test.left.kind
    if kind == "flag":
        return left if True in test.constant else f"not {left}"
    if test.operator == "in":
        options = [constant_text(kind, option) for option in sorted(test.constant)]
        return f"{left} is {options[0]}" if len(options) == 1 else f"{left} in ({', '.join(options)})"
    if test.more:
        left = f"{left} + {read(test.more)}"
    right = read(test.right) if test.right else constant_text(kind, test.constant)
    return f"{left} {test.operator} {right}"


def constant_text(kind: str, value: Any) -> str:
    return _CONSTANTS[kind](value)


_CONSTANTS: dict[str, Callable[[Any], str]] = {
    "int": str,
    "number": str,
    "money": lambda value: f"{value // MONEY_SCALE} EUR",
    "date": lambda value: (_EPOCH + timedelta(days=value)).isoformat(),
    "duration": lambda value: f"{value // DAY} days",
    "choice": str,
    "text": '"{}"'.format,
}
