"""Puts load on a server, as often as its stdin says: `python -m bench.service_load NUMBER REQUESTS`.

REQUESTS is a pickled mapping of a kind to its `Asked`. Each line `kind address seconds` is answered by the number of items and the
seconds that they took.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import grpc
import uvloop
from google.protobuf.message import Message
from suasion.v1.decision_service_pb2 import BatchDecideRequest, DecideRequest

AT_ONCE = 8
"""Single calls of a process that are under way; of batches, which keep the server busy by themselves, two are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests of a method, one after the other. `anew`: each is about another user, so that nothing is answered as before.
    `items`: of a request."""

    method: str
    requests: list[bytes]
    anew: bool = False
    items: int = 1


def requests_of(asked: Asked, name: str) -> Iterator[bytes]:
    place = count()
    while True:
        if not asked.anew:
            yield asked.requests[next(place) % len(asked.requests)]
            continue
        new = [named(asked.requests, next(place), name) for _ in range(asked.items)]
        whole: Message = new[0] if asked.items == 1 else BatchDecideRequest(requests=new)
        yield whole.SerializeToString()


def named(requests: list[bytes], place: int, name: str) -> DecideRequest:
    request = DecideRequest.FromString(requests[place % len(requests)])
    request.request_id = request.subject.user_id = f"{name}-{place}"
    return request


async def load(channel: grpc.aio.Channel, asked: Asked, requests: Iterator[bytes], seconds: float) -> str:
    call: Any = channel.unary_unary(asked.method)
    loop = asyncio.get_running_loop()
    start, done = loop.time(), 0

    async def ask() -> None:
        nonlocal done
        while loop.time() < start + seconds:
            await call(next(requests))
            done += asked.items

    await asyncio.gather(*(ask() for _ in range(AT_ONCE if asked.items == 1 else 2)))
    return f"{done} {loop.time() - start}"


async def main(process: int, kinds: dict[str, Asked]) -> None:
    channels: dict[str, grpc.aio.Channel] = {}
    streams = {
        kind: requests_of(asked, f"{kind}-{process}".replace(" ", "-")) for kind, asked in kinds.items()
    }
    while line := await asyncio.to_thread(sys.stdin.readline):
        kind, address, seconds = line.rstrip().split("\t")
        channel = channels.setdefault(address, grpc.aio.insecure_channel(address))
        print(await load(channel, kinds[kind], streams[kind], float(seconds)), flush=True)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), pickle.loads(Path(sys.argv[2]).read_bytes())))
