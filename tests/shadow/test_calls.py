"""What one decision asks of Redis and of the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from suasion.v1 import decision_service_pb2 as pb

from server.adapters.redis import shadow
from server.ports import ListMode, Stores
from server.stores import memory_stores, sqlite_stores
from tests.server.clock import SetClock
from tests.server.decide_shop import TEN, Shop
from tests.server.messages import subject
from tests.shadow.conftest import Run
from tests.shadow.node import Node

pytestmark = pytest.mark.usefixtures("patient")
RULES = """
profile user { id: text key  timezone: timezone default "UTC"  nick: text optional }
event seen {}
event paid {}
list staff "By hand"
policy gentle default { cap push 3 per day }
crowd keen { did seen within 7 days and did not paid within 3 days and not user in staff }
plan nudge {
  for keen
  on seen wait 10 minutes unless paid
  send push "nudge" with nick = user.nick
  value 1 EUR
}
plan voucher { for keen  budget 5 total  send push "voucher"  value 2 EUR }
decide best { among nudge, voucher  rank by value then by listed order }
"""
HELLO = {"HELLO", "AUTH", "CLIENT"}
READS = {"fetch", "unjudged_of", "holds", "history", "used", "open"}


class Counted:
    """A store that notes what is asked of it."""

    def __init__(self, store: Any, asked: list[str]) -> None:
        self._store = store
        self._asked = asked

    def __getattr__(self, method: str) -> Any:
        if method in READS:
            self._asked.append(method)
        return getattr(self._store, method)


def counted(stores: Stores, asked: list[str]) -> Stores:
    names = [each.name for each in fields(stores) if each.name not in ("purge", "close", "last_good")]
    some: Any = {name: Counted(getattr(stores, name), asked) for name in names}
    return replace(stores, **some)


@contextmanager
def commands(url: str) -> Iterator[list[str]]:
    """The commands that clients send meanwhile, not those of scripts."""
    found: list[str] = []
    with Redis.from_url(url) as client, client.monitor() as monitor:
        yield found
        client.ping()
        for command in iter(monitor.next_command, None):
            name = command["command"].split()[0].upper()
            if name == "PING":
                return
            if command["client_type"] != "lua" and name not in HELLO:
                found.append(name)


def advice(user: str) -> pb.DecideRequest:
    return pb.DecideRequest(subject=subject(user), decide="best", reserve=False)


async def shop(stores: Stores) -> Shop:
    opened = await Shop.open(stores, SetClock(TEN), None, timers=False)
    await opened.running.client.activate(RULES, "best.sua")
    await stores.lists.load("staff", ["nobody"], ListMode.REPLACE, 1)
    return opened


def test_a_decision_is_one_call_and_a_batch_one_call_for_each_user(
    redis_url: str, run: Run, tmp_path: Path
) -> None:
    asked: list[str] = []
    users = [f"u{each}" for each in range(50)]

    async def ask() -> tuple[list[str], list[str]]:
        node = Node.of(counted(sqlite_stores(tmp_path / "suasion.db"), asked), redis_url)
        opened = await shop(node.stores)
        node.shadow._agreed_seconds = 3600
        batch = pb.BatchDecideRequest(requests=[advice(user) for user in users])
        for _ in range(2):  # the first one fills
            await opened.decisions.BatchDecide(batch)
            await node.quiet()
        asked.clear()
        with commands(redis_url) as single:
            for user in users[:9]:
                await opened.decisions.Decide(advice(user))
        with commands(redis_url) as many:
            answers = (await opened.decisions.BatchDecide(batch)).results
        assert len(answers) == 50 and all(each.HasField("response") for each in answers)
        await opened.running.stop()
        return single, many

    assert run(ask()) == (["EVALSHA"] * 9, ["EVALSHA"] * 50)
    assert set(asked) <= {"used"}, "which is asked once a second for all"


def test_of_those_who_miss_at_once_one_asks_the_truth(
    redis_url: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others wait until it has filled the shadow."""
    monkeypatch.setattr(shadow, "WAITS", (0.02,) * 10_000)
    asked: list[str] = []
    truth = memory_stores()
    nodes = [Node.of(counted(truth, asked), redis_url) for _ in range(8)]

    async def ask() -> None:
        await truth.profiles.upsert([("u1", {"n": 1})])
        found = await asyncio.gather(*(node.stores.profiles.fetch("u1") for node in nodes))
        assert found == [{"n": 1}] * 8
        await asyncio.gather(*(node.quiet() for node in nodes))

    run(ask())
    assert asked.count("fetch") == 1


def test_what_is_too_large_to_be_kept_is_not_waited_for(
    redis_url: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow, "LARGEST", 0)
    truth = memory_stores()
    one, other = (Node.of(truth, redis_url) for _ in range(2))

    async def ask() -> Any:
        await one.stores.profiles.fetch("u1")
        await one.quiet()
        return await other.shadow._kept("u1", ["profile"])

    found = run(ask())
    assert found.lease is not None and found.kept is None and not found.soon


def test_where_nothing_is_asked_nothing_is_kept_and_redis_is_not_taken_for_away(
    redis_url: str, run: Run
) -> None:
    node = Node.of(memory_stores(), redis_url)

    async def ask() -> Any:
        await node.stores.lists.holds("u1", [])
        await node.quiet()
        return await node.shadow._kept("u1", [])

    assert run(ask()).kept == {"revision": b"0"}
