"""Events that cancel a waiting plan come in at the very instant at which it is due: what was cancelled is not sent.

As a program, a server whose ledger checks no revision: `python -m tests.reliability.racing serve …`, for which that does not hold.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import replace
from typing import Any, cast

from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import create_engine, text
from suasion.v1 import fact_service_pb2 as facts_pb

from server.ports import ContactLedger, Stores
from tests.reliability.claims import WAIT_SECONDS, servers
from tests.reliability.places import Place
from tests.reliability.process import PAUSE, Client
from tests.reliability.stores import Racy

SECOND = 10**6
"""In microseconds: for so long a reminder waits."""
APART = (1000, 100_000)
"""Microseconds at most between the instant at which a reminder is due and the event that cancels it: the one or the other."""
TOGETHER = 50
"""Orders of one instant."""
CANCELS = 5
"""Calls that cancel them."""
NOTICE = (
    "create table late (occurrence varchar(768))",
    "create trigger notice after insert on contacts for each row begin insert into late select new.occurrence "
    "from events where id = replace(new.occurrence, 'remind/order=', ''); end",
)
"""The database itself notes each contact that is granted while the event is there that cancels it: it has the order's name as id."""


async def cancelled_is_not_sent(place: Place, orders: int, nodes: int, at_once: int, seed: int) -> str:
    """Each order is paid as its reminder is due, a millisecond before or behind, or at most a tenth of a second (more, where a machine is too slow for that). `at_once`: how many instants are
    waited for."""
    granted, late = await race(place, orders, nodes, at_once, seed)
    assert 0 < granted < orders, f"no race: {granted} of {orders} were granted"
    assert late == 0, f"{late} of {granted} were granted behind the event that cancels them"
    return f"{granted:,} of {orders:,} sent, none of them behind a cancel"


async def race(place: Place, orders: int, nodes: int, at_once: int, seed: int) -> tuple[int, int]:
    """How many were granted, and how many of them behind the event that cancels them."""
    dice = random.Random(seed)
    batches = iter(range(0, orders, TOGETHER))
    apart = 1
    async with servers(place, nodes) as pairs:
        notice(place)
        clients = [client for _, client in pairs]

        async def follow() -> None:
            nonlocal apart
            for start in batches:
                names = [f"o{each}" for each in range(start, min(start + TOGETHER, orders))]
                await paid_when_due(clients, names, dice, apart)
                if place.rows("select count(*) from contacts") == [(0,)]:
                    apart *= 2  # the machine is so slow that cancels always come first

        async with asyncio.timeout(WAIT_SECONDS):
            await asyncio.gather(*(follow() for _ in range(at_once)))
            while place.rows("select count(*) from occurrences where wake is not null") != [(0,)]:
                await asyncio.sleep(PAUSE)
    ((granted, late),) = place.rows("select (select count(*) from contacts), (select count(*) from late)")
    return granted, late


def notice(place: Place) -> None:
    engine = create_engine(place.url)
    with engine.begin() as connection:
        for statement in NOTICE:
            connection.execute(text(statement))
    engine.dispose()


async def paid_when_due(clients: list[Client], names: list[str], dice: random.Random, apart: int) -> None:
    created = time.time_ns() // 1000
    orders = [event(f"{name}-created", "order_created", name, created) for name in names]
    client = dice.choice(clients)
    await client.until_answered(client.facts.RecordEvents, facts_pb.RecordEventsRequest(events=orders))
    paid = [event(name, "order_paid", name, created + SECOND - 1) for name in names]
    due = (created + SECOND) / 10**6
    await asyncio.gather(
        *(cancel(dice.choice(clients), paid[each::CANCELS], due, dice, apart) for each in range(CANCELS))
    )


async def cancel(
    client: Client, paid: list[facts_pb.Event], due: float, dice: random.Random, apart: int
) -> None:
    instant = due + apart * dice.choice(APART) * dice.uniform(-1, 1) / 10**6
    await asyncio.sleep(max(0.0, instant - time.time()))
    await client.until_answered(client.facts.RecordEvents, facts_pb.RecordEventsRequest(events=paid))


def event(id: str, type: str, order: str, instant: int) -> facts_pb.Event:
    return facts_pb.Event(
        event_id=id,
        type=type,
        user_id=f"u{order}",
        event_time=Timestamp(seconds=instant // 10**6, nanos=instant % 10**6 * 1000),
        fields_json=f'{{"order": "{order}"}}'.encode(),
    )


def racy(stores: Stores) -> Stores:
    return replace(stores, contacts=cast(ContactLedger, Racy(stores.contacts)))


def main() -> None:
    from cli import main as command
    from cli import stores

    opening: Any = stores
    opened = opening.opened
    opening.opened = lambda *words, **named: racy(opened(*words, **named))
    command.main()


if __name__ == "__main__":
    main()
