"""Logs of decisions, made by the service that serves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from dsl.source import Source
from examples.retail.shopping import customers, events
from server.ports import By, RuleFiles, WhenFull
from server.stores import memory_stores
from server.wiring import Service, decision_log
from suasion_client import (
    AsyncClient,
    CheckContact,
    Confirm,
    Conflict,
    Decide,
    Dispatch,
    Event,
    ListCrowds,
    LoadList,
    MatchPlan,
    Money,
    Profile,
    UpsertProfiles,
)

ROOT = Path(__file__).resolve().parents[2]
Ask = Callable[[Event, Random], Iterable[Any]]
"""What is asked when an event was told."""


@dataclass(frozen=True)
class History:
    """What a service is told and asked, under some rules."""

    rules: Source
    profiles: Sequence[Profile]
    events: Sequence[Event]
    asks: Ask
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)


def record(history: History, directory: Path) -> RuleFiles:
    """Have a service live it, with a log of what it decides."""
    files = RuleFiles((history.rules,))
    asyncio.run(lived(history, files, directory))
    return files


async def lived(history: History, files: RuleFiles, directory: Path) -> None:
    log = decision_log(str(directory), full=WhenFull.BLOCK, mask=False)
    service = await Service.build(memory_stores(), clock="events", log=log)
    await service.releases.activate_files(files, By())
    try:
        async with AsyncClient(await service.start("127.0.0.1:0"), seconds=30) as suasion:
            await suasion.ask(UpsertProfiles(history.profiles))
            for name, members in history.lists.items():
                await suasion.ask(LoadList(name, members))
            await told(history, suasion)
    finally:
        await service.stop()


async def told(history: History, suasion: AsyncClient) -> None:
    random = Random(1)
    for event in history.events:
        for request in history.asks(event, random):
            answer = await suasion.ask(request)
            if isinstance(request, Decide) and answer.contact is not None:
                await sent(suasion, answer.contact.id)


async def sent(suasion: AsyncClient, contact: str) -> None:
    try:
        sending = await suasion.ask(Dispatch(contact))
    except Conflict:  # its lease ended, as time went on with the event
        return
    await suasion.ask(Confirm(contact, sending.fencing_token))


# ---- shops


def text(path: str, name: str = "rules.sua") -> Source:
    """The rules of an example, without their tests."""
    found = (ROOT / path).read_text(encoding="utf-8")
    return Source(name, found.partition("\ntest ")[0].partition("\n# ---- tests")[0] + "\n")


def retail(number: int = 400, people: int = 30) -> History:
    profiles = customers(people, 1)
    names = [each.user for each in profiles]
    return History(
        text("examples/retail/rules.sua"),
        profiles,
        list(islice(events(names, 1), number)),
        about_an_order,
        {"do_not_contact": names[:2], "testers": names[2:4]},
    )


def about_an_order(event: Event, random: Random) -> Iterator[Any]:
    decide = "now_for_order" if event.type == "order_created" else "best_offer"
    yield Decide(event.user, decide, event, request_id=event.id)
    for hours in (random.uniform(0, 48), random.uniform(24, 200)):
        yield MatchPlan(event.user, "best_offer", event.time + timedelta(hours=hours))
    yield MatchPlan(event.user, "now_for_order", event.time + timedelta(minutes=random.uniform(0, 90)))
    yield ListCrowds(event.user, event.time + timedelta(hours=1))


def carts(number: int = 150, people: int = 20) -> History:
    random = Random(2)
    start = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Europe/Berlin"))
    profiles = [
        Profile(shopper(each), {"email_ok": random.random() < 0.7, "country": random.choice(("de", "fr"))})
        for each in range(people)
    ]
    return History(
        text("docs/api/shop.sua"),
        profiles,
        [
            some_event(random, number, start + timedelta(minutes=40 * number), people)
            for number in range(number)
        ],
        about_a_cart,
        {"staff": [shopper(0), shopper(1)]},
    )


def shopper(number: int) -> str:
    """Some people would like to be more than a name."""
    return f"u{number}<script>alert({number})</script>"


def some_event(random: Random, number: int, time: datetime, people: int) -> Event:
    type = random.choices(("cart_add", "order_paid", "rejected"), (12, 2, 1))[0]
    price = Money(f"{random.randint(5, 60)}.00", "EUR")
    fields = {"cart_add": {"sku": "a", "price": price}, "order_paid": {"total": price}}.get(type, {})
    return Event(f"e{number}", type, shopper(random.randrange(people)), time, fields)


def about_a_cart(event: Event, random: Random) -> Iterator[Any]:
    yield Decide(event.user, "best", event, request_id=event.id)
    for hours in (random.uniform(0, 5), random.uniform(5, 100)):
        yield MatchPlan(event.user, "best", event.time + timedelta(hours=hours))
    yield CheckContact(event.user, "nudge", event.time + timedelta(hours=1))
    yield ListCrowds(event.user, event.time + timedelta(hours=2))


def purchases(number: int = 200) -> History:
    """The first customers of CDNOW."""
    zone = ZoneInfo("America/New_York")
    rows = [line.split() for line in (ROOT / "examples/cdnow/purchases.txt").read_text().splitlines()]
    told = [
        Event(
            f"p{at}",
            "purchase",
            user,
            datetime.strptime(day + "12", "%Y%m%d%H").replace(tzinfo=zone),
            {
                "day": f"{day[:4]}-{day[4:6]}-{day[6:]}",
                "quantity": int(quantity),
                "amount": Money(amount, "USD"),
            },
        )
        for at, (_, user, day, quantity, amount) in enumerate(rows[:number])
    ]
    users = sorted({each.user for each in told})
    profiles = [Profile(user, {"email_ok": int(user) % 4 != 0}) for user in users]
    return History(
        text("examples/cdnow/rules.sua"), profiles, sorted(told, key=lambda each: each.time), about_a_purchase
    )


def about_a_purchase(event: Event, random: Random) -> Iterator[Any]:
    yield Decide(event.user, "best", event, request_id=event.id)
    for days in (random.uniform(5, 30), random.uniform(30, 400)):
        yield MatchPlan(event.user, "best", event.time + timedelta(days=days))
    yield ListCrowds(event.user, event.time + timedelta(hours=1))
