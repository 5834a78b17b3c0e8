"""A client of the broker, as those who send events and those who send messages to people have one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Self

import aio_pika
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractExchange,
    AbstractIncomingMessage,
    AbstractQueue,
)
from suasion.v1 import fact_service_pb2 as facts_pb

SECONDS = 30


class Broker:
    """One connection, in one workspace."""

    def __init__(self, connection: AbstractConnection, channel: AbstractChannel, workspace: str) -> None:
        self._connection = connection
        self.channel = channel
        self._workspace = workspace

    @classmethod
    async def connect(cls, url: str, workspace: str) -> Self:
        connection = await aio_pika.connect(url)
        return cls(connection, await connection.channel(on_return_raises=True), workspace)

    async def close(self) -> None:
        await self._connection.close()

    def name(self, rest: str) -> str:
        return f"suasion.{self._workspace}.{rest}"

    async def tell(self, body: bytes, line: str = "default", content_type: str = "application/json") -> None:
        """Returns once the broker has it for good."""
        message = aio_pika.Message(
            body, content_type=content_type, delivery_mode=aio_pika.DeliveryMode.PERSISTENT
        )
        exchange = await self.channel.get_exchange(self.name("events"), ensure=False)
        await exchange.publish(message, line)

    async def listen(self, exchange: str, *keys: str) -> AbstractQueue:
        """A queue of our own that is bound to an exchange."""
        queue = await self.channel.declare_queue(exclusive=True)
        for key in keys:
            await queue.bind(self.name(exchange), key)
        return queue

    async def cut(self, channel: str) -> None:
        """Take the queue of a channel off the orders' exchange, once it is there."""
        queue = await self.until_there(f"orders.{channel}")
        exchange = await self.channel.get_exchange(self.name("orders"), ensure=False)
        async with asyncio.timeout(SECONDS):
            while not await routed(exchange, channel):
                await asyncio.sleep(0.02)
        await queue.unbind(exchange, channel)
        await queue.purge()

    async def next(self, rest: str) -> AbstractIncomingMessage:
        """The next message of a queue, taken off it."""
        return await next_of(await self.until_there(rest))

    async def until_there(self, rest: str) -> AbstractQueue:
        """The queue, once somebody has declared it."""
        async with asyncio.timeout(SECONDS):
            while True:
                channel = await self._connection.channel()  # the broker closes it if there is none
                try:
                    return await channel.get_queue(self.name(rest))
                except aio_pika.exceptions.ChannelNotFoundEntity:
                    await asyncio.sleep(0.02)


async def routed(exchange: AbstractExchange, key: str) -> bool:
    try:
        await exchange.publish(aio_pika.Message(b"probe"), key)
    except aio_pika.exceptions.PublishError:
        return False
    return True


async def next_of(queue: AbstractQueue) -> AbstractIncomingMessage:
    async with asyncio.timeout(SECONDS):
        while (message := await queue.get(fail=False)) is None:
            await asyncio.sleep(0.02)
    await message.ack()
    return message


def as_json(event: facts_pb.Event) -> bytes:
    """As the lines that `suasion ask events` takes."""
    told: Mapping[str, Any] = {
        "event": event.type,
        "event_id": event.event_id,
        "user_id": event.user_id,
        "time": event.event_time.ToJsonString(),
        "fields": json.loads(event.fields_json or b"{}"),
    }
    return json.dumps(told).encode()
