"""Whatever becomes of Redis: nothing is granted that the truth does not bear, and no answer is another user's."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from redis import Redis as Client

from cli.private.redis import Redis, RedisCluster
from server.adapters.clocks import SystemClock
from server.ports import ClockBehind, ListMode, Stores
from server.stores import sqlite_stores
from tests.ports.made import reserved, taken
from tests.shadow.conftest import Run
from tests.shadow.node import Node

CAP = 30


async def grants(stores: Stores, cap: int, tries: int, name: str, user: str = "u1") -> int:
    """Reserves for a user until nothing can be, as a limit of so many touches says; tries as often as it is refused."""
    granted = 0
    for each in range(tries):
        history = await stores.contacts.history(user, None)
        if len(history.touches(1)) >= cap:
            return granted
        touch = taken(user, history.revision, reservation=reserved(f"{user}-{name}-{each}", user=user))
        granted += await stores.contacts.commit(touch) is None
    raise AssertionError(f"{name} was refused {tries} times")


async def until(so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await so():
            await asyncio.sleep(0.05)


@asynccontextmanager
async def meanwhile(work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work())
    yield
    await task


async def shadows(node: Node, user: str) -> bool:
    """Whether the answer comes from Redis."""
    await node.stores.profiles.fetch(user)
    await node.quiet()
    return (await node.shadow._kept(user, ["profile"]))[1] is not None


@pytest.mark.parametrize("harm", ["flush", "kill"])
def test_a_redis_that_is_harmed_again_and_again_lets_no_cap_be_overrun(
    redis_url: str, redis_server: Redis, run: Run, tmp_path: Path, harm: str
) -> None:
    nodes = [Node.of(sqlite_stores(tmp_path / "suasion.db"), redis_url) for _ in range(4)]

    async def harmed() -> None:
        for _ in range(10):
            if harm == "flush":
                Client.from_url(redis_url).flushall()
            else:
                await asyncio.to_thread(redis_server.kill)
                await asyncio.to_thread(redis_server.start)
            await asyncio.sleep(0.02)

    async def load() -> list[int]:
        async with meanwhile(harmed):
            works = (grants(node.stores, CAP, 10_000, f"r{place}") for place, node in enumerate(nodes))
            return await asyncio.gather(*works)

    assert sum(run(load())) == CAP
    assert len(run(nodes[0].truth.contacts.history("u1", None)).touches(1)) == CAP
    run(until(lambda: shadows(nodes[0], "u2")))
    for node in nodes:
        node.stores.close()


def test_what_was_written_while_redis_was_away_is_not_overlooked_when_it_is_back(
    redis_url: str, redis_server: Redis, run: Run, tmp_path: Path
) -> None:
    """It comes back with all that it knew."""
    writer, reader = (Node.of(sqlite_stores(tmp_path / "suasion.db"), redis_url) for _ in range(2))

    async def write() -> Any:
        await writer.stores.profiles.upsert([("u1", {"email_ok": True})])
        await until(lambda: shadows(reader, "u1"))
        redis_server.send(signal.SIGSTOP)
        await writer.stores.profiles.upsert([("u1", {"email_ok": False})])
        redis_server.send(signal.SIGCONT)
        await writer.quiet()  # until Redis knows
        await asyncio.sleep(2 * reader.shadow._agreed_seconds)
        return await reader.stores.profiles.fetch("u1")

    assert run(write()) == {"email_ok": False}
    reader.stores.close()
    writer.stores.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Redis, Redis]]:
    """Two of them, of which none follows the other yet."""
    first = Redis(tmp_path / "first")
    first.start()
    second = Redis(tmp_path / "second", password=first.password)
    second.start()
    yield first, second
    first.stop()
    second.stop()


async def follow(first: Redis, second: Redis) -> None:
    second.client().replicaof(first.url.rpartition("@")[2].split(":")[0], first.port)
    await until(lambda: asyncio.to_thread(lambda: bool(second.client().dbsize())))


async def lag(first: Redis, second: Redis) -> None:
    """It can follow no longer."""
    second.client().config_set("masterauth", "another")
    second.client().client_kill_filter(_type="master")
    first.client().client_kill_filter(_type="replica")


async def promote(first: Redis, second: Redis) -> None:
    """The other answers where the one did."""
    await asyncio.to_thread(first.kill)
    second.client().replicaof("NO", "ONE")
    second.client().config_set("port", first.port)


def test_a_replica_that_lagged_and_was_promoted_is_not_believed(
    pair: tuple[Redis, Redis], run: Run, tmp_path: Path
) -> None:
    node = Node.of(sqlite_stores(tmp_path / "suasion.db"), pair[0].url)

    async def story() -> Any:
        contacts = node.stores.contacts
        await until(lambda: shadows(node, "u1"))
        await follow(*pair)
        await lag(*pair)
        granted = await grants(node.stores, CAP, 100, "before")
        stale = pair[1].client().dbsize()
        await promote(*pair)
        await asyncio.sleep(1)
        return (
            stale,
            granted,
            await contacts.history("u1", None),
            await grants(node.stores, CAP, 100, "after"),
        )

    stale, granted, history, more = run(story())
    assert stale and (granted, len(history.touches(1)), more) == (CAP, CAP, 0)
    node.stores.close()


def test_a_replica_that_lags_is_promoted_under_load_and_no_cap_is_overrun(
    pair: tuple[Redis, Redis], run: Run, tmp_path: Path
) -> None:
    nodes = [Node.of(sqlite_stores(tmp_path / "suasion.db"), pair[0].url) for _ in range(4)]
    granted: list[int] = []
    changed = asyncio.Event()

    async def change() -> None:
        await follow(*pair)
        for step in (lag, promote):
            await meet(2)
            await step(*pair)
        changed.set()

    async def meet(users: int) -> None:
        before = len(granted)
        while len(granted) < before + users:
            await asyncio.sleep(0.01)

    async def load() -> None:
        async with meanwhile(change):
            while not changed.is_set() or not await shadows(nodes[0], "stranger"):
                user = f"u{len(granted)}"
                works = (
                    grants(node.stores, CAP, 10_000, f"{place}", user) for place, node in enumerate(nodes)
                )
                granted.append(sum(await asyncio.gather(*works)))

    run(load())
    assert len(granted) > 4 and set(granted) == {CAP}
    for place in range(len(granted)):
        assert len(run(nodes[0].truth.contacts.history(f"u{place}", None)).touches(1)) == CAP
    for node in nodes:
        node.stores.close()


def test_a_node_of_a_cluster_that_is_away_costs_nobody_an_answer(
    redis_cluster_url: str, redis_cluster: RedisCluster, run: Run, tmp_path: Path
) -> None:
    node = Node.of(sqlite_stores(tmp_path / "suasion.db"), redis_cluster_url)
    users = [f"u{each}" for each in range(30)]

    async def ask() -> list[Any]:
        await node.stores.profiles.upsert([(user, {"is": user}) for user in users])
        found = []
        for _ in range(3):
            found += await asyncio.gather(*map(node.stores.profiles.fetch, users))
        redis_cluster.nodes[1].kill()
        for _ in range(3):
            found += await asyncio.gather(*map(node.stores.profiles.fetch, users))
        redis_cluster.start()
        await until(lambda: shadows(node, "u1"))
        return found

    assert run(ask()) == [{"is": user} for user in users] * 6
    node.stores.close()


def test_a_server_that_forgot_the_script_is_told_it(redis_url: str, run: Run, tmp_path: Path) -> None:
    node = Node.of(sqlite_stores(tmp_path / "suasion.db"), redis_url)

    async def forget() -> None:
        await until(lambda: shadows(node, "u1"))
        Client.from_url(redis_url).script_flush()
        assert (await node.shadow._kept("u1", ["profile"]))[1] is not None

    run(forget())
    node.stores.close()


def test_who_is_cancelled_leaves_no_answer_for_the_next(redis_url: str, run: Run, tmp_path: Path) -> None:
    run(cancelled(Node.of(sqlite_stores(tmp_path / "suasion.db"), redis_url), 10_000, 50, Random(1)))


async def cancelled(node: Node, calls: int, at_once: int, dice: Random) -> None:
    """Who asks is cancelled at whatever point: every answer is about its own user."""
    users = [f"u{each}" for each in range(50)]
    await node.stores.profiles.upsert([(user, {"is": user}) for user in users])
    seen: Counter[str] = Counter()

    async def ask() -> None:
        for _ in range(calls // at_once):
            user = dice.choice(users)
            asked = asyncio.ensure_future(node.stores.profiles.fetch(user))
            if dice.random() < 0.5:
                await asyncio.sleep(dice.random() * 0.004)
                asked.cancel()
            try:
                assert await asked == {"is": user}
                seen["answered"] += 1
            except asyncio.CancelledError:
                seen["cancelled"] += 1

    await asyncio.gather(*(ask() for _ in range(at_once)))
    assert min(seen["answered"], seen["cancelled"]) > calls // 10, seen
    node.stores.close()


@pytest.mark.parametrize("seconds", [-3, 3])
def test_nothing_is_granted_by_a_clock_that_is_off(
    redis_url: str, run: Run, tmp_path: Path, seconds: int
) -> None:
    truth = sqlite_stores(tmp_path / "suasion.db")
    right, wrong = (
        Node.of(truth, redis_url, clock=lambda off=off: SystemClock().now() + off * 10**6)
        for off in (0, seconds)
    )
    with pytest.raises(ClockBehind) as off:
        run(wrong.stores.contacts.commit(taken("u1", 0, reservation=reserved("a"))))
    assert round(off.value.microseconds, -6) == -seconds * 10**6
    assert run(truth.contacts.find("a")) is None
    assert run(wrong.stores.contacts.history("u1", None)).standing == (), "it may be asked"
    assert run(right.stores.contacts.commit(taken("u1", 0, reservation=reserved("a")))) is None
    truth.close()


def test_a_list_is_known_to_all_when_it_is_loaded(redis_url: str, run: Run, tmp_path: Path) -> None:
    one, other = (Node.of(sqlite_stores(tmp_path / "suasion.db"), redis_url) for _ in range(2))

    async def load() -> list[bool]:
        found = []
        for each in range(20):
            users = ["u1"] if each % 2 else []
            await one.stores.lists.load("staff", users, ListMode.REPLACE, each)
            for _ in range(3):
                found.append((await other.stores.lists.holds("u1", ["staff"]))["staff"])
                await other.quiet()
        return found

    assert run(load()) == [False, False, False, True, True, True] * 10
    one.stores.close()
    other.stores.close()
