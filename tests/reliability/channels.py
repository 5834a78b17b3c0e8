"""Events come in over the broker, orders go out over it, and a channel sends them while everything is killed."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import aio_pika
import grpc
from aio_pika.abc import AbstractIncomingMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.json_format import Parse
from suasion.v1 import contact_pb2
from suasion.v1 import contact_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb

from cli.private.rabbitmq import RabbitMq
from server.ports import DEFAULT_WORKSPACE
from tests.backing import await_on_disk
from tests.bus.broker import Broker, as_json
from tests.bus.claims import AWAY, lost
from tests.reliability.claims import BATCH, PAID, RULES, WAIT_SECONDS, batch, kill_at_random
from tests.reliability.places import Killable, Place
from tests.reliability.process import PAUSE, Client, Server

LEASE = Duration(seconds=2)
"""For which a contact may be on its way."""
DIES = 0.05
"""Of a channel's worker, at each of its steps."""
REFUSED = frozenset({grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.NOT_FOUND})


class Died(Exception):
    """A worker of the channel, in the middle of what it did."""


@dataclass(slots=True)
class Channel:
    """Sends what is ordered, by the protocol of docs/messages.md, by workers that die now and then. `sent`: how often people's
    devices were told, by occurrence; one that `deduplicates` tells them once, however often it is asked."""

    client: Client
    deduplicates: bool
    dice: random.Random
    sent: Counter[str] = field(default_factory=Counter)

    async def take(self, message: AbstractIncomingMessage) -> None:
        """One order. The worker that dies is followed by another, which is given the order again."""
        try:
            await self.lead(Parse(message.body, contact_pb2.Contact()).contact_id)
        except Died:
            await message.nack()
        else:
            await message.ack()

    async def lead(self, id: str) -> None:
        request = pb.DispatchRequest(
            contact_id=id, request_id=uuid.uuid4().hex, lease_duration=LEASE, deduplicates=self.deduplicates
        )
        try:
            contact = (await self.client.until_answered(self.client.contacts.Dispatch, request)).contact
        except grpc.aio.AioRpcError as error:
            if error.code() in REFUSED:  # it is under way elsewhere, or of another test
                return
            raise
        self.may_die()
        self.sent[contact.occurrence] += not (self.deduplicates and self.sent[contact.occurrence])
        self.may_die()
        told = pb.ConfirmRequest(contact_id=id, fencing_token=contact.fencing_token)
        await self.confirm(told)

    async def confirm(self, told: pb.ConfirmRequest) -> None:
        """One whose lease has ended may have been dispatched again meanwhile."""
        try:
            await self.client.until_answered(self.client.contacts.Confirm, told)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:
                raise

    def may_die(self) -> None:
        if self.dice.random() < DIES:
            raise Died

    async def listen(self, url: str) -> None:
        """Connected again whenever the broker is."""
        while True:
            try:
                async with await aio_pika.connect(url) as connection:
                    channel = await connection.channel()
                    await channel.set_qos(prefetch_count=50)
                    queue = await channel.get_queue(f"suasion.{DEFAULT_WORKSPACE}.orders.sms")
                    await queue.consume(self.take)
                    await lost(connection)
            except AWAY:
                await asyncio.sleep(PAUSE)

    async def sweep(self) -> None:
        """What nobody told of is sent again, where that does no harm."""
        while True:
            for each in await uncertain(self.client):
                try:
                    await self.lead(each.contact_id)
                except Died:
                    continue
            await asyncio.sleep(PAUSE)


async def uncertain(client: Client) -> Sequence[contact_pb2.Contact]:
    """All that are listed."""
    found: list[contact_pb2.Contact] = []
    token = ""
    while True:
        request = pb.ListUncertainRequest(page_size=1000, page_token=token)
        page = await client.until_answered(client.contacts.ListUncertain, request)
        found.extend(page.contacts)
        token = page.next_page_token
        if not token:
            return found


async def kills_send_once(
    place: Place, name: str, events: int, kills: int, seed: int, *, deduplicates: bool
) -> str:
    """Orders come in over the broker, some of them paid before, reminders come due, and a channel sends them, while the server and each of what it rests on is
    killed so many times at random, and the channel's workers now and then. Each event that was confirmed is there once. By a channel
    that deduplicates each unpaid order is reminded of, once; by another none twice, and those that it may not have sent are listed.
    `name`: the line of business."""
    dice = random.Random(seed)
    process = Server(RULES, place)
    await process.start()
    client = Client(process.address)
    channel = Channel(client, deduplicates, dice)
    rabbitmq = await broker_of(place, name)
    orders = [f"{name}-o{each}" for each in range(events)]
    unpaid = {f"remind/order={order}" for each, order in enumerate(orders) if each % PAID}
    async with asyncio.timeout(WAIT_SECONDS):
        working = [asyncio.create_task(channel.listen(rabbitmq.url))]
        if deduplicates:
            working.append(asyncio.create_task(channel.sweep()))
        async with asyncio.TaskGroup() as tasks:
            for mortal in (process, *place.mortals):
                tasks.create_task(kill_at_random(mortal, kills, dice))
            tasks.create_task(tell(client, rabbitmq.url, name, orders, dice))
        listed = await settled(client, channel, unpaid)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
    await client.close()
    await process.stop()
    paid = events - len(unpaid)
    ours = f"where id like '{name}-%'"
    assert place.rows(f"select count(*) from events {ours}") == [(events + paid,)]
    assert place.rows("select count(*), count(distinct occurrence) from contacts") == [
        (len(unpaid), len(unpaid))
    ]
    assert set(channel.sent) <= unpaid and max(channel.sent.values()) == 1
    assert unpaid - set(channel.sent) <= listed
    assert not (deduplicates and listed)
    return f"{len(channel.sent):,} of {len(unpaid):,} sent, none twice, {len(listed)} uncertain and listed"


async def settled(client: Client, channel: Channel, unpaid: set[str]) -> set[str]:
    """Once every order that is unpaid was sent, or may have been: those listed as uncertain."""
    while True:
        listed = {each.occurrence for each in await uncertain(client)}
        if unpaid <= listed | set(channel.sent) and not (channel.deduplicates and listed):
            return listed
        await asyncio.sleep(PAUSE)


async def broker_of(place: Place, name: str) -> RabbitMq:
    """The broker that a place rests on, once it will know its queues again."""
    (rabbitmq,) = (
        each.server
        for each in place.mortals
        if isinstance(each, Killable) and isinstance(each.server, RabbitMq)
    )
    for queue in (f"events.{name}", "orders.sms"):
        broker = await Broker.connect(rabbitmq.url, DEFAULT_WORKSPACE)
        await broker.until_there(queue)
        await broker.close()
        await asyncio.to_thread(await_on_disk, rabbitmq, f"suasion.{DEFAULT_WORKSPACE}.{queue}")
    return rabbitmq


async def tell(client: Client, url: str, line: str, orders: list[str], dice: random.Random) -> None:
    """Each event until it is confirmed: what is paid directly, so that it is known before its order is."""
    for start in range(0, len(orders), BATCH):
        of_type = defaultdict(list)
        for each in batch(orders, start).events:
            of_type[each.type].append(each)
        paid = facts_pb.RecordEventsRequest(events=of_type["order_paid"])
        await client.until_answered(client.facts.RecordEvents, paid)
        await confirmed(url, line, of_type["order_created"])
        await asyncio.sleep(dice.random() * 0.1)


async def confirmed(url: str, line: str, events: Sequence[facts_pb.Event]) -> None:
    """Once the broker has them for good."""
    while True:
        try:
            broker = await Broker.connect(url, DEFAULT_WORKSPACE)
            await asyncio.gather(*(broker.tell(as_json(each), line) for each in events))
            return await broker.close()
        except AWAY:
            await asyncio.sleep(PAUSE)
