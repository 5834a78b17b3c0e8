"""What must hold between a broker and a store, whatever dies: each claim at the size that its caller wants. They raise
AssertionError where it does not."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, cast

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage, AbstractQueue
from google.protobuf.json_format import Parse
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import contact_pb2
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb

from cli.private.rabbitmq import RabbitMq
from server.adapters.clocks import SystemClock
from server.ports import EventStore, Stores, StoreUnavailable, Taken
from server.rpc.convert.messages import messages_out
from server.usecases.active_rules import ActiveRules
from server.usecases.relay import Relay
from server.wiring import rabbitmq
from tests.backing import await_on_disk
from tests.bus.broker import Broker, as_json
from tests.bus.conftest import LINES, Shop
from tests.server.decide_shop import DAY, TEN
from tests.server.messages import event
from tests.stores import Open

WRITERS = 64
SECONDS = 120
AWAY = aio_pika.exceptions.CONNECTION_EXCEPTIONS


@dataclass(slots=True)
class Received:
    """Orders that came, by id, how often each."""

    times: Counter[str] = field(default_factory=Counter)
    of_user: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    async def take(self, message: AbstractIncomingMessage) -> None:
        contact = Parse(message.body, contact_pb2.Contact())
        if contact.contact_id not in self.times:
            self.of_user[contact.user_id].append(contact.content)
        self.times[contact.contact_id] += 1
        await message.ack()

    @property
    def doubles(self) -> int:
        return self.times.total() - len(self.times)

    async def until(self, number: int) -> None:
        async with asyncio.timeout(SECONDS):
            while len(self.times) < number:
                await asyncio.sleep(0.02)


# ---- out


async def relays_lose_nothing(open_node: Open, url: str, workspace: str, number: int, seed: int) -> int:
    """64 writers commit decisions with pauses of random length, two nodes relay them: each order arrives, those of a user
    in the order in which they were taken. How many came twice."""
    nodes = open_node(), open_node()
    dice = random.Random(seed)
    each = number // WRITERS
    async with relaying(nodes, url, workspace) as queue:
        received = Received()
        await queue.consume(received.take)
        await asyncio.gather(
            *(write(nodes[user % 2], f"u{user}", each, dice) for user in range(WRITERS)),
            received.until(each * WRITERS),
        )
    for node in nodes:
        node.close()
    assert all(told == [str(place) for place in range(each)] for told in received.of_user.values())
    assert len(received.times) == each * WRITERS
    return received.doubles


async def write(node: Stores, user: str, number: int, dice: random.Random) -> None:
    for place in range(number):
        answer = granted(f"{user}-{place}", user, str(place)).SerializeToString()
        taken = Taken(None, b"", user, place, SystemClock().now(), answer, publish=True)
        await committed(node, taken)
        await asyncio.sleep(dice.random() * 0.01)


async def committed(node: Stores, taken: Taken) -> None:
    """However busy the disk is."""
    while True:
        with suppress(StoreUnavailable):
            assert await node.contacts.commit(taken) is None
            return


def granted(id: str, user: str, content: str) -> pb.DecideResponse:
    """An answer that has a contact, which says in `content` the how-manieth of its user it is."""
    contact = contact_pb2.Contact(
        contact_id=id,
        user_id=user,
        channel="sms",
        content=content,
        state=contact_pb2.CONTACT_STATE_RESERVED,
        lease_expire_time=Timestamp(seconds=int(time.time()) + 3600),
    )
    return pb.DecideResponse(contact=contact)


@asynccontextmanager
async def relaying(nodes: tuple[Stores, Stores], url: str, workspace: str) -> AsyncIterator[AbstractQueue]:
    """A relay at each node; the queue of their orders."""
    buses = [rabbitmq(url, (), workspace) for _ in nodes]
    relays = [
        Relay(node.outbox, bus, ActiveRules(), SystemClock(), messages_out)
        for node, bus in zip(nodes, buses, strict=True)
    ]
    keeping = [asyncio.create_task(each.run()) for each in buses]
    running = [asyncio.create_task(each.run()) for each in relays]
    broker = await Broker.connect(url, workspace)
    async with asyncio.timeout(SECONDS):
        while not all(each.connected for each in buses):
            await asyncio.sleep(0.02)
    await buses[0].offer(["sms"])
    yield await broker.until_there("orders.sms")
    for each in relays:
        await each.end()
    await asyncio.gather(*running)
    for task in keeping:
        task.cancel()
    await asyncio.gather(*keeping, return_exceptions=True)
    await broker.close()


async def saturated_channel_leaves_others_alone(shop: Shop, backlog: int) -> tuple[float, float]:
    """Nobody takes orders for SMS any more, and they pile up: orders for push go out as before. Seconds from an event to
    its order, before and behind the backlog."""
    queue = await shop.broker.until_there("orders.push")
    before = [await nudged(shop, queue, f"before{each}") for each in range(20)]
    for start in range(0, backlog, 500):
        orders = [created(f"s{each}", f"s{each}") for each in range(start, min(start + 500, backlog))]
        await asyncio.gather(*(shop.broker.tell(as_json(each), "orders") for each in orders))
    shop.clock.set(DAY + "10:10:00+00:00")
    held = await shop.broker.until_there("orders.sms")
    behind = []
    async with asyncio.timeout(SECONDS):
        while (await held.declare()).message_count < backlog:
            behind.append(await nudged(shop, queue, f"behind{len(behind)}"))
    return sorted(before)[len(before) // 2], sorted(behind)[len(behind) // 2]


async def nudged(shop: Shop, queue: AbstractQueue, id: str) -> float:
    """Seconds until the event has become an order."""
    start = asyncio.get_running_loop().time()
    price = {"amount": "30.00", "currency": "EUR"}
    await shop.broker.tell(as_json(event(id, "cart_add", TEN, f"u-{id}", price=price)))
    await shop.sending()
    async with asyncio.timeout(SECONDS):
        while (message := await queue.get(fail=False)) is None:
            await asyncio.sleep(0.001)
    await message.ack()
    assert Parse(message.body, contact_pb2.Contact()).user_id == f"u-{id}"
    return asyncio.get_running_loop().time() - start


# ---- in


def created(id: str, user: str) -> facts_pb.Event:
    return event(id, "order_created", TEN, user, order=id)


async def broker_deaths_lose_nothing(
    shop: Shop, server: RabbitMq, url: str, workspace: str, events: int, kills: int, seed: int
) -> Counter[str]:
    """Events come in and orders go out while the broker is killed at random: each event that was confirmed is stored once,
    each has its order. How many came twice, each way."""
    await asyncio.to_thread(await_on_disk, server, f"suasion.{workspace}.orders.sms")
    dice, received = random.Random(seed), Received()
    receiving = asyncio.create_task(receive(url, workspace, received))
    killing = asyncio.create_task(kill_at_random(server, kills, dice))
    told = await asyncio.gather(*(tell(url, workspace, events, part) for part in range(4)))
    shop.clock.set(DAY + "10:10:00+00:00")
    pushing = asyncio.create_task(push(shop))
    await killing
    await received.until(events)
    for task in (receiving, pushing):
        task.cancel()
    await shop.until("recorded", events)  # counted once their triggers were judged, too
    assert len(received.times) == events, (len(received.times), received.doubles)
    return Counter(told_again=sum(told), known_again=int(shop.figure("known")), orders_again=received.doubles)


async def push(shop: Shop) -> None:
    """The clock goes on a little, so that claims end; no lease does."""
    for second in range(1, 280):
        await asyncio.sleep(1)
        shop.clock.set(f"{DAY}10:{10 + second // 60}:{second % 60:02}+00:00")


async def tell(url: str, workspace: str, events: int, part: int) -> int:
    """A quarter of the events, each until it is confirmed; how many were sent again."""
    again, pending = 0, list(range(part, events, 4))
    while pending:
        try:
            broker = await Broker.connect(url, workspace)
            while pending:
                some = [created(f"e{each}", f"u{each}") for each in pending[:50]]
                await asyncio.gather(*(broker.tell(as_json(each), LINES[part % 2]) for each in some))
                del pending[:50]
            await broker.close()
        except AWAY:
            again += min(50, len(pending))
            await asyncio.sleep(0.1)
    return again


async def receive(url: str, workspace: str, received: Received) -> None:
    """Take orders, connected again whenever the broker is."""
    while True:
        try:
            async with await aio_pika.connect(url) as connection:
                channel = await connection.channel()
                await channel.set_qos(prefetch_count=100)
                queue = await channel.get_queue(f"suasion.{workspace}.orders.sms")
                await queue.consume(received.take)
                await lost(connection)
        except AWAY:
            await asyncio.sleep(0.1)


async def lost(connection: AbstractConnection) -> None:
    """Returns once it is; `connection.closed()` does so only if it was closed in order."""
    over = asyncio.Event()
    connection.close_callbacks.add(lambda *_: over.set())
    await over.wait()


async def kill_at_random(server: RabbitMq, kills: int, dice: random.Random) -> None:
    for _ in range(kills):
        await asyncio.sleep(dice.random())
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)


class Failing:
    """A store of events that fails with an error of our own at one of them, or is away."""

    def __init__(self, store: EventStore) -> None:
        self.away = False
        self._store: Any = store

    def __getattr__(self, method: str) -> Any:
        return getattr(self._store, method)

    async def append(self, events: Any, *more: Any) -> Any:
        if self.away:
            raise StoreUnavailable("away")
        if any(each.id == "bad" for each in events):
            raise AssertionError("a mistake")
        return await self._store.append(events, *more)


def failing(stores: Stores) -> tuple[Stores, Failing]:
    store = Failing(stores.events)
    return replace(stores, events=cast(EventStore, store)), store
