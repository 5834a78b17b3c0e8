"""What holds as long as a connection to the broker does."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, TypeAlias

from aio_pika import DeliveryMode, Message
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractExchange,
    AbstractIncomingMessage,
    AbstractQueue,
    ExchangeType,
)

from server.adapters.rabbitmq.names import DEAD, QUORUM, Names, dead_when, limited, never_lost
from server.ports import Outgoing, Way

PREFETCH = 400
"""Messages of a line that are here and not settled."""
SEND_SECONDS = 10.0
Inbox: TypeAlias = "asyncio.Queue[AbstractIncomingMessage | None]"


class Session:
    """Made by `open`. `ended` is done once it can do no more, because the broker closed something of it."""

    def __init__(self, connection: AbstractConnection, names: Names, sending: AbstractChannel) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._connection = connection
        self._names = names
        self._sending = sending
        self._exchanges: dict[Way, AbstractExchange] = {}
        self._consumers: list[tuple[AbstractQueue, str]] = []
        self._offered: set[str] = set()
        connection.close_callbacks.add(self._over)
        sending.close_callbacks.add(self._over)

    @classmethod
    async def open(
        cls, connection: AbstractConnection, names: Names, inboxes: Mapping[str, Inbox]
    ) -> Session:
        session = cls(connection, names, await connection.channel(on_return_raises=True))
        await session._declare()
        for line, inbox in inboxes.items():
            await session._consume(line, inbox)
        return session

    async def _declare(self) -> None:
        channel, names = self._sending, self._names
        dead = await channel.declare_exchange(names.dead, ExchangeType.HEADERS, durable=True)
        letters = await channel.declare_queue(names.dead, durable=True, arguments=QUORUM)
        for reason in DEAD:
            await letters.bind(dead, arguments=dead_when(reason))
        for way in Way:
            name = names.way(way)
            self._exchanges[way] = await channel.declare_exchange(name, ExchangeType.DIRECT, durable=True)

    async def _consume(self, line: str, inbox: Inbox) -> None:
        channel, names = await self._connection.channel(), self._names
        channel.close_callbacks.add(self._over)
        await channel.set_qos(prefetch_count=PREFETCH)
        exchange = await channel.declare_exchange(names.events, ExchangeType.DIRECT, durable=True)
        queue = await channel.declare_queue(names.line(line), durable=True, arguments=never_lost(names))
        await queue.bind(exchange, line)

        async def deliver(message: AbstractIncomingMessage) -> None:
            inbox.put_nowait(message)

        self._consumers.append((queue, await queue.consume(deliver)))
        underlay: Any = await channel.get_underlay_channel()
        underlay.on_consumer_cancel_callbacks.add(self._over)  # as when its queue was deleted

    async def take_no_more(self) -> None:
        for queue, tag in self._consumers:
            await queue.cancel(tag)

    async def offer(self, channels: Collection[str]) -> None:
        for name in sorted(set(channels) - self._offered):
            arguments = limited(self._names)
            queue = await self._sending.declare_queue(
                self._names.channel(name), durable=True, arguments=arguments
            )
            await queue.bind(self._exchanges[Way.ORDER], name)
            self._offered.add(name)

    async def send(self, message: Outgoing, lasts: int | None) -> None:
        """Decisions may have nobody who wants them; an order has to have its queue."""
        wanted = message.way is Way.ORDER
        if wanted:
            await self.offer([message.key])
        body = Message(
            message.body,
            message_id=message.id,
            type=message.type,
            content_type="application/json",
            delivery_mode=DeliveryMode.PERSISTENT,
            expiration=None if lasts is None else timedelta(microseconds=lasts),
        )
        exchange = self._exchanges[message.way]
        await exchange.publish(body, message.key, mandatory=wanted, timeout=SEND_SECONDS)

    def offer_again(self, channel: str) -> None:
        """Its queue is gone."""
        self._offered.discard(channel)

    async def bury(self, message: AbstractIncomingMessage, reason: str) -> None:
        """Put it among the dead letters."""
        told = {"suasion-reason": reason, "suasion-line": message.routing_key or ""}
        letter = Message(
            message.body,
            headers={**message.headers, **told},
            message_id=message.message_id,
            content_type=message.content_type,
            delivery_mode=DeliveryMode.PERSISTENT,
        )
        dead = self._sending.default_exchange
        await dead.publish(letter, self._names.dead, mandatory=True, timeout=SEND_SECONDS)

    def _over(self, *_: object) -> None:
        if not self.ended.done():
            self.ended.set_result(None)
