"""A server between a real broker and a store, by a clock that stands where the test puts it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvloop
from aio_pika.abc import AbstractIncomingMessage

from server.wiring import rabbitmq
from tests.bus.broker import Broker
from tests.server.clock import SetClock
from tests.server.conftest import Run, Running, awaited
from tests.server.decide_shop import RULES, TEN
from tests.stores import ADAPTERS, Open

LINES = ("default", "orders")


class Shop:
    """A server with the rules of `decide.sua`, and a client of its broker."""

    def __init__(self, running: Running, clock: SetClock, broker: Broker) -> None:
        self.running, self.clock, self.broker = running, clock, broker
        self.stores = running.stores

    @classmethod
    async def open(cls, stores: Open, url: str, workspace: str, *, rules: str | None = RULES) -> Shop:
        clock = SetClock(TEN)
        running = await Running.start(
            stores(), clock=clock, bus=rabbitmq(url, LINES, workspace), telemetry=None
        )
        if rules is not None:
            await running.client.activate(rules, "decide.sua")
        shop = cls(running, clock, await Broker.connect(url, workspace))
        await shop.until("connected", True)
        return shop

    async def close(self) -> None:
        await self.broker.close()
        await self.running.stop()

    def figure(self, name: str) -> float:
        """What the server counts under this name."""
        (found,) = [each for each in self.running.service.figures if each.name == f"suasion.bus.{name}"]
        value = found.read()
        assert value is not None
        return value

    async def sending(self) -> None:
        """Wait until something was sent: before, RabbitMQ may tell of a queue that cannot be asked for messages yet."""
        async with asyncio.timeout(30):
            while not self.figure("sent"):
                await asyncio.sleep(0.01)

    async def next(self, rest: str) -> AbstractIncomingMessage:
        """The next order of a queue."""
        await self.sending()
        return await self.broker.next(rest)

    async def until(self, name: str, value: float) -> None:
        """Wait until a count has come so far."""
        async with asyncio.timeout(30):
            while self.figure(name) < value:
                await asyncio.sleep(0.01)
        assert self.figure(name) == value


@pytest.fixture
def run() -> Iterator[Run]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        asyncio.set_event_loop(runner.get_loop())
        yield lambda call: runner.run(awaited(call))


@pytest.fixture
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """SQLite, unless the test says which."""
    return ADAPTERS[getattr(request, "param", "sqlite")](request, tmp_path)


@pytest.fixture
def shop(stores: Open, rabbitmq_url: str, name: str, run: Run) -> Iterator[Any]:
    opened = run(Shop.open(stores, rabbitmq_url, name))
    yield opened
    run(opened.close())
