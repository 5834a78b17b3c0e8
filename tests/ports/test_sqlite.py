"""What only a file can promise."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dsl.source import Source
from server.ports import ListMode, RecordedEvent, Release, RuleFiles, StoreUnavailable
from server.stores import sqlite_stores
from tests.ports.conftest import Run


def test_everything_outlives_the_process(tmp_path: Path, run: Run[Any]) -> None:
    event = RecordedEvent("e1", "paid", "u1", 7, b"{}")
    stores = sqlite_stores(tmp_path / "suasion.db")
    run(stores.rules.put("a" * 64, RuleFiles((Source("a.sua", ""),)), 0))
    run(stores.rules.add(Release(1, "a" * 64, 1, 1)))
    run(stores.profiles.upsert([("u1", {"tier": "plus"})]))
    run(stores.events.append([event]))
    run(stores.lists.load("staff", ["u1"], ListMode.ADD, 1))
    stores.close()

    again = sqlite_stores(tmp_path / "suasion.db")
    assert run(again.rules.newest()) == Release(1, "a" * 64, 1, 1)
    assert run(again.profiles.fetch("u1")) == {"tier": "plus"}
    assert run(again.events.fetch("u1", {"paid": None}, 7)).events == {"paid": (event,)}
    assert run(again.events.latest()) == 7
    assert run(again.lists.holds("u1", ["staff"])) == {"staff": True}
    again.close()


@pytest.mark.parametrize("content", [b"not a database, but long enough to be taken for one" * 99, None])
def test_a_file_that_cannot_be_used_is_said_to_be_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "suasion.db" if content else tmp_path / "no such folder" / "suasion.db"
    if content:
        path.write_bytes(content)
    with pytest.raises(StoreUnavailable, match="SQLite"):
        sqlite_stores(path)


def test_a_store_that_fails_does_not_say_what_it_was_told(tmp_path: Path, run: Run[Any]) -> None:
    stores = sqlite_stores(tmp_path / "suasion.db")
    with sqlite3.connect(tmp_path / "suasion.db") as other:
        other.execute("drop table profiles")
    other.close()
    with pytest.raises(StoreUnavailable) as failure:
        run(stores.profiles.upsert([("anna@example.org", {})]))
    assert "anna" not in str(failure.value) and failure.value.__cause__ is None
    stores.close()


def test_reads_that_share_a_transaction_share_no_failure(tmp_path: Path, run: Run[Any]) -> None:
    stores = sqlite_stores(tmp_path / "suasion.db")
    run(stores.lists.load("staff", ["u1"], ListMode.ADD, 1))
    with sqlite3.connect(tmp_path / "suasion.db") as other:
        other.execute("drop table profiles")
    other.close()

    async def both() -> Any:
        asked = stores.profiles.fetch("u1"), stores.lists.holds("u1", ["staff"])
        return await asyncio.gather(*asked, return_exceptions=True)

    failed, held = run(both())
    assert isinstance(failed, StoreUnavailable) and held == {"staff": True}
    stores.close()


def test_of_reads_that_share_a_transaction_some_may_be_cancelled(tmp_path: Path, run: Run[Any]) -> None:
    stores = sqlite_stores(tmp_path / "suasion.db")
    run(stores.profiles.upsert([(f"u{n}", {"n": n}) for n in range(200)]))

    async def some() -> list[Any]:
        asked = [asyncio.ensure_future(stores.profiles.fetch(f"u{n}")) for n in range(200)]
        await asyncio.sleep(0)  # all of them have asked
        for each in asked[::2]:
            each.cancel()
        return await asyncio.gather(*asked[1::2])

    assert run(some()) == [{"n": n} for n in range(1, 200, 2)]
    stores.close()
