"""All nodes serve what was ordered last, whatever they missed: `python -m tests.reliability.agreeing STORE` prints a row."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from suasion.v1 import rule_set_service_pb2 as rules_pb
from suasion.v1 import status_service_pb2 as status_pb
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub
from suasion.v1.status_service_pb2_grpc import StatusServiceStub

from tests.reliability.claims import RULES, servers
from tests.reliability.full import PLACES
from tests.reliability.places import Place
from tests.reliability.process import PAUSE, Client

AGREE_SECONDS = 120
"""Nobody waits for ever."""
OTHER = '\nplan more { send email "more" }\n'


async def nodes_agree(place: Place, nodes: int, orders: int, seed: int) -> float:
    """A and B are ordered in turn, each time through another node, while one is frozen or dead and hears of nothing: once it is
    back all serve what was ordered last. The most seconds that it took."""
    dice, longest = random.Random(seed), 0.0
    texts = [RULES.read_text(encoding="utf-8"), RULES.read_text(encoding="utf-8") + OTHER]
    async with servers(place, nodes) as pairs:
        for number in range(orders):
            (away, _), (_, through) = dice.sample(pairs, 2)
            dies = bool(dice.randrange(2))
            await (away.kill() if dies else away.send(signal.SIGSTOP))
            ordered = await order(through, texts[number % 2])
            await (away.start() if dies else away.send(signal.SIGCONT))
            begun = time.monotonic()
            async with asyncio.timeout(AGREE_SECONDS):
                await asyncio.gather(*(serves(client, ordered) for _, client in pairs))
            longest = max(longest, time.monotonic() - begun)
    return longest


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
        longest = asyncio.run(nodes_agree(place, nodes=4, orders=40, seed=0))
    print(f"40 orders on {store}: agreed, the longest within {longest:.1f} s of the last node's return")


if __name__ == "__main__":
    main(sys.argv[1])
