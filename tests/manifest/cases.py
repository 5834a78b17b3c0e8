"""Facts about users of `rules.sua`, made at random: sparse, and crowded round the ends of windows and days."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from compiler import interpret
from compiler.calendar import local_date, start_of_day
from compiler.checked.ir import FieldDef, RuleSet
from compiler.decision.program import Program
from compiler.driver import compile_ruleset
from compiler.facts import Event, Facts, Opened, Touch
from compiler.manifest import (
    EntryPoint,
    Manifest,
    OfChannel,
    OfContact,
    OfCrowds,
    OfDecide,
    OfPlan,
    OfSend,
    manifest,
)
from compiler.types import UNAVAILABLE, Kind, Unavailable, Value
from compiler.versions import parse_version
from dsl.source import Source

MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
MARCH = 1_772_323_200_000_000  # 2026-03-01T00:00Z
FIXED_ENDS = (
    1_771_542_000_000_000,
    1_772_362_800_000_000,
)  # in the rules: 2026-02-20, 2026-03-01 12:00 in Berlin
SPANS = [minutes * MINUTE for minutes in (0, 10, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 360)]
SPANS += [DAY, 2 * DAY, 7 * DAY, 9 * DAY]
ZONES = ["Europe/Berlin", "America/New_York", "Pacific/Apia", "Nowhere/Here"]
RARELY = 0.06
Known = TypeVar("Known")

Evaluate = Callable[[Facts], object]


@cache
def ruleset() -> RuleSet:
    path = Path(__file__).with_name("rules.sua")
    compiled = compile_ruleset([Source(path.name, path.read_text(encoding="utf-8"))])
    assert compiled.ruleset is not None, compiled.diagnostics
    return compiled.ruleset


def entry_points(rules: RuleSet) -> Iterator[tuple[EntryPoint, Evaluate]]:
    """Every entry point, and the question that it stands for."""
    yield OfCrowds(), partial(interpret.crowds, rules)
    for name in rules.crowds:
        yield OfCrowds((name,)), partial(interpret.crowd, rules, name)
    for name in rules.plans:
        yield OfPlan(name), partial(interpret.plan, rules, name)
        yield OfContact(name), partial(interpret.contact, rules, name)
        yield OfSend(name), partial(sent, name)
    for name in rules.decides:
        yield OfDecide(name), partial(interpret.decide, rules, name)
    for name in rules.policies:
        ask = partial(interpret.contact_channel, rules, "email", [name], ["promo"], "marketing")
        yield OfChannel((name,)), ask


@cache
def program() -> Program:
    return Program(ruleset())


def sent(plan: str, facts: Facts) -> object:
    """What a plan would send by each of its channels, and whether it may."""
    channels = {step.channel for step in ruleset().plans[plan].steps}
    attempts = [program().attempt(plan, channel, "", facts) for channel in sorted(channels)]
    return program().granted(plan, facts), attempts


# ---- facts


class Case:
    """One user's facts, drawn from `random`."""

    def __init__(self, rules: RuleSet, random: random.Random) -> None:
        self.rules = rules
        self.random = random
        self.zone = random.choice(ZONES)
        self.now = MARCH + random.choice([0, 8, 11, 28, 31]) * DAY + random.randrange(0, DAY, 10 * MINUTE)

    def facts(self) -> Facts:
        events = {name: self.events(name) for name in self.rules.events}
        return Facts(
            now=self.now,
            user={**self.values(self.rules.attributes), "timezone": self.zone},
            input=self.values(self.rules.inputs),
            events=events,
            known_since=self.some({name: self.instant() for name in self.rules.events}, RARELY),
            lists=self.some(
                {name: self.unless_out(self.random.random() < 0.5) for name in self.rules.lists}, 0.5
            ),
            touches=self.touches(events),
            shadow=self.touches(events),
            budgets=self.unless_out(
                {
                    "campaign spring": self.random.randrange(5),
                    "plan remind": 9_000_000,
                    "campaign yearly": 19_500_000,
                }
            ),
            opened=self.opened(events) if self.random.random() < 0.2 else None,
            held_out=self.random.choice([None, frozenset(), frozenset({"spring"}), frozenset({"best"})]),
            request_id="r",
        )

    def some(self, whole: Mapping[str, Any], share: float) -> dict[str, Any]:
        return {name: value for name, value in whole.items() if self.random.random() < share}

    def unless_out(self, value: Known) -> Known | Unavailable:
        return UNAVAILABLE if self.random.random() < RARELY else value

    def instant(self) -> int:
        """Mostly at the end of a window, or of two on end; sometimes in the future."""
        draw = self.random
        if draw.random() < 0.15:
            day = local_date("Europe/Berlin", self.now) - draw.choice([0, 0, 0, 1, 7, 31])
            return start_of_day(draw.choice(ZONES[:3]), day) + draw.choice([-1, 0, 1])
        if draw.random() < 0.1:
            return draw.choice(FIXED_ENDS) + draw.choice([-1, 0, 1])
        back = draw.choice(SPANS) + draw.choice([0, 0, *SPANS])
        return self.now - back + draw.choice([-1, 0, 0, 1, 7 * MINUTE])

    def values(self, fields: Mapping[str, FieldDef]) -> dict[str, Value]:
        present = self.some(fields, 0.85)
        return {name: self.unless_out(self.value(field)) for name, field in present.items()}

    def value(self, field: FieldDef) -> Value:
        pool = {
            Kind.FLAG: [True, True, False],
            Kind.INT: [0, 5, 6, 7],
            Kind.NUMBER: [0.5, 2.0],
            Kind.TEXT: ["de", "de", "shop"],
            Kind.MONEY: [5_000_000, 10_000_000, 20_000_000, 40_000_000],
            Kind.CHOICE: list(field.type.options),
            Kind.TIMEZONE: ZONES,
            Kind.DATE: [20_000],
            Kind.VERSION: [parse_version("1.1.0"), parse_version("1.2.0")],
            Kind.SET: [frozenset({"a"})],
        }
        return self.random.choice(pool[field.type.kind])  # type: ignore[arg-type]

    def events(self, name: str) -> tuple[Event, ...] | Unavailable:
        declared = self.rules.events[name].fields
        made = []
        for number in range(self.random.choice([0, 1, 1, 2, 3])):
            fields = {field: self.value(each) for field, each in self.some(declared, 0.9).items()}
            made.append(Event(self.instant(), f"{name}-{number}", fields))
        made.sort(key=lambda event: (event.time, event.id))
        return self.unless_out(tuple(made))

    def touches(
        self, events: Mapping[str, tuple[Event, ...] | Unavailable]
    ) -> tuple[Touch, ...] | Unavailable:
        made = [self.touch(events) for _ in range(self.random.choice([0, 0, 1, 2, 4]))]
        made.sort(key=lambda touch: touch.time)
        return self.unless_out(tuple(made))

    def touch(self, events: Mapping[str, tuple[Event, ...] | Unavailable]) -> Touch:
        draw = self.random
        plan = self.rules.plans[draw.choice(list(self.rules.plans))]
        found = events[plan.trigger.event] if plan.trigger else ()
        ids = [] if found is UNAVAILABLE else [event.id for event in found]
        keys = [*ids, "coupon=de", "coupon=shop", "user", "r"]
        return Touch(
            time=self.instant(),
            activity=plan.activity,
            channel=draw.choice(["push", "email", "sms"]),
            tags=frozenset(draw.choice([["promo"], []])),
            counted=draw.random() < 0.8,
            campaign=draw.choice([None, "spring", "yearly"]),
            occurrence=f"{plan.activity}/{draw.choice(keys)}",
        )

    def opened(self, events: Mapping[str, tuple[Event, ...] | Unavailable]) -> tuple[Opened, ...]:
        triggers = {name: plan.trigger.event for name, plan in self.rules.plans.items() if plan.trigger}
        known = {name: events[event] for name, event in triggers.items()}
        return tuple(
            Opened(plan, event.id)
            for plan, found in known.items()
            if found is not UNAVAILABLE
            for event in found
            if self.random.random() < 0.5
        )


def facts_of(seed: int) -> Facts:
    """The facts of one case; the same for a seed whenever it is run."""
    return Case(ruleset(), random.Random(seed)).facts()


def differences(seed: int) -> list[str]:
    """The entry points that answer otherwise when this case's facts are cut down for them."""
    rules, facts = ruleset(), facts_of(seed)
    return [
        f"{entry}, seed {seed}"
        for entry, evaluate in entry_points(rules)
        if evaluate(facts) != evaluate(needed(entry).cut(facts))
    ]


@cache
def needed(entry: EntryPoint) -> Manifest:
    return manifest(ruleset(), entry)
