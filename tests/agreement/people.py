"""Seeded random facts of the schema: missing and unavailable values, extremes, and instants on the very edges of windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from compiler.checked.ir import RuleSet
from compiler.facts import Event, Facts, Touch
from compiler.types import UNAVAILABLE, Value
from compiler.versions import parse_version
from tests.agreement.schema import ATTRIBUTES, EVENTS, INPUTS, LISTS, SAFE, TEXTS, WINDOW_MICROSECONDS, ZONES

DAY = 86_400_000_000
MOMENTS: Mapping[int, str | None] = {
    1_774_746_000_000_000: "Europe/Berlin",  # 2026-03-29T01:00Z, springs forward
    1_762_063_200_000_000: "America/New_York",  # 2025-11-02T06:00Z, falls back
    1_772_953_200_000_000: "America/New_York",  # 2026-03-08T07:00Z, springs forward
    1_761_440_400_000_000: "Europe/Berlin",  # 2025-10-26T01:00Z, falls back
    1_774_000_000_123_456: None,
}
"""Instants at which clocks change, and where."""


def wall(zone: str, *reading: int) -> int:
    """A reading of the clock as microseconds, the earlier one in a fold."""
    return int(datetime(*reading, tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000  # type: ignore[arg-type, misc]


RANGE_EDGES: Mapping[str, tuple[int, ...]] = {
    zone: tuple(
        wall(zone, *reading)
        for reading in (
            (2026, 2, 1),
            (2026, 3, 30),
            (2026, 3, 29, 2, 30),
            (2026, 3, 29, 3, 30),
            (2025, 10, 26),
            (2025, 10, 27),
        )
    )
    for zone in ZONES
}
"""Where the fixed ranges of the rules begin and end, by the zone of the settings."""


def midnight(random: Random, now: int) -> int:
    """The start of a day near now, somewhere."""
    zone = random.choice(ZONES)
    day = datetime.fromtimestamp(now // 1_000_000, ZoneInfo(zone)) - timedelta(days=random.choice((0, 0, 1)))
    return wall(zone, day.year, day.month, day.day)


VALUES: Mapping[str, Callable[[Random], Value]] = {
    "text": lambda random: random.choice(TEXTS),
    "choice": lambda random: random.choice(("free", "plus", "pro")),
    "int": lambda random: random.choice(
        (0, 1, 2, 3, 17, 18, 40, -5, 2**63 - 1, -(2**63), random.randrange(100))
    ),
    "number": lambda random: random.choice(
        (0.0, -0.0, 0.5, 1.5, 2.0, 1e308, -1e-300, 0.1, 100.25, random.uniform(-10, 200))
    ),
    "money EUR": lambda random: random.choice(
        (0, 9_990_000, 10_000, 20_000_000, 100_000_001, -1, random.randrange(10**9))
    ),
    "money USD": lambda random: random.choice((0, 5_000_000, 21_740_000, 10**37, random.randrange(10**8))),
    "flag": lambda random: random.random() < 0.5,
    "instant": lambda random: random.choice((*MOMENTS, random.randrange(0, 2 * 10**15))),
    "date": lambda random: random.choice((20513, 20541, 11016, 5673, random.randrange(0, 25000))),
    "duration": lambda random: random.choice(
        (0, 1_800_000_000, DAY, 36 * 3_600_000_000, 14 * DAY, -DAY, -3 * DAY // 2, -1, 2**63 - 1)
    ),
    "version": lambda random: parse_version(random.choice(("1.0.0", "1.10.0", "2.0.0-rc.1", "1.9.9+b"))),
    "set": lambda random: frozenset(random.sample(TEXTS, random.choice((0, 1, 2, 4)))),
    "timezone": lambda random: random.choice(ZONES),
}
SPECIAL: Mapping[str, tuple[str, ...]] = {
    "ip": ("10.1.2.3", "::ffff:10.0.0.1", "2001:db8::1", "8.8.8.8", "none"),
    "app_text": ("1.0.0", "1.10.0", "x", "2.0.0-rc.1"),
}


def attributes(random: Random, types: Mapping[str, str]) -> dict[str, Value]:
    """Each present in four of five cases, else missing or unavailable."""
    found: dict[str, Value] = {}
    for name, type_ in types.items():
        state = random.random()
        if state < 0.06:
            found[name] = UNAVAILABLE
        elif state > 0.18:
            found[name] = random.choice(SPECIAL[name]) if name in SPECIAL else VALUES[type_](random)
    return found


def instant_near(random: Random, now: int, zone: str) -> int:
    """Mostly the edge of a window, of a range in the settings' zone or of a day, to the microsecond."""
    edge = now - random.choice((0, *WINDOW_MICROSECONDS.values(), *WINDOW_MICROSECONDS.values()))
    pick = random.random()
    if pick < 0.35:
        return edge + random.choice((-1, 0, 0, 1))
    if pick < 0.45:
        return random.choice(tuple(MOMENTS)) + random.choice((-1, 0, 1))
    if pick < 0.52:
        return random.choice(RANGE_EDGES[zone]) + random.choice((-1, 0, 0, 1))
    if pick < 0.6:
        return midnight(random, now) + random.choice((-1, 0, 1))
    return now - random.randrange(0, random.choice((DAY // 24, DAY, 8 * DAY, 100 * DAY)))


def fields(random: Random, types: Mapping[str, str]) -> dict[str, Value]:
    found = {name: VALUES[type_](random) for name, type_ in types.items() if random.random() > 0.1}
    for name in ("order", "sku"):
        if name in found:
            found[name] = random.choice(SAFE)
    if "size" in found:
        found["size"] = random.choice(("small", "large"))
    if "qty" in found and random.random() < 0.8:
        found["qty"] = random.randrange(4)
    return found


def events(random: Random, now: int, zone: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, types in EVENTS.items():
        if random.random() < 0.05:
            found[name] = UNAVAILABLE
            continue
        some = [
            Event(instant_near(random, now, zone), f"{name}{random.randrange(1000)}", fields(random, types))
            for _ in range(random.choice((0, 0, 1, 2, 4, 7)))
        ]
        unique = {event.id: event for event in some}
        found[name] = tuple(sorted(unique.values(), key=lambda event: (event.time, event.id)))
    return found


def person(random: Random, zone: str) -> Facts:
    """One user at one instant, without contacts. `zone`: that of the settings."""
    moment = random.choice(tuple(MOMENTS))
    now = moment + random.choice((0, random.randrange(-3 * DAY, 3 * DAY)))
    user = attributes(random, ATTRIBUTES)
    if MOMENTS[moment] and random.random() < 0.3:
        user["zone"] = MOMENTS[moment]
    if random.random() < 0.95:
        user["id"] = random.choice(("u1", "u2", f"user-{random.randrange(10**6)}", "Zoë😀"))
    horizons = {
        name: instant_near(random, now, zone) if random.random() < 0.5 else midnight(random, now)
        for name in EVENTS
        if random.random() < 0.07
    }
    lists = {
        name: random.choice((True, False, False, UNAVAILABLE)) for name in LISTS if random.random() < 0.9
    }
    return Facts(
        now=now,
        user=user,
        input=attributes(random, INPUTS),
        events=events(random, now, zone),
        known_since=horizons,
        lists=lists,
        request_id=f"r{random.randrange(100)}",
    )


def contacted(random: Random, ruleset: RuleSet) -> Facts:
    """One user with touches, budgets and holdouts, for whole decisions."""
    from dataclasses import replace

    facts = person(random, ruleset.settings.zone)
    return replace(
        facts,
        touches=UNAVAILABLE if random.random() < 0.04 else touches(random, ruleset, facts),
        shadow=UNAVAILABLE if random.random() < 0.02 else touches(random, ruleset, facts),
        budgets=UNAVAILABLE if random.random() < 0.04 else budgets(random, ruleset),
        held_out=held_out(random, ruleset),
    )


def touches(random: Random, ruleset: RuleSet, facts: Facts) -> tuple[Touch, ...]:
    plans = list(ruleset.plans.values())
    found = []
    for _ in range(random.choice((0, 0, 0, 1, 1, 2, 4))):
        plan = random.choice(plans)
        served = occurrence(random, facts, plan.activity, plan.trigger.event if plan.trigger else None)
        found.append(
            Touch(
                time=instant_near(random, facts.now, ruleset.settings.zone),
                activity=plan.activity,
                channel=random.choice(plan.steps).channel,
                tags=plan.tags,
                counted=random.random() < 0.85,
                campaign=plan.campaign,
                occurrence=served,
                completes=plan.completed(served),
            )
        )
    return tuple(sorted(found, key=lambda touch: touch.time))


def occurrence(random: Random, facts: Facts, activity: str, event: str | None) -> str:
    known = facts.events.get(event, ()) if event else ()
    keys = [facts.request_id, "user", *(f"order={text}" for text in SAFE), *(f"qty={n}" for n in range(3))]
    if isinstance(known, tuple):
        keys += [each.id for each in known]
    return f"{activity}/{random.choice(keys)}"


def budgets(random: Random, ruleset: RuleSet) -> dict[str, int]:
    owners = [*ruleset.plans.values(), *ruleset.campaigns.values()]
    return {
        owner.key: random.choice((0, 1, 2, 3, 499, 500, 1_500_000, 2_000_000))
        for owner in owners
        if random.random() < 0.5
    }


def held_out(random: Random, ruleset: RuleSet) -> frozenset[str] | None:
    if random.random() < 0.3:
        return None
    names = [*ruleset.campaigns, *ruleset.decides]
    return frozenset(name for name in names if random.random() < 0.2)
