"""Who comes in somebody else's turn is told so by Redis: nobody waits for them. What Redis does not know the truth decides."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis as Client

from cli.private.redis import Redis
from server.ports import CHANGED, Commit, ContactLedger, Stores, StoreUnavailable, Taken
from server.stores import sqlite_stores
from tests.ports.made import reserve, reserved, taken
from tests.shadow.conftest import Run
from tests.shadow.node import Node


class Noted:
    """A ledger that notes whose decisions it was asked to take, and can be away."""

    def __init__(self, ledger: ContactLedger) -> None:
        self._ledger: Any = ledger
        self.asked: list[str] = []
        self.away = False

    def __getattr__(self, method: str) -> Any:
        return getattr(self._ledger, method)

    async def commit(self, asked: Taken) -> Commit:
        self.asked.append(asked.claimant)
        outcome: Commit = await self._ledger.commit(asked)
        return outcome

    async def claim_turn(self, user: str, claimant: str) -> bool:
        if self.away:
            raise StoreUnavailable("away")
        is_theirs: bool = await self._ledger.claim_turn(user, claimant)
        return is_theirs


@pytest.fixture
def truth(run: Run, tmp_path: Path) -> Iterator[Stores]:
    """Of a user whom it knows, at revision 1."""
    stores = sqlite_stores(tmp_path / "suasion.db")
    run(reserve(stores, reserved("r0")))
    yield stores
    stores.close()


def noted(truth: Stores) -> tuple[Noted, Stores]:
    ledger: Any = Noted(truth.contacts)
    return ledger, replace(truth, contacts=ledger)


def decided(revision: int, claimant: str) -> Taken:
    return taken("u1", revision, claimant=claimant, reservation=reserved(f"{claimant}-{revision}"))


@pytest.mark.usefixtures("patient")
def test_who_comes_in_anothers_turn_drops_no_shadow_and_does_not_come_to_the_truth(
    redis_url: str, run: Run, truth: Stores
) -> None:
    ledger, stores = noted(truth)
    near, far = (Node.of(stores, redis_url) for _ in range(2))

    async def story() -> None:
        assert await far.stores.contacts.claim_turn("u1", "far")
        await far.stores.contacts.history("u1", None)
        await far.quiet()
        for claimant in ("", "near"):
            assert await near.stores.contacts.commit(decided(1, claimant)) is CHANGED
        assert not await near.stores.contacts.claim_turn("u1", "near")
        await near.quiet()
        assert (await far.shadow._kept("u1", ["touches"])).kept, "nobody wrote"
        assert await far.stores.contacts.commit(decided(1, "far")) is None
        assert await near.stores.contacts.commit(decided(2, "")) is None

    run(story())
    assert ledger.asked == ["far", ""]


@pytest.mark.usefixtures("patient")
def test_a_turn_that_the_truth_did_not_give_is_none(redis_url: str, run: Run, truth: Stores) -> None:
    """It is that of one who goes without Redis, or the truth was away."""
    ledger, stores = noted(truth)
    node = Node.of(stores, redis_url)

    async def story() -> None:
        assert await truth.contacts.claim_turn("u1", "without")
        assert not await node.stores.contacts.claim_turn("u1", "with")
        await truth.contacts.end_turn("u1", "without")
        ledger.away = True
        with pytest.raises(StoreUnavailable):
            await node.stores.contacts.claim_turn("u1", "with")
        ledger.away = False
        assert await node.stores.contacts.claim_turn("u1", "other"), "Redis holds it for nobody"

    run(story())


def test_while_redis_is_away_the_truth_says_whose_turn_it_is(
    redis_url: str, redis_server: Redis, run: Run, truth: Stores
) -> None:
    near, far = (Node.of(truth, redis_url) for _ in range(2))
    redis_server.kill()

    async def story() -> None:
        assert await far.stores.contacts.claim_turn("u1", "far")
        assert not await near.stores.contacts.claim_turn("u1", "near")
        assert await near.stores.contacts.commit(decided(1, "")) is CHANGED
        await far.stores.contacts.end_turn("u1", "far")
        assert await near.stores.contacts.claim_turn("u1", "near")

    run(story())
    redis_server.start()


@pytest.mark.usefixtures("patient")
def test_a_turn_ends_by_itself_in_redis_too(redis_url: str, run: Run, truth: Stores) -> None:
    node = Node.of(truth, redis_url)

    async def story() -> None:
        assert await node.stores.contacts.claim_turn("u1", "dead")
        lasts = Client.from_url(redis_url).pttl("suasion2:{shop/u1}:turn")
        assert 0 < lasts <= 2000  # type: ignore[operator]
        async with asyncio.timeout(20):
            while not await node.stores.contacts.claim_turn("u1", "next"):
                pass

    run(story())
