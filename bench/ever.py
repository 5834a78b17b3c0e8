"""What it costs to decide about a user with 10,000 old events, before and after they were folded: `python -m bench.ever`.

Crowds are asked for over gRPC, of a server in this process on SQLite; then the same facts are judged alone.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter_ns
from typing import Any

from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1.subject_pb2 import Subject

from compiler.manifest import OfCrowds
from server.adapters.clocks import SystemClock
from server.ports import Clock, RecordedEvent
from server.stores import sqlite_stores
from server.usecases import subject
from server.usecases.gather import gather
from server.usecases.housekeeping import DAY, Housekeeping
from server.usecases.versions import Versions
from tests.server.conftest import Running

EVENTS = 10_000
RULES = """
profile user { id: text key }
event paid { total: money EUR  channel: text }
crowd regular { count of paid ever >= 10 }
crowd big { sum of paid.total where channel is "shop" ever >= 10000 EUR and average of paid.total ever > 1 EUR }
crowd lapsed { (time since last paid) > 60 days and max of paid.total ever > 4 EUR }
"""


def event(number: int, now: int) -> RecordedEvent:
    cents, channel = number % 500, ("shop", "web")[number % 2]
    fields = f'{{"channel":"{channel}","total":{{"amount":"{cents / 100:.2f}","currency":"EUR"}}}}'
    return RecordedEvent(f"e{number}", "paid", "u1", now - 90 * DAY - number * DAY // 10, fields.encode())


async def median(times: int, work: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """Microseconds, and what came of it."""
    taken = []
    for _ in range(times):
        begun = perf_counter_ns()
        answer = await work()
        taken.append((perf_counter_ns() - begun) / 1000)
    return statistics.median(taken), answer


async def measure(words: str, running: Running, clock: Clock) -> Any:
    asked = decisions_pb.ListCrowdsRequest(subject=Subject(user_id="u1"))
    whole, answer = await median(50, lambda: running.client.decisions.ListCrowds(asked))
    serving = running.service.active.released().for_user("u1")
    needs = serving.manifest(OfCrowds())
    gathered = await gather(serving, running.stores, subject.Subject("u1"), needs, clock.now(), decides=False)
    facts = gathered.facts

    async def judge() -> Any:
        return serving.program.matching(facts)

    alone, _ = await median(50, judge)
    history = await running.stores.events.fetch("u1", {"paid": None}, clock.now())
    bodies = sum(len(each.body or b"") for each in history.totals.values())
    print(
        f"{words}: {len(history.events['paid']):,} events and {len(history.totals)} totals ({bodies:,} bytes) read,"
        f" {whole:,.0f} µs a call, {alone:,.0f} µs of it to judge"
    )
    return [each.crowd for each in answer.crowds]


async def main() -> None:
    with TemporaryDirectory() as folder:
        stores, clock = sqlite_stores(Path(folder) / "suasion.db"), SystemClock()
        running = await Running.start(stores, clock=clock)
        await running.client.activate(RULES)
        await stores.events.append([event(number, clock.now()) for number in range(EVENTS)])
        before = await measure("kept", running, clock)
        begun = perf_counter_ns()
        await Housekeeping(stores, Versions(stores.rules, clock), clock).round()
        print(f"folded in {(perf_counter_ns() - begun) / 1e9:.1f} s")
        after = await measure("folded", running, clock)
        assert before == after == ["regular", "big", "lapsed"], (before, after)
        await running.stop()


if __name__ == "__main__":
    asyncio.run(main())
