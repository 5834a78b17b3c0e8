"""A closed loop does what a real server does that is told the same events."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from server.adapters.log.sinks import NoLog
from server.histories import history
from server.replay.world import World
from server.stores import memory_stores
from tests.replay.histories import happened, life, recorded
from tests.replay.serving import Told, ledger

RULES = """
settings { timezone "Europe/Berlin"  currency EUR }
profile user { id: text key }
event tick { }
event view { sku: text }
event order { order: text  total: money EUR }
event paid { order: text }
campaign spring { holdout 20% salt "s"  budget 4 total }
policy gentle default {
  quiet 22:00 to 08:00 user time then wait
  cap push 2 in any 24 hours then wait
  cap all 4 in any 3 days
}
plan remind {
  on order wait 30 minutes unless paid with same order
  once per order
  expires after 2 days
  send push "remind" else sms "remind_short"
  value 5 EUR
}
plan keen {
  on view when count of view within 3 hours >= 2 wait 20 minutes unless order
  once per user in any 1 day
  send push "keen"
  value 3 EUR
}
plan voucher { part of spring  on order where total > 20 EUR  send email "voucher"  value 4 EUR }
plan thanks { kind transactional  obey nothing  count nothing  on paid  send email "thanks"  value 1 EUR }
decide best { among remind, keen, voucher, thanks  rank by value then by listed order }
"""
START = datetime(2026, 3, 27, 12, tzinfo=UTC)
"""Two days before clocks go forward in Berlin."""
USERS = ("u1", "u2", "u3")


@st.composite
def events(draw: st.DrawFn) -> list[dict[str, Any]]:
    """In the order of arrival, none from the future, as a clock that goes by events knows none. Each has a second of its own, so that nothing else is due at the instant of another."""
    found, minute = [], 0
    for number in range(1, draw(st.integers(2, 12)) + 1):
        minute += draw(st.sampled_from([0, 1, 5, 29, 31, 120, 600]))
        arrived = START + timedelta(minutes=minute, seconds=number)
        late = draw(st.sampled_from([0, 0, 0, 10, 45, 180]))
        type = draw(st.sampled_from(["view", "order", "order", "paid"]))
        order = {"order": draw(st.sampled_from("ab"))}
        total = {"total": {"amount": draw(st.sampled_from(["10", "30"])), "currency": "EUR"}}
        fields: Any = {"view": {"sku": "a"}, "order": {**order, **total}, "paid": order}[type]
        time = (arrived - timedelta(minutes=late)).isoformat()
        user = draw(st.sampled_from(USERS))
        found.append(happened(f"e{number}", type, user, time, arrived.isoformat(), **fields))
    return found


@given(events())
@settings(max_examples=12, deadline=None)
def test_a_closed_loop_grants_and_answers_as_a_server_does(happening: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        told = history(recorded(Path(folder) / "history", happening))
        asyncio.run(compare(told))


async def compare(told: Any) -> None:
    server = await Told.of(RULES, told.events())
    stores = memory_stores()
    world = World(life(RULES), stores, NoLog())
    lived = [each async for batch in world.live(told) for each in batch.lived]
    assert await ledger(stores, USERS) == await ledger(server.running.stores, USERS)
    asked = [each.answered for each in lived if each.id.count("/") == 1]
    assert [(each.verdict, each.plan or "", each.channel or "") for each in asked] == server.verdicts
