"""A server with the rules of `decide.sua`, on every store, by a clock that stands where the test puts it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from suasion.v1 import decision_service_pb2 as pb

from server.ports import Stores
from tests.server.clock import SetClock
from tests.server.conftest import Running
from tests.server.messages import subject

RULES = (Path(__file__).parent / "decide.sua").read_text(encoding="utf-8")
DAY = "2026-03-03T"
TEN = DAY + "10:00:00+00:00"


class Shop:
    """A server with the rules of `decide.sua`."""

    def __init__(self, running: Running, clock: SetClock) -> None:
        self.running, self.clock = running, clock
        self.stores = running.stores
        self.decisions = running.client.decisions
        self.facts = running.client.facts

    @classmethod
    async def open(
        cls, stores: Stores, clock: SetClock, rules: str | None = RULES, *, timers: bool = True
    ) -> Shop:
        running = await Running.start(stores, clock=clock, timers=timers)
        if rules is None:
            await running.service.releases.resume()
        else:
            await running.client.activate(rules, "decide.sua")
        return cls(running, clock)

    async def decide(self, decide: str = "offer", user: str = "u1", **more: Any) -> pb.DecideResponse:
        request = pb.DecideRequest(subject=subject(user), decide=decide, **more)
        answer: pb.DecideResponse = await self.decisions.Decide(request)
        return answer

    async def watch(self, after: int, most: int) -> list[pb.WatchResponse]:
        """The next answers of the outbox."""
        call = self.decisions.Watch(pb.WatchRequest(after_id=after))
        async with asyncio.timeout(20):
            answers = [await call.read() for _ in range(most)]
        call.cancel()
        return answers
