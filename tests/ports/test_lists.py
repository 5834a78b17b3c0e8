from __future__ import annotations

import asyncio
from typing import Any

from server.ports import ListChange, ListMode, Stores
from tests.ports.conftest import Run


def test_a_list_that_was_never_loaded_is_absent(stores: Stores, run: Run[Any]) -> None:
    run(stores.lists.load("staff", [], ListMode.REPLACE))
    assert run(stores.lists.holds("u1", ["staff", "testers"])) == {"staff": False}


def test_loading_replaces_adds_and_removes(stores: Stores, run: Run[Any]) -> None:
    load = stores.lists.load
    assert run(load("staff", ["u1", "u2", "u2"], ListMode.REPLACE)) == ListChange(2, 2, 0)
    assert run(load("staff", ["u2", "u3"], ListMode.ADD)) == ListChange(3, 1, 0)
    assert run(load("staff", ["u1", "u9"], ListMode.REMOVE)) == ListChange(2, 0, 1)
    assert run(load("staff", ["u3", "u4"], ListMode.REPLACE)) == ListChange(2, 1, 1)
    held = [user for user in ("u1", "u2", "u3", "u4") if run(stores.lists.holds(user, ["staff"]))["staff"]]
    assert held == ["u3", "u4"]


def test_lists_are_told_apart(stores: Stores, run: Run[Any]) -> None:
    run(stores.lists.load("staff", ["u1"], ListMode.ADD))
    run(stores.lists.load("Staff", ["u2"], ListMode.ADD))
    assert run(stores.lists.holds("u1", ["staff", "Staff"])) == {"staff": True, "Staff": False}


def test_large_lists_fit(stores: Stores, run: Run[Any]) -> None:
    users = [f"u{n}" for n in range(5000)]
    assert run(stores.lists.load("staff", users, ListMode.REPLACE)) == ListChange(5000, 5000, 0)
    assert run(stores.lists.load("staff", users[:1], ListMode.REPLACE)) == ListChange(1, 0, 4999)


def test_loads_at_once_lose_nobody(stores: Stores, run: Run[Any]) -> None:
    async def all_at_once() -> ListChange:
        await asyncio.gather(*(stores.lists.load("staff", [f"u{n}"], ListMode.ADD) for n in range(64)))
        return await stores.lists.load("staff", [], ListMode.ADD)

    assert run(all_at_once()) == ListChange(64, 0, 0)


def test_who_is_erased_is_on_no_list(stores: Stores, run: Run[Any]) -> None:
    for name in ("staff", "testers"):
        run(stores.lists.load(name, ["u1", "u2"], ListMode.ADD))
    run(stores.lists.load("empty", [], ListMode.ADD))
    assert run(stores.lists.erase("u1")) == 2
    assert run(stores.lists.erase("u1")) == 0
    held = run(stores.lists.holds("u1", ["staff", "testers", "empty"]))
    assert held == {"staff": False, "testers": False, "empty": False}
    assert run(stores.lists.holds("u2", ["staff"])) == {"staff": True}
