"""All nodes serve what was ordered last, whatever they missed: `python -m tests.reliability.agreeing STORE` prints a row."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from suasion.v1 import rule_set_service_pb2 as rules_pb
from suasion.v1 import status_service_pb2 as status_pb
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub
from suasion.v1.status_service_pb2_grpc import StatusServiceStub

from tests.reliability.claims import RULES, servers
from tests.reliability.full import PLACES
from tests.reliability.partition import Wall, behind, port_of
from tests.reliability.places import Place
from tests.reliability.process import PAUSE, Client, Server

AGREE_SECONDS = 600
"""Nobody waits for ever."""
OTHER = '\nplan more { send email "more" }\n'


@dataclass(frozen=True, slots=True)
class Node:
    """A server; `wall` stands between it and a database in another process."""

    server: Server
    client: Client
    wall: Wall | None

    async def freeze(self) -> None:
        await self.server.send(signal.SIGSTOP)

    async def thaw(self) -> None:
        await self.server.send(signal.SIGCONT)

    async def die(self) -> None:
        await self.server.kill()

    async def rise(self) -> None:
        await self.server.start()

    async def be_cut_off(self) -> None:
        assert self.wall is not None
        self.wall.cut()

    async def be_joined(self) -> None:
        assert self.wall is not None
        self.wall.mend()


Way: TypeAlias = tuple[Callable[[Node], Awaitable[None]], Callable[[Node], Awaitable[None]]]
"""How a node goes away, and how it comes back."""
ON_A_FILE: Sequence[Way] = ((Node.die, Node.rise),)
"""Who is frozen may hold the lock of a file, and nobody takes it away."""
OVER_NETWORK: Sequence[Way] = (
    *ON_A_FILE,
    (Node.freeze, Node.thaw),
    (Node.be_cut_off, Node.be_joined),
)


async def nodes_agree(place: Place, number: int, orders: int, seed: int) -> float:
    """A and B are ordered in turn, each time through another node, while one is frozen, dead or cut off from the database, and hears
    of nothing: once it is back all serve what was ordered last. The most seconds that it took."""
    dice, longest = random.Random(seed), 0.0
    texts = [RULES.read_text(encoding="utf-8"), RULES.read_text(encoding="utf-8") + OTHER]
    async with nodes_at(replace(place, patience=5), number) as nodes:
        ways = ON_A_FILE if nodes[0].wall is None else OVER_NETWORK
        for each in range(orders):
            away, through = dice.sample(nodes, 2)
            leave, come_back = ways[each % len(ways)]
            await leave(away)
            ordered = await order(through.client, texts[each % 2])
            await come_back(away)
            begun = time.monotonic()
            async with asyncio.timeout(AGREE_SECONDS):
                await asyncio.gather(*(serves(node.client, ordered) for node in nodes))
            longest = max(longest, time.monotonic() - begun)
    return longest


@asynccontextmanager
async def nodes_at(place: Place, number: int) -> AsyncIterator[list[Node]]:
    async with AsyncExitStack() as last:
        nodes = []
        for _ in range(number):
            wall = None
            if place.mortals:
                wall = await last.enter_async_context(Wall.before(port_of(place)))
            beyond = behind(place, wall) if wall else place
            ((server, client),) = await last.enter_async_context(servers(beyond, 1))
            nodes.append(Node(server, client, wall))
        yield nodes


async def order(client: Client, text: str) -> tuple[int, str]:
    """The epoch and the version."""
    stub: Any = RuleSetServiceStub(client.channel)  # type: ignore[no-untyped-call]
    sources = rules_pb.Sources(files=[rules_pb.SourceFile(name="rules.sua", text=text)])
    request = rules_pb.RuleSetServiceActivateRequest(sources=sources, retire_plans=True)
    await client.until_answered(stub.Activate, request)
    return await served(client)


async def served(client: Client) -> tuple[int, str]:
    stub: Any = StatusServiceStub(client.channel)  # type: ignore[no-untyped-call]
    newest = (await client.until_answered(stub.Status, status_pb.StatusRequest())).versions[0]
    return newest.epoch, newest.version


async def serves(client: Client, ordered: tuple[int, str]) -> None:
    while await served(client) != ordered:
        await asyncio.sleep(PAUSE)


def main(store: str) -> None:
    with TemporaryDirectory() as folder, PLACES[store](Path(folder)) as place:
        longest = asyncio.run(nodes_agree(place, number=4, orders=40, seed=0))
    print(f"40 orders on {store}: agreed, the longest within {longest:.1f} s of the last node's return")


if __name__ == "__main__":
    main(sys.argv[1])
