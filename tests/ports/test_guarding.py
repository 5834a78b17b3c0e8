"""Stores that do not answer are not waited for beyond measure, and are asked again once they do."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.private.mariadb import MariaDb
from server.ports import StoreUnavailable
from server.ports.deadline import remaining
from server.proxies.guarding import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Breaker
from server.stores import mariadb_stores
from tests.backing import running
from tests.ports.conftest import Run


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_of_many_asks_a_dependency_that_is_down_and_its_answer_lets_all_ask() -> None:
    clock = Hand()
    breaker = Breaker("MariaDB", clock)
    for _ in range(FAILURES):
        breaker.admit()
        breaker.failed()
    for pause in (FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE):
        with pytest.raises(StoreUnavailable, match="MariaDB: not asked"):
            breaker.admit()
        clock.now += pause
        breaker.admit()  # one goes and looks
        breaker.failed()
        with pytest.raises(StoreUnavailable):
            breaker.admit()
    clock.now += LONGEST_PAUSE
    breaker.admit()
    breaker.answered()
    for _ in range(FAILURES - 1):
        breaker.admit()
        breaker.failed()
    breaker.admit()


@pytest.fixture
def stores(mariadb_server: MariaDb, mariadb_url: str, tmp_path: Path) -> Iterator[Any]:
    opened = mariadb_stores(mariadb_url, tmp_path / "last-good", patience=5)
    yield opened
    running(mariadb_server)
    opened.close()


async def until_answered(stores: Any) -> None:
    while True:
        try:
            return await stores.profiles.fetch("u1")
        except StoreUnavailable:
            await asyncio.sleep(0.05)


def test_a_database_that_was_killed_is_left_alone_and_asked_again_once_it_is_back(
    stores: Any, mariadb_server: MariaDb, run: Run[Any]
) -> None:
    run(stores.profiles.upsert([("u1", {"tier": "pro"})]))
    mariadb_server.kill()
    said = set()
    for _ in range(FAILURES):
        with pytest.raises(StoreUnavailable) as caught:
            run(stores.profiles.fetch("u1"))
        said.add(str(caught.value))
    assert "MariaDB: not asked, as it did not answer before" in said
    mariadb_server.start()
    assert run(until_answered(stores)) == {"tier": "pro"}
    run(stores.profiles.upsert([("u1", {"tier": "free"})]))


def test_a_database_that_is_frozen_is_not_waited_for(
    stores: Any, mariadb_server: MariaDb, run: Run[Any]
) -> None:
    run(stores.profiles.upsert([("u1", {"tier": "pro"})]))
    mariadb_server.send(signal.SIGSTOP)
    try:
        with pytest.raises(StoreUnavailable, match="no answer in time"):
            run(stores.profiles.fetch("u1"))
    finally:
        mariadb_server.send(signal.SIGCONT)
    assert run(until_answered(stores)) == {"tier": "pro"}


def test_who_waits_for_less_is_told_while_there_is_time_to_answer(
    mariadb_server: MariaDb, mariadb_url: str, tmp_path: Path, run: Run[Any]
) -> None:
    opened = mariadb_stores(mariadb_url, tmp_path / "last-good", patience=3600)

    async def ask() -> None:
        end = asyncio.get_running_loop().time() + 2
        remaining.set(lambda: end - asyncio.get_running_loop().time())
        async with asyncio.timeout_at(end):
            await asyncio.gather(opened.profiles.fetch("u1"), opened.events.latest())

    mariadb_server.send(signal.SIGSTOP)
    try:
        with pytest.raises(StoreUnavailable, match="no answer in time"):
            run(ask())
    finally:
        mariadb_server.send(signal.SIGCONT)
        opened.close()


def test_who_hangs_up_leaves_others_their_answer(stores: Any, run: Run[Any]) -> None:
    async def ask() -> Any:
        asked = [asyncio.create_task(stores.profiles.fetch("u1")) for _ in range(20)]
        await asyncio.sleep(0)
        for each in asked[::2]:
            each.cancel()
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = run(ask())
    assert answers[1::2] == [{}] * 10 and all(
        isinstance(each, asyncio.CancelledError) for each in answers[::2]
    )
