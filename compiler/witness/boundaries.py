"""The values at which rules may change their minds: their constants, and the nearest on both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from compiler.calendar import first_instant
from compiler.checked import ir
from compiler.checked.invariants import parts_of
from compiler.named import definitions
from compiler.types import Kind, Present, Type, Value

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND
NOON = int(datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()) * SECOND
"""A Monday."""
Pools = Mapping[Type, tuple[Present, ...]]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Of some versions together. `constants` by type, `spans` and `nows` in microseconds."""

    constants: Pools
    spans: tuple[int, ...]
    nows: tuple[int, ...]
    versions: tuple[ir.RuleSet, ...] = field(repr=False)

    @classmethod
    def of(cls, *versions: ir.RuleSet) -> Boundaries:
        found: defaultdict[Type, set[Present]] = defaultdict(set)
        for ruleset in versions:
            for type_, value in constants(ruleset):
                found[type_] |= set(around(type_, value))
        spans = sorted({each for ruleset in versions for each in lengths(ruleset)})
        pools = {type_: tuple(sorted(values, key=repr)) for type_, values in found.items()}
        return cls(pools, tuple(spans), tuple(sorted(moments(versions, pools))), versions)

    def value(self, type_: Type, random: Random) -> Value:
        """Some value of the type, most likely one near a constant of the rules."""
        known = self.constants.get(type_, ())
        usual = USUAL[type_.kind](type_)
        return random.choice(known if known and random.random() < 0.8 else usual)

    def age(self, random: Random) -> int:
        """How long ago: mostly at the edge of a window, to the second."""
        length = random.choice(self.spans) if self.spans else DAY
        return max(0, random.choice((length - SECOND, length, length + SECOND, length // 2, 0, MINUTE)))

    def now(self, random: Random) -> int:
        return random.choice(self.nows)


# ---- what rules are about


def constants(ruleset: ir.RuleSet) -> Iterator[tuple[Type, Present]]:
    for definition in definitions(ruleset):
        for part in parts_of(definition):
            if isinstance(part, ir.Const):
                yield part.type, part.value
            elif isinstance(part, ir.OneOf):
                yield from ((part.term.type, option) for option in part.options)
            elif isinstance(part, ir.Compare | ir.Equal):
                yield from (
                    (part.left.type, each.value)
                    for each in (part.left, part.right)
                    if isinstance(each, ir.Const)
                )
    for declared in (ruleset.attributes, ruleset.inputs, *(each.fields for each in ruleset.events.values())):
        yield from ((each.type, each.default) for each in declared.values() if each.default is not None)


def lengths(ruleset: ir.RuleSet) -> Iterator[int]:
    """Windows, waits, cool-downs, and other spans of time."""
    for definition in definitions(ruleset):
        for part in parts_of(definition):
            yield from lengths_in(part)
    for policy in ruleset.policies.values():
        yield from (each.microseconds for each in policy.limits if isinstance(each, ir.Cooldown))
        yield from (length(each.period) for each in policy.limits if isinstance(each, ir.Cap))
    for plan in ruleset.plans.values():
        trigger = plan.trigger
        yield from (each for each in (trigger and trigger.wait, plan.expires) if each)
        yield from (length(each.once.period) for each in (plan,) if each.once and each.once.period)
    for campaign in ruleset.campaigns.values():
        yield from (length(each.once.period) for each in (campaign,) if each.once and each.once.period)
    yield from (length(ir.Calendar(each.at_most.unit)) for each in ruleset.decides.values() if each.at_most)


def lengths_in(part: ir.Expr) -> Iterator[int]:
    window = getattr(part, "window", None)
    if isinstance(window, ir.Rolling):
        yield window.microseconds
    if isinstance(part, ir.Sequence):
        yield part.inside
    if isinstance(part, ir.Const) and part.type.kind is Kind.DURATION and isinstance(part.value, int):
        yield part.value


def length(period: ir.Period) -> int:
    """The longest that it can be."""
    return period.microseconds if isinstance(period, ir.Rolling) else DAYS[period.unit] * DAY


DAYS = {"day": 1, "week": 7, "month": 31}


def moments(versions: Iterable[ir.RuleSet], pools: Pools) -> set[int]:
    """Noon of a Monday, the edges of quiet hours, of days, and of what rules name by date."""
    found = {NOON}
    for ruleset in versions:
        zone = ruleset.settings.zone
        today = NOON // DAY
        minutes = {0, 23 * 60 + 59, *quiet_edges(ruleset)}
        found |= {first_instant(zone, today, minute, fold="earlier") for minute in minutes}
        found |= {NOON + days * DAY for days in range(1, 7)}
        found |= {
            each
            for window in fixed(ruleset)
            for each in (window.start - SECOND, window.start, window.end - SECOND, window.end)
        }
    for type_, values in pools.items():
        if type_.kind is Kind.INSTANT:
            found |= {each for each in values if isinstance(each, int)}
        if type_.kind is Kind.DATE:
            found |= {each * DAY + NOON % DAY for each in values if isinstance(each, int)}
    return found


def quiet_edges(ruleset: ir.RuleSet) -> Iterator[int]:
    """Minutes of a day."""
    for policy in ruleset.policies.values():
        for limit in policy.limits:
            if isinstance(limit, ir.Quiet):
                yield from (each % 1440 for edge in (limit.start, limit.end) for each in (edge - 1, edge))


def fixed(ruleset: ir.RuleSet) -> Iterator[ir.Fixed]:
    for definition in definitions(ruleset):
        for part in parts_of(definition):
            window = getattr(part, "window", None)
            if isinstance(window, ir.Fixed):
                yield window


# ---- what lies next to a value


def around(type_: Type, value: Any) -> Iterable[Present]:
    """The value, and the nearest on both sides that people would write."""
    near = AROUND.get(type_.kind)
    return (value,) if near is None else near(value)


def neighbours(step: int) -> Callable[[int], tuple[int, ...]]:
    return lambda value: (value - step, value, value + step)


def near_number(value: float) -> tuple[float, ...]:
    step = 1.0 if value == int(value) else 10.0 ** -len(repr(value).partition(".")[2])
    return (value - step, value, value + step) if abs(value) < 1e12 and step > 1e-9 else (value,)


def near_version(value: tuple[Any, ...]) -> tuple[Any, ...]:
    major, minor, patch, *rest = value
    return (value, (major, minor, patch + 1, *rest), (max(0, major - 1), minor, patch, *rest))


AROUND: Mapping[Kind, Callable[[Any], Iterable[Present]]] = {
    Kind.INT: neighbours(1),
    Kind.NUMBER: near_number,
    Kind.MONEY: neighbours(10_000),
    Kind.DURATION: neighbours(SECOND),
    Kind.INSTANT: neighbours(SECOND),
    Kind.DATE: neighbours(1),
    Kind.VERSION: near_version,
    Kind.FLAG: lambda value: (True, False),
}
USUAL: Mapping[Kind, Callable[[Type], tuple[Value, ...]]] = {
    Kind.FLAG: lambda type_: (True, False),
    Kind.INT: lambda type_: (0, 1, 2, 3, 10, 100),
    Kind.NUMBER: lambda type_: (0.0, 0.5, 1.0, 2.0, 100.0),
    Kind.TEXT: lambda type_: ("a", "b", "c"),
    Kind.MONEY: lambda type_: (0, 10_000, 1_000_000, 20_000_000, 1_000_000_000),
    Kind.CHOICE: lambda type_: type_.options,
    Kind.TIMEZONE: lambda type_: ("UTC", "Europe/Berlin", "Asia/Tokyo", "America/New_York"),
    Kind.INSTANT: lambda type_: (NOON, NOON - DAY, NOON - 30 * DAY, NOON + DAY),
    Kind.DATE: lambda type_: (NOON // DAY, NOON // DAY - 1, NOON // DAY - 365 * 30),
    Kind.DURATION: lambda type_: (0, MINUTE, DAY),
    Kind.VERSION: lambda type_: ((1, 0, 0, (True,)),),
    Kind.SET: lambda type_: (frozenset({"a"}),),
}
