"""Seeded random rule sets as text: crowds, scores, policies, campaigns, plans and decides over the schema."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.agreement.expressions import Writer
from tests.agreement.schema import DECLARATIONS, EVENTS, LISTS, WINDOWS, ZONES

CHANNELS = ("push", "email", "sms")
TAGS = ("promo", "news")
UNITS = ("day", "week", "month")


def settings(random: Random) -> str:
    zone = random.choice(ZONES)
    weekday = random.choice(("monday", "sunday", "saturday"))
    return f'settings {{ timezone "{zone}" currency EUR week starts {weekday} rate 1 USD = 0.92 EUR }}'


def share(random: Random) -> str:
    return random.choice(("0%", "5%", "33.3%", "50%", "100%"))


def crowd(writer: Writer, name: str) -> str:
    random = writer.random
    if writer.crowds and random.random() < 0.15:
        text = f"crowd {name} = {algebra(writer)}"
    else:
        text = f"crowd {name} {{ {writer.condition(random.choice((1, 2, 2, 3)))} }}"
    writer.crowds.append(name)
    return text


def algebra(writer: Writer) -> str:
    random = writer.random
    known = [*writer.crowds[-8:], *LISTS]
    one, two, three = (random.choice(known) for _ in range(3))
    return random.choice(
        (
            f"({one} or {two}) except {three}",
            f"{one} and {two}",
            f'sample {share(random)} of {one} salt "s{random.randrange(3)}"',
            f"{one} except {two}",
            f"{one} or {two} or {three}",
        )
    )


def score(writer: Writer, name: str) -> str:
    random = writer.random
    lines = []
    for _ in range(random.choice((1, 2, 3))):
        points = random.choice(("10", "30", writer.value("int", 1), f"min(20, {writer.value('int', 1)})"))
        when = f" when {writer.condition(1)}" if random.random() < 0.8 else ""
        lines.append(f"{random.choice(('add', 'take'))} {points} points{when}")
    writer.scores.append(name)
    return f"score {name} {{ {' '.join(lines)} grade A from 30, B from 10, C below }}"


def period(random: Random) -> str:
    return random.choice((f"per {random.choice(UNITS)}", f"in any {random.choice(WINDOWS)}"))


def policy(writer: Writer, name: str, default: bool) -> str:
    random = writer.random
    lines = [limit(writer) for _ in range(random.choice((1, 2, 3, 4)))]
    if random.random() < 0.25:
        lines.append(f"block users in {random.choice([*LISTS, *writer.crowds])}")
    if random.random() < 0.25:
        lines.append(f"allow users in {random.choice([*LISTS, *writer.crowds])}")
    random.shuffle(lines)
    return f"policy {name} {'default' if default else ''} {{ {' '.join(lines)} }}"


def limit(writer: Writer) -> str:
    random = writer.random
    channel = random.choice((*CHANNELS, "all", "all"))
    then = random.choice(("", "", " then wait", " then block"))
    tag = random.choice(("", "", f" tagged {random.choice(TAGS)}"))
    quiet = random.choice(
        (
            ("21:00", "09:00"),
            ("02:30", "03:00"),
            ("00:00", "01:00"),
            ("13:00", "14:30"),
            ("23:00", "01:30"),
            ("22:00", "02:30"),
        )
    )
    return random.choice(
        (
            f"quiet {quiet[0]} to {quiet[1]} user time{then}",
            f"cap {channel}{tag} {random.choice((0, 1, 1, 2, 3))} {period(random)}{then}",
            f"cap {channel}{tag} {random.choice((1, 2))} {period(random)}{then}",
            f"cooldown {random.choice(WINDOWS)} after any send{then}",
            f"cooldown {random.choice(WINDOWS)} after {random.choice(list(EVENTS))}{then}",
            f"never {channel} when {writer.condition(1)}",
        )
    )


def budget(random: Random) -> str:
    amount = random.choice(("1", "3", "500", "2 EUR", "1.50 EUR", "3 USD"))
    return f"budget {amount} {random.choice(('total', 'per day', 'per week', 'per month'))}"


def campaign(random: Random, name: str) -> str:
    parts = []
    if random.random() < 0.7:
        parts.append(f'holdout {share(random)} salt "{name}"')
    if random.random() < 0.5:
        parts.append(budget(random))
    if random.random() < 0.5:
        parts.append(
            f"once per user{random.choice(('', f' in any {random.choice(WINDOWS)}', ' per day', ' per week'))}"
        )
    return f"campaign {name} {{ {' '.join(parts)} }}"


def trigger(writer: Writer) -> tuple[str, str]:
    """The event and the `on` clause."""
    random = writer.random
    event = random.choice(list(EVENTS))
    at = Writer(random, writer.crowds, writer.scores, trigger=event)
    when = f" when {at.condition(1)}" if random.random() < 0.3 else ""
    wait = f" wait {random.choice(WINDOWS[:4])}" if random.random() < 0.7 else ""
    return event, f"on {event}{at.where(event)}{when}{wait}{unless(at) if wait else ''}"


def unless(at: Writer) -> str:
    if at.random.random() < 0.4:
        return ""
    event = at.random.choice(list(EVENTS))
    return f" unless {event}{at.same(event) if at.random.random() < 0.5 else ''}{at.where(event)}"


def plan(writer: Writer, name: str, policies: list[str], campaigns: list[str]) -> str:
    return f"plan {name} {{ {' '.join(plan_clauses(writer, name, policies, campaigns))} }}"


def plan_clauses(writer: Writer, name: str, policies: list[str], campaigns: list[str]) -> Iterator[str]:
    random = writer.random
    inner = Writer(random, writer.crowds, writer.scores)
    event = None
    if random.random() < 0.5:
        where = f" where {inner.condition(1)}" if random.random() < 0.3 else ""
        yield f"for {random.choice([*writer.crowds, *LISTS])}{where}"
    if random.random() < 0.6:
        event, clause = trigger(writer)
        yield clause
        if "wait" not in clause or random.random() < 0.3:
            yield f"expires after {random.choice(('8 days', '30 days', '90 days'))}"
    yield f"kind {random.choice(('marketing', 'marketing', 'marketing', 'transactional', 'legal'))}"
    if random.random() < 0.5:
        yield f"tagged {random.choice(('promo', 'news', 'promo, news'))}"
    if campaigns and random.random() < 0.5:
        yield f"part of {random.choice(campaigns)}"
    if random.random() < 0.3:
        yield once(random, event)
    if random.random() < 0.15:
        yield "count nothing"
    if random.random() < 0.5:
        yield f"let basket = {inner.value('money EUR', 2)}"
        inner.lets["basket"] = "money EUR"
    if random.random() < 0.1:
        yield f"needs {inner.condition(1)}"
    yield send(inner)
    yield f"value {inner.value('money EUR', 2)}"
    if random.random() < 0.6:
        yield f"cost {inner.value('money EUR', 1)}"
    for term in ("propensity", "context", "lever"):
        if random.random() < 0.3:
            yield f"{term} {inner.value('number', 1)}"
    if random.random() < 0.3:
        yield budget(random)
    if random.random() < 0.5:
        chosen = random.sample(policies, random.choice((1, min(2, len(policies)))))
        yield f"obey {random.choice(('nothing', ', '.join(chosen), ', '.join(chosen)))}"


def completing(writer: Writer) -> Iterator[str]:
    """A plan, and two that complete its messages."""
    random = writer.random
    event = random.choice(list(EVENTS))
    key = random.choice(("", *(f"once per {field}" for field in EVENTS[event])))
    for name, how in (("begins", ""), ("adds", "completes begins"), ("ends", "completes begins")):
        wait = f" wait {random.choice(WINDOWS[:4])}" if random.random() < 0.5 else ""
        tagged = random.choice(("", "tagged promo"))
        yield f"plan {name} {{ {how} on {event}{wait} {key} {tagged} {send(writer)} value 1 EUR }}"


def once(random: Random, event: str | None) -> str:
    key = random.choice(["user", *(name for name, type_ in EVENTS[event].items())]) if event else "user"
    return f"once per {key}{random.choice(('', f' in any {random.choice(WINDOWS)}', ' per day'))}"


def send(writer: Writer) -> str:
    random = writer.random
    channels = random.sample(CHANNELS, random.choice((1, 2, 3)))
    steps = [f'{channel} "c{index}"' for index, channel in enumerate(channels)]
    if random.random() < 0.4:
        steps[0] += f" with a = {writer.value('number', 1)}, b = {writer.value('text', 1)}"
    return f"send {' else '.join(steps)}"


def decide(random: Random, name: str, plans: list[str]) -> str:
    parts = [f"among {', '.join(random.sample(plans, min(len(plans), random.choice((2, 4, 6)))))}"]
    if random.random() < 0.4:
        parts.append(f'holdout {share(random)} salt "{name}"')
    if random.random() < 0.8:
        rank = random.choice(
            ("value - cost", "propensity * context * value * lever - cost", "value", "0 EUR - cost")
        )
        parts.append(f"rank by {rank}{random.choice(('', ' then by listed order'))}")
    if random.random() < 0.3:
        parts.append(f"at most {random.choice((1, 2))} per user per {random.choice(UNITS)}")
    return f"decide {name} {{ {' '.join(parts)} }}"


def rules(seed: int, crowds: int = 40, scores: int = 4) -> str:
    """A rule set of crowds and scores."""
    random = Random(seed)
    writer = Writer(random)
    lines = [settings(random), DECLARATIONS]
    for index in range(crowds):
        if index < scores * 3 and index % 3 == 0:
            lines.append(score(writer, f"s{index // 3}"))
        lines.append(crowd(writer, f"c{index}"))
    return "\n".join(lines) + "\n"


def whole(seed: int) -> str:
    """A rule set with plans and decides."""
    random = Random(seed)
    writer = Writer(random)
    lines = [settings(random), DECLARATIONS]
    lines += [crowd(writer, f"c{index}") for index in range(4)]
    lines.append(score(writer, "s0"))
    campaigns = [f"camp{index}" for index in range(random.choice((1, 2)))]
    lines += [campaign(random, name) for name in campaigns]
    policies = [f"p{index}" for index in range(random.choice((1, 2, 3)))]
    lines += [policy(writer, name, index == 0) for index, name in enumerate(policies)]
    plans = [f"plan{index}" for index in range(random.choice((2, 4, 6)))]
    lines += [plan(writer, name, policies, campaigns) for name in plans]
    if seed % 3 == 0:
        lines += completing(Writer(Random(f"completing {seed}"), writer.crowds, writer.scores))
        plans += ["begins", "adds", "ends"]
    lines += [decide(random, f"d{index}", plans) for index in range(2)]
    return "\n".join(lines) + "\n"
