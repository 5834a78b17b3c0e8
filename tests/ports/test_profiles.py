from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.ports import Stores
from tests.ports.conftest import Run


def test_a_stranger_has_no_attributes(stores: Stores, run: Run[Any]) -> None:
    assert run(stores.profiles.fetch("u1")) == {}


def test_attributes_come_back_as_json(stores: Stores, run: Run[Any]) -> None:
    attributes = {
        "a": None,
        "b": True,
        "c": 2**53 + 1,
        "d": 0.1,
        "e": "é🎈\x00",
        "f": ["x"],
        "g": {"amount": "1.00"},
    }
    run(stores.profiles.upsert([("u1", attributes)]))
    assert run(stores.profiles.fetch("u1")) == attributes


def test_an_upsert_replaces_what_it_names_and_nothing_else(stores: Stores, run: Run[Any]) -> None:
    run(stores.profiles.upsert([("u1", {"a": 1, "b": 2}), ("u2", {"a": 3})]))
    run(stores.profiles.upsert([("u1", {"b": None, "c": 4})]))
    assert run(stores.profiles.fetch("u1")) == {"a": 1, "b": None, "c": 4}
    assert run(stores.profiles.fetch("u2")) == {"a": 3}


def test_a_user_named_twice_is_written_in_that_order(stores: Stores, run: Run[Any]) -> None:
    run(stores.profiles.upsert([("u1", {"a": 1}), ("u2", {}), ("u1", {"a": 2, "b": 3})]))
    assert run(stores.profiles.fetch("u1")) == {"a": 2, "b": 3}


@pytest.mark.parametrize("twin", ["U1", "u1 ", "ｕ1", "u1\u0301", "u%", "u_"])
def test_ids_are_told_apart_by_code_point(stores: Stores, run: Run[Any], twin: str) -> None:
    run(stores.profiles.upsert([("u1", {"a": 1})]))
    assert run(stores.profiles.fetch(twin)) == {}


def test_upserts_at_once_lose_nothing(stores: Stores, run: Run[Any]) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(*(stores.profiles.upsert([("u1", {f"a{n}": n})]) for n in range(64)))

    run(all_at_once())
    assert run(stores.profiles.fetch("u1")) == {f"a{n}": n for n in range(64)}


def test_many_users_fit_into_one_upsert(stores: Stores, run: Run[Any]) -> None:
    for _ in range(2):
        run(stores.profiles.upsert([(f"u{n}", {"n": n}) for n in range(3000)]))
    assert run(stores.profiles.fetch("u2999")) == {"n": 2999}


def test_what_is_fetched_is_a_copy(stores: Stores, run: Run[Any]) -> None:
    run(stores.profiles.upsert([("u1", {"a": 1})]))
    run(stores.profiles.fetch("u1"))["a"] = 2
    assert run(stores.profiles.fetch("u1")) == {"a": 1}


def test_a_profile_that_is_erased_is_a_strangers(stores: Stores, run: Run[Any]) -> None:
    run(stores.profiles.upsert([("u1", {"tier": "plus", "country": None}), ("u2", {"tier": "pro"})]))
    assert run(stores.profiles.erase("u1")) == 2
    assert run(stores.profiles.erase("u1")) == 0
    assert run(stores.profiles.fetch("u1")) == {}
    assert run(stores.profiles.fetch("u2")) == {"tier": "pro"}
