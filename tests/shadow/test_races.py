"""Readers who fill a shadow against writers, step by step, in every order: what the shadow says is what the truth says."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha1
from itertools import count, islice
from random import Random
from typing import Any, TypeAlias

import pytest
from redis import Redis

from compiler.wire.json_text import Json
from server.adapters.redis import trips
from server.adapters.redis.shadow import FORM, new
from server.ports import ProfileStore
from server.stores import memory_stores
from tests.shadow.conftest import Run
from tests.shadow.node import Node

pytestmark = pytest.mark.usefixtures("patient")
Steps: TypeAlias = AsyncIterator[None]


class Paused:
    """Profiles at whose door a reader waits, before it looks and before it leaves."""

    def __init__(self, profiles: ProfileStore) -> None:
        self._profiles = profiles
        self.ready()

    def ready(self) -> None:
        """For the next reader."""
        self.come, self.look, self.leave = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def fetch(self, user: str) -> Mapping[str, Json]:
        self.come.set()
        await self.look.wait()
        found = dict(await self._profiles.fetch(user))
        await self.leave.wait()
        return found


class Course:
    """One truth, and so many processes that can read and write, of which each takes part once in a race about a user."""

    def __init__(self, url: str, processes: int) -> None:
        self.truth = memory_stores()
        self._doors = [Paused(self.truth.profiles) for _ in range(processes)]
        some: list[Any] = [replace(self.truth, profiles=door) for door in self._doors]
        self._nodes = [Node.of(each, url) for each in some]
        self._values = count(1)
        self._redis = Redis.from_url(url)

    async def read(self, place: int, user: str) -> Steps:
        """Looks into the shadow; if that says nothing, at the truth; and fills the shadow with what was there."""
        node, door = self._nodes[place], self._doors[place]
        door.ready()
        asked = asyncio.create_task(node.stores.profiles.fetch(user))
        come = asyncio.create_task(door.come.wait())
        await asyncio.wait([asked, come], return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            come.cancel()
            assert await asked == await self.truth.profiles.fetch(user), "what the shadow says"
        yield
        door.look.set()
        await asyncio.sleep(0)
        yield
        door.leave.set()
        await asked
        await node.quiet()
        yield

    async def write(self, place: int, user: str) -> Steps:
        """Marks, writes, and says that it has written."""
        shadow, token = self._nodes[place].shadow, new()
        assert await shadow._marked([user], token, None)
        yield
        await self.truth.profiles.upsert([(user, {"n": next(self._values)})])
        yield
        await shadow._unmark([user], token)
        yield

    async def crash(self, place: int, user: str) -> Steps:
        """The same, of one that is killed before it says so: its mark ends by itself."""
        steps = self.write(place, user)
        for _ in range(2):
            await anext(steps)
            yield
        self._redis.delete(f"{FORM}:{{shop/{user}}}:writers")
        yield

    async def race(self, user: str, doing: Sequence[str], order: Iterable[int]) -> None:
        """`order`: whose turn it is, step by step. Whoever reads in the end, and once more, finds the truth."""
        going = [KINDS[name][0](self, place, user) for place, name in enumerate(doing)]
        for place in order:
            await anext(going[place])
        for _ in range(2):
            async for _step in self.read(0, user):
                pass


KINDS: Mapping[str, tuple[Callable[[Course, int, str], Steps], int]] = {
    "read": (Course.read, 3),
    "write": (Course.write, 3),
    "crash": (Course.crash, 3),
}
"""What one does, and in how many steps."""


def steps_of(doing: Sequence[str]) -> Counter[int]:
    """How many steps each has."""
    return Counter({place: KINDS[name][1] for place, name in enumerate(doing)})


def orders(left: Counter[int]) -> Iterator[tuple[int, ...]]:
    """Every order of the steps that are left."""
    if not left.total():
        yield ()
    for place in left:
        if left[place]:
            for rest in orders(left - Counter([place])):
                yield place, *rest


async def every_order(url: str, *doing: str, step: int = 1) -> int:
    """`step`: only every so manieth. How many it were."""
    course = Course(url, len(doing))
    number = 0
    for number, order in enumerate(islice(orders(steps_of(doing)), None, None, step), 1):
        await course.race(f"u{number}", doing, order)
    return number


async def some_orders(url: str, number: int, dice: Random) -> None:
    course = Course(url, MOST)
    for each in range(number):
        doing = dice.choices(sorted(KINDS), k=dice.randint(3, MOST))
        order = list(steps_of(doing).elements())
        dice.shuffle(order)
        await course.race(f"u{each}", doing, order)


MOST = 6
WRITES, CRASHES = ("read", "write", "write"), ("read", "crash")


@pytest.mark.parametrize(("doing", "step", "number"), [(WRITES, 7, 240), (CRASHES, 1, 20)])
def test_in_every_order_the_shadow_says_what_the_truth_says(
    redis_url: str, run: Run, doing: Sequence[str], step: int, number: int
) -> None:
    """Of the 1,680 orders of WRITES every seventh."""
    assert run(every_order(redis_url, *doing, step=step)) == number


def test_in_any_order_of_many_the_shadow_says_what_the_truth_says(redis_url: str, run: Run) -> None:
    run(some_orders(redis_url, 100, Random(1)))


@pytest.mark.parametrize(
    ("line", "without", "doing"),
    [
        ("if redis.call('HGET', shadow, 'lease') ~= token then", "if false then", WRITES),
        ("if redis.call('ZCOUNT', writers, now, '+inf') > 0 then", "if false then", CRASHES),
        (
            "redis.call('DEL', shadow)\n  redis.call('ZREMRANGEBYSCORE'",
            "redis.call('ZREMRANGEBYSCORE'",
            CRASHES,
        ),
    ],
    ids=["lease", "mark", "drop"],
)
def test_without_one_of_its_parts_it_does_not(
    redis_url: str, run: Run, monkeypatch: pytest.MonkeyPatch, line: str, without: str, doing: Sequence[str]
) -> None:
    """So that the tests above would notice."""
    assert line in trips.SCRIPT
    script = trips.SCRIPT.replace(line, without)
    monkeypatch.setattr(trips, "SCRIPT", script)
    monkeypatch.setattr(trips, "SHA", sha1(script.encode()).hexdigest())
    with pytest.raises(AssertionError, match="what the shadow says"):
        run(every_order(redis_url, *doing))
