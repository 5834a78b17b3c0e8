"""Decisions that are taken, and those of which there is nothing to take."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from server.ports import Stores, Taken
from server.stores import memory_stores, sqlite_stores
from server.usecases.taking import Name, Taking
from tests.ports.made import reserve, reserved, taken


def opened(kind: str, folder: Path) -> Stores:
    return memory_stores() if kind == "memory" else sqlite_stores(folder / "suasion.db")


async def decided(stores: Stores, *made: Taken) -> tuple[bytes | None, list[str], bool]:
    """The answer, what followed, and whether there is another revision then. `made`: of one try after the other."""
    happened: list[str] = []
    left = iter(made)

    async def make() -> Taken:
        return next(left)

    async def then() -> None:
        happened.append("then")

    answer = await Taking(stores.contacts, lambda: happened.append("changed"))("u1", Name(), make, then)
    return answer, happened, (await stores.contacts.history("u1", None)).revision > 0


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@pytest.mark.parametrize(
    ("more", "happened", "changes"),
    [
        ({}, ["then"], False),
        ({"key": "k"}, ["changed", "then"], True),
        ({"judged": ("e1",)}, ["changed", "then"], True),
        ({"reservation": reserved("a")}, ["changed", "then"], True),
    ],
    ids=["nothing", "answer", "judged", "contact"],
)
def test_what_writes_nothing_is_answered_and_changes_nothing(
    kind: str, more: dict[str, Any], happened: list[str], changes: bool, tmp_path: Path
) -> None:
    stores = opened(kind, tmp_path)
    assert asyncio.run(decided(stores, taken(**more))) == (b"answer", happened, changes)
    stores.close()


def test_who_finds_nothing_to_take_leaves_the_turn_to_others(tmp_path: Path) -> None:
    stores = opened("sqlite", tmp_path)

    async def lose() -> bool:
        await reserve(stores, reserved("r0"))
        late = taken(revision=0, reservation=reserved("r1"))
        assert (await decided(stores, late, taken(revision=1)))[1] == ["then"]
        return await stores.contacts.claim_turn("u1", "another")

    assert asyncio.run(lose())
    stores.close()


def test_who_finds_that_it_was_answered_leaves_the_turn_to_others(tmp_path: Path) -> None:
    stores = opened("sqlite", tmp_path)

    async def lose() -> bool:
        repeated = taken(key="k", revision=1, reservation=reserved("r1"))
        late = taken(key="late", revision=0, reservation=reserved("r2"))
        await reserve(stores, reserved("r0"))
        assert await stores.contacts.commit(repeated) is None
        assert (await decided(stores, late, repeated))[:2] == (b"answer", [])
        return await stores.contacts.claim_turn("u1", "another")

    assert asyncio.run(lose())
    stores.close()
