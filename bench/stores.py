"""Decisions a second that reserve nothing, from copies in Redis and from SQLite, beside the same from facts in the request:
`python -m bench.stores`. Server and callers share a process; ratios are the medians of rounds in which everything has its turn."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import grpc
import orjson
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import rule_set_service_pb2 as rules_pb
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub
from suasion.v1.subject_pb2 import FACT_SOURCE_REQUEST, Subject

from cli.private.redis import Redis
from server.ports import ListMode, RecordedEvent, Stores
from server.stores import memory_stores, shadowed, sqlite_stores
from server.wiring import Service

RULES = """
profile user { id: text key  timezone: timezone default "UTC"  nick: text optional }
event seen {}
event paid {}
list staff "By hand"
policy gentle default { cap push 3 per day }
crowd keen { did seen within 7 days and did not paid within 3 days and not user in staff }
plan nudge { for keen  on seen wait 10 minutes unless paid  send push "nudge" with nick = user.nick  value 1 EUR }
plan voucher { for keen  budget 5 total  send push "voucher"  value 2 EUR }
decide best { among nudge, voucher  rank by value then by listed order }
"""
USERS = [f"u{each}" for each in range(200)]
ROUNDS, CALLS = 5, 600
HOUR = 3600 * 10**6


class Server:
    def __init__(self, service: Service, address: str) -> None:
        self._service = service
        self._channel = grpc.aio.insecure_channel(address)
        self.decide: Any = DecisionServiceStub(self._channel).Decide  # type: ignore[no-untyped-call]

    @classmethod
    async def start(cls, stores: Stores) -> Server:
        service = await Service.build(stores, timers=False)
        server = cls(service, await service.start("127.0.0.1:0"))
        files = [rules_pb.SourceFile(name="best.sua", text=RULES)]
        request = rules_pb.RuleSetServiceActivateRequest(sources=rules_pb.Sources(files=files))
        await RuleSetServiceStub(server._channel).Activate(request)  # type: ignore[no-untyped-call]
        await stores.lists.load("staff", ["nobody"], ListMode.REPLACE, 1)
        return server

    async def stop(self) -> None:
        await self._channel.close()
        await self._service.stop()


async def fill(stores: Stores) -> None:
    now = time.time_ns() // 1000
    await stores.profiles.upsert([(user, {"nick": f"nick of {user}"}) for user in USERS])
    seen = [
        RecordedEvent(f"{user}-{n}", "seen", user, now - n * HOUR, b"{}") for user in USERS for n in range(3)
    ]
    await stores.events.append(seen)


def stored(user: str) -> Subject:
    return Subject(user_id=user)


def told(user: str) -> Subject:
    at = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - n * 3600)) for n in range(3))
    events = [{"event": "seen", "event_id": f"{user}-{n}", "time": when} for n, when in enumerate(at)]
    facts = orjson.dumps({"user": {"nick": f"nick of {user}"}, "events": events})
    return Subject(user_id=user, facts_json=facts, fact_source=FACT_SOURCE_REQUEST)


async def a_second(server: Server, subject: Callable[[str], Subject], at_once: int) -> float:
    asked = [
        pb.DecideRequest(subject=subject(user), decide="best", reserve=False) for user in (USERS * 3)[:CALLS]
    ]
    left = iter(asked)

    async def ask() -> None:
        for each in left:
            await server.decide(each)

    start = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(at_once)))
    return CALLS / (time.perf_counter() - start)


async def measure(stores: Mapping[str, Stores]) -> None:
    servers = {name: await Server.start(each) for name, each in stores.items()}
    for each in stores.values():
        await fill(each)
    print("| calls at once | facts in the request, a second | Redis | SQLite |\n|---|---|---|---|")
    for at_once in (1, 16, 64):
        found: defaultdict[str, list[float]] = defaultdict(list)
        for _ in range(1 + ROUNDS):
            for name, server in servers.items():
                subject = told if name == "told" else stored
                found[name].append(await a_second(server, subject, at_once))
        rounds = {name: rates[1:] for name, rates in found.items()}  # the first one fills
        ratios = [
            statistics.median(mine / base for mine, base in zip(rounds[name], rounds["told"], strict=True))
            for name in ("redis", "sqlite")
        ]
        base = statistics.median(rounds["told"])
        print(f"| {at_once} | {base:,.0f} | {ratios[0]:.2f} | {ratios[1]:.2f} |", flush=True)
    for server in servers.values():
        await server.stop()


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        redis = Redis(folder / "redis")
        redis.start()
        try:
            stores = {
                "told": memory_stores(),
                "redis": shadowed(sqlite_stores(folder / "a.db"), redis.url, "bench"),
                "sqlite": sqlite_stores(folder / "b.db"),
            }
            asyncio.run(measure(stores))
        finally:
            redis.stop()


if __name__ == "__main__":
    main()
