"""Restarts lose no call: `python -m tests.reliability.rolling STORE [claim …]` takes the claims in full, some minutes each, and prints a row.
STORE is sqlite or mariadb."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import grpc
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.subject_pb2 import Subject

from suasion_client import AsyncClient, Decide, ListCrowds, SuasionError
from tests.reliability.claims import RULES
from tests.reliability.full import PLACES
from tests.reliability.places import Place
from tests.reliability.process import ROOT, START_SECONDS, Server

CONNECTIONS = 8
DEADLINE = 60.0
"""Seconds of a call: what is claimed is that it is answered, not how fast on a busy machine."""
GRANTS = 10
"""One of so many calls decides for good, under an id of its own."""
SERVICE_CONFIG = (ROOT / "suasion_client" / "service_config.json").read_text(encoding="utf-8")
Ask: TypeAlias = Callable[[int], Awaitable[None]]
"""Makes the call of that number; raises when it fails."""


class Workers(Server):
    """`suasion serve --workers N`."""

    errors = asyncio.subprocess.PIPE

    def __init__(self, place: Place, workers: int) -> None:
        super().__init__(RULES, place, "--workers", str(workers), "--linger", "0.2")
        self.serving: dict[int, int] = {}
        """Process ids, by number."""

    async def renew(self) -> None:
        """Exchange all of them."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)
        await self.heard("workers renewed")

    async def heard_of_all(self, number: int) -> None:
        while len(self.serving) < number:
            await self.heard("worker")

    async def kill_one(self, dice: random.Random) -> None:
        """Until another serves in its place."""
        number = dice.choice(sorted(self.serving))
        os.kill(self.serving[number], signal.SIGKILL)
        await self.heard("worker", worker=number)

    async def heard(self, event: str, **told: Any) -> None:
        """Read the log up to this line."""
        wanted = {"event": event, **told}
        assert self._process is not None and self._process.stderr is not None
        async with asyncio.timeout(START_SECONDS):
            while line := await self._process.stderr.readline():
                said = json.loads(line) if line.startswith(b"{") else {}
                if said.get("event") == "worker":
                    self.serving[said["worker"]] = said["pid"]
                if wanted.items() <= said.items():
                    return
        raise AssertionError("the server has ended")


@dataclass(slots=True)
class Calls:
    """What became of calls."""

    failed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    async def make(self, ask: Ask, number: int) -> None:
        begun = time.monotonic()
        try:
            await ask(number)
        except (SuasionError, grpc.aio.AioRpcError, TimeoutError) as error:
            self.failed.append(f"{number}: {error!r}")
        self.seconds.append(time.monotonic() - begun)

    def __str__(self) -> str:
        ranked = sorted(self.seconds)
        median, late = ranked[len(ranked) // 2], ranked[len(ranked) * 99 // 100]
        spent = f"median {median * 1000:.1f} ms, 99 % within {late * 1000:.0f} ms, longest {ranked[-1] * 1000:.0f} ms"
        return f"{len(ranked):,} calls, {len(self.failed)} failed; {spent}"


@contextlib.asynccontextmanager
async def connections(address: str) -> AsyncIterator[Sequence[Ask]]:
    """Half of them the Python client, half gRPC's own with the service config that any language can have."""
    async with contextlib.AsyncExitStack() as last:
        asks: list[Ask] = []
        for number in range(CONNECTIONS):
            if number % 2:
                options = (("grpc.service_config", SERVICE_CONFIG), ("grpc.use_local_subchannel_pool", 1))
                channel = await last.enter_async_context(grpc.aio.insecure_channel(address, options=options))
                asks.append(by_grpc(DecisionServiceStub(channel)))  # type: ignore[no-untyped-call]
            else:
                asks.append(by_client(await last.enter_async_context(AsyncClient(address, seconds=DEADLINE))))
        yield asks


def by_client(client: AsyncClient) -> Ask:
    async def ask(number: int) -> None:
        if number % GRANTS:
            await client.ask(ListCrowds(f"u{number}"))
        else:
            await client.ask(Decide(f"u{number}", "hellos", request_id=f"r{number}"))

    return ask


def by_grpc(decisions: Any) -> Ask:
    async def ask(number: int) -> None:
        who = Subject(user_id=f"u{number}")
        async with asyncio.timeout(
            2 * DEADLINE
        ):  # gRPC's repeats have been seen to outlive their own deadline
            if number % GRANTS:
                await decisions.ListCrowds(pb.ListCrowdsRequest(subject=who), timeout=DEADLINE)
            else:
                request = pb.DecideRequest(subject=who, decide="hellos", request_id=f"r{number}")
                await decisions.Decide(request, timeout=DEADLINE)

    return ask


def load(address: str, rate: int, end: asyncio.Event) -> tuple[Calls, asyncio.Task[None]]:
    """So many calls a second, whether those before were answered or not."""
    calls, start = Calls(), time.monotonic()

    async def loading() -> None:
        async with connections(address) as asks, asyncio.TaskGroup() as tasks:
            for number in count():
                if end.is_set():
                    break
                tasks.create_task(calls.make(asks[number % CONNECTIONS], number))
                await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))

    return calls, asyncio.create_task(loading())


async def no_call_is_lost(
    place: Place, workers: int, rate: int, restarts: int = 0, kills: int = 0, seed: int = 0
) -> Calls:
    """All workers are exchanged again and again, or killed one by one, under load: each call is answered, and each decision
    that was asked for is granted once."""
    server = Workers(place, workers)
    await server.start()
    end, dice = asyncio.Event(), random.Random(seed)
    calls, loading = load(server.address, rate, end)
    try:
        for _ in range(restarts):
            await server.renew()
        await server.heard_of_all(workers)
        for _ in range(kills):
            await server.kill_one(dice)
    finally:
        end.set()
        await loading
        await server.stop()
    assert not calls.failed, calls.failed[:3]
    granted = len(range(0, len(calls.seconds), GRANTS))
    assert place.rows("select count(*), count(distinct user_id) from contacts") == [(granted, granted)]
    return calls


CLAIMS: Mapping[str, Callable[[Place], Coroutine[Any, Any, Calls]]] = {
    "restarts": lambda place: no_call_is_lost(place, workers=2, rate=500, restarts=20),
    "kills": lambda place: no_call_is_lost(place, workers=2, rate=500, kills=20),
}


def main(store: str, names: Sequence[str]) -> None:
    for name in names or CLAIMS:
        with TemporaryDirectory() as folder, PLACES[store](Path(folder)) as place:
            print(f"{name} on {store}: {asyncio.run(CLAIMS[name](place))}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
