"""RabbitMQ as a Bus: connected again whenever it is lost."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Collection, Sequence

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, DeliveryError

from server.adapters.rabbitmq.names import Names
from server.adapters.rabbitmq.session import Inbox, Session
from server.ports import BusUnavailable, Fate, Incoming, NotTaken, Outgoing, Refused, Settled, Way

MOST = 200
"""Messages of a batch."""
CONNECT_SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
"""Seconds between two tries at connecting."""
log = logging.getLogger("suasion.bus")


class RabbitBus:
    """A Bus."""

    def __init__(self, url: str, workspace: str, lines: Sequence[str]) -> None:
        self.lines = lines
        self._url = url
        self._names = Names(workspace)
        self._inboxes: dict[str, Inbox] = {line: asyncio.Queue() for line in lines}
        self._session: Session | None = None
        self._taking = True

    @property
    def connected(self) -> bool:
        return self._session is not None

    async def run(self) -> None:
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while True:
            begun = loop.time()
            try:
                async with await aio_pika.connect(self._url, timeout=CONNECT_SECONDS) as connection:
                    inboxes = self._inboxes if self._taking else {}
                    self._session = await Session.open(connection, self._names, inboxes)
                    log.info({"event": "bus_connected"})
                    await self._session.ended
            except CONNECTION_EXCEPTIONS as error:
                log.warning({"event": "bus_away", "exception": type(error).__name__})
            finally:
                self._forget()
            held = loop.time() - begun > LONGEST_PAUSE
            pause = FIRST_PAUSE if held else min(2 * pause, LONGEST_PAUSE)
            await asyncio.sleep(random.uniform(0.5, 1) * pause)

    def _forget(self) -> None:
        """What was delivered and not looked at is delivered again."""
        self._session = None
        for inbox in self._inboxes.values():
            while not inbox.empty():
                inbox.get_nowait()
            if not self._taking:
                inbox.put_nowait(None)

    # ---- in

    async def take(self, line: str) -> RabbitBatch | None:
        inbox = self._inboxes[line]
        taken = [await inbox.get()]
        while not inbox.empty() and len(taken) < MOST:
            taken.append(inbox.get_nowait())
        if taken[-1] is None:
            inbox.put_nowait(None)
        messages = [each for each in taken if each is not None]
        return RabbitBatch(messages, self._session) if messages else None

    async def take_no_more(self) -> None:
        self._taking = False
        try:
            if self._session:
                await self._session.take_no_more()
        except CONNECTION_EXCEPTIONS:
            log.debug({"event": "bus_away"})
        for inbox in self._inboxes.values():
            inbox.put_nowait(None)

    # ---- out

    async def offer(self, channels: Collection[str]) -> None:
        try:
            await self._require().offer(channels)
        except CONNECTION_EXCEPTIONS as error:
            raise BusUnavailable(type(error).__name__) from None

    async def send(self, message: Outgoing, lasts: int | None) -> None:
        session = self._require()
        try:
            await session.send(message, lasts)
        except DeliveryError:
            if message.way is Way.ORDER:
                session.offer_again(message.key)
            raise NotTaken(f"{message.way.value} {message.key}") from None
        except CONNECTION_EXCEPTIONS as error:
            raise BusUnavailable(type(error).__name__) from None

    def _require(self) -> Session:
        if self._session is None:
            raise BusUnavailable("not connected")
        return self._session


class RabbitBatch:
    """A Batch. It ends with the session in which it was delivered."""

    def __init__(self, delivered: Sequence[AbstractIncomingMessage], session: Session | None) -> None:
        self.messages: Sequence[Incoming] = [
            Incoming(each.content_type or "", each.body) for each in delivered
        ]
        self._delivered = delivered
        self._session = session

    async def settle(self, fates: Sequence[Fate]) -> None:
        try:
            await self._settle(list(zip(self._delivered, fates, strict=True)))
        except CONNECTION_EXCEPTIONS as error:
            log.debug({"event": "bus_away", "exception": type(error).__name__})

    async def _settle(self, fates: Sequence[tuple[AbstractIncomingMessage, Fate]]) -> None:
        """All that are done with by one word, which speaks for what was delivered before."""
        if self._session is None:
            return
        for message, fate in fates:
            if isinstance(fate, Refused):
                await self._session.bury(message, fate.reason)
            elif fate is Settled.AGAIN:
                await message.nack(requeue=True)
        done = [message for message, fate in fates if fate is not Settled.AGAIN]
        if done:
            await done[-1].ack(multiple=True)
