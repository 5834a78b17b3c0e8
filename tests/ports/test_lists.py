from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.ports import AnotherListVersion, ListChange, ListMode, ListState, Stores
from tests.ports.conftest import Run


def test_a_list_that_was_never_loaded_is_absent(stores: Stores, run: Run[Any]) -> None:
    run(stores.lists.load("staff", [], ListMode.REPLACE, 1))
    assert run(stores.lists.holds("u1", ["staff", "testers"])) == {"staff": False}


def test_loading_replaces_adds_and_removes(stores: Stores, run: Run[Any]) -> None:
    load = stores.lists.load
    assert run(load("staff", ["u1", "u2", "u2"], ListMode.REPLACE, 1)) == ListChange(2, 2, 0, version=1)
    assert run(load("staff", ["u2", "u3"], ListMode.ADD, 1)) == ListChange(3, 1, 0, version=2)
    assert run(load("staff", ["u1", "u9"], ListMode.REMOVE, 1)) == ListChange(2, 0, 1, version=3)
    assert run(load("staff", ["u3", "u4"], ListMode.REPLACE, 1)) == ListChange(2, 1, 1, version=4)
    held = [user for user in ("u1", "u2", "u3", "u4") if run(stores.lists.holds(user, ["staff"]))["staff"]]
    assert held == ["u3", "u4"]


def test_lists_are_told_apart(stores: Stores, run: Run[Any]) -> None:
    run(stores.lists.load("staff", ["u1"], ListMode.ADD, 1))
    run(stores.lists.load("Staff", ["u2"], ListMode.ADD, 1))
    assert run(stores.lists.holds("u1", ["staff", "Staff"])) == {"staff": True, "Staff": False}


def test_large_lists_fit(stores: Stores, run: Run[Any]) -> None:
    users = [f"u{n}" for n in range(5000)]
    assert run(stores.lists.load("staff", users, ListMode.REPLACE, 1)) == ListChange(5000, 5000, 0, version=1)
    assert run(stores.lists.load("staff", users[:1], ListMode.REPLACE, 1)) == ListChange(
        1, 0, 4999, version=2
    )


def test_loads_at_once_lose_nobody(stores: Stores, run: Run[Any]) -> None:
    async def all_at_once() -> ListChange:
        await asyncio.gather(*(stores.lists.load("staff", [f"u{n}"], ListMode.ADD, 1) for n in range(64)))
        return await stores.lists.load("staff", [], ListMode.ADD, 1)

    assert run(all_at_once()) == ListChange(64, 0, 0, version=65)


def test_who_is_erased_is_on_no_list(stores: Stores, run: Run[Any]) -> None:
    for name in ("staff", "testers"):
        run(stores.lists.load(name, ["u1", "u2"], ListMode.ADD, 1))
    run(stores.lists.load("empty", [], ListMode.ADD, 1))
    assert run(stores.lists.erase("u1")) == 2
    assert run(stores.lists.erase("u1")) == 0
    held = run(stores.lists.holds("u1", ["staff", "testers", "empty"]))
    assert held == {"staff": False, "testers": False, "empty": False}
    assert run(stores.lists.holds("u2", ["staff"])) == {"staff": True}
    assert run(stores.lists.find("staff")) == ListState(version=2, size=1, time=1)
    assert run(stores.lists.find("empty")) == ListState(version=1, size=0, time=1)


def test_the_version_of_a_list_counts_its_changes(stores: Stores, run: Run[Any]) -> None:
    assert run(stores.lists.find("staff")) is None
    run(stores.lists.load("staff", ["u1", "u2"], ListMode.REPLACE, 7))
    assert run(stores.lists.find("staff")) == ListState(version=1, size=2, time=7)
    run(stores.lists.load("staff", ["u1"], ListMode.ADD, 9))
    assert run(stores.lists.find("staff")) == ListState(version=2, size=2, time=9)


def test_a_list_of_another_version_is_left_alone(stores: Stores, run: Run[Any]) -> None:
    with pytest.raises(AnotherListVersion) as never_loaded:
        run(stores.lists.load("staff", ["u1"], ListMode.ADD, 1, expected=1))
    assert never_loaded.value.version == 0
    assert run(stores.lists.load("staff", ["u1"], ListMode.ADD, 1, expected=0)).version == 1
    with pytest.raises(AnotherListVersion) as too_late:
        run(stores.lists.load("staff", [], ListMode.REPLACE, 2, expected=0))
    assert too_late.value.version == 1
    assert run(stores.lists.find("staff")) == ListState(version=1, size=1, time=1)


def test_of_many_who_expect_one_version_one_loads(stores: Stores, run: Run[Any]) -> None:
    async def all_at_once() -> list[ListChange | BaseException]:
        loads = (stores.lists.load("staff", [f"u{n}"], ListMode.REPLACE, 1, expected=0) for n in range(32))
        return await asyncio.gather(*loads, return_exceptions=True)

    assert [each for each in run(all_at_once()) if isinstance(each, ListChange)] == [ListChange(1, 1, 0, 1)]
