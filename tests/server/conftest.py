"""A real server on a free port, and a client beside it in the same event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import uvloop
from suasion.v1 import rule_set_service_pb2 as rules_pb
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.fact_service_pb2_grpc import FactServiceStub
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

from server.ports import Stores
from server.rpc.endpoint import Access
from server.rpc.transports import Transport
from server.stores import memory_stores
from server.wiring import Service
from tests.server.clock import SetClock
from tests.stores import SERVED

Run = Callable[[Awaitable[Any]], Any]
RULES = (Path(__file__).parent / "shop.sua").read_text(encoding="utf-8")

# Without a use of its own for the whole run, gRPC stops its poller when the last channel is collected as garbage,
# and waits for it within the collection: whatever test runs then hangs.
grpc.aio.init_grpc_aio()


class Client:
    """The three services behind one channel."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.channel = channel
        self.decisions: Any = DecisionServiceStub(channel)  # type: ignore[no-untyped-call]
        self.contacts: Any = ContactServiceStub(channel)  # type: ignore[no-untyped-call]
        self.facts: Any = FactServiceStub(channel)  # type: ignore[no-untyped-call]
        self.rules: Any = RuleSetServiceStub(channel)  # type: ignore[no-untyped-call]

    async def activate(self, text: str, name: str = "shop.sua", **options: Any) -> Any:
        sources = rules_pb.Sources(files=[rules_pb.SourceFile(name=name, text=text)])
        request = rules_pb.RuleSetServiceActivateRequest(sources=sources, **options)
        return await self.rules.Activate(request)


class Running:
    """A service that listens, with a client."""

    transport = Transport.GRPCIO

    def __init__(self, service: Service, address: str) -> None:
        self.service = service
        self.address = address
        self.client = Client(grpc.aio.insecure_channel(address))
        self.stores: Stores = service.stores

    @classmethod
    async def start(cls, stores: Stores, **options: Any) -> Running:
        service = await Service.build(stores, transport=cls.transport, **options)
        return cls(service, await service.start("127.0.0.1:0"))

    async def stop(self) -> None:
        await self.client.channel.close()
        await self.service.stop()


@pytest.fixture(autouse=True)
def transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What speaks gRPC in a test."""
    monkeypatch.setattr(Running, "transport", getattr(request, "param", Transport.GRPCIO))


BY_EACH_TRANSPORT = pytest.mark.parametrize("transport", [Transport.GRPCIO, Transport.NATIVE], indirect=True)


@pytest.fixture
def run() -> Iterator[Run]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        asyncio.set_event_loop(runner.get_loop())  # in which a call is begun before it is awaited
        yield lambda call: runner.run(awaited(call))


async def awaited(call: Awaitable[Any]) -> Any:
    return await call


@pytest.fixture
def bare(run: Run) -> Iterator[Running]:
    """A server without rules, which decides nothing by itself."""
    running = run(Running.start(memory_stores(), clock="events", access=Access(reflect=True), timers=False))
    yield running
    run(running.stop())


@pytest.fixture
def shop(bare: Running, run: Run) -> Running:
    """A server with the rules of `shop.sua`."""
    run(bare.client.activate(RULES))
    return bare


@pytest.fixture(params=SERVED)
def stall(request: pytest.FixtureRequest, tmp_path: Path, run: Run) -> Iterator[Any]:
    """A server with the rules of `decide.sua` that stands at ten o'clock, on every store."""
    from tests.server.decide_shop import TEN, Shop

    opened = run(Shop.open(SERVED[request.param](request, tmp_path)(), SetClock(TEN)))
    yield opened
    run(opened.running.stop())


async def refused(call: Any) -> grpc.aio.AioRpcError:
    """The status with which a call ends."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value
