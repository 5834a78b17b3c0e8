"""A grant of which nobody saw what became: the shadow stands aside until that is sure, and no longer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from server.ports import Commit, ContactLedger, StoreUnavailable, Taken
from server.stores import memory_stores
from tests.ports.made import reserved, taken
from tests.shadow.conftest import Run
from tests.shadow.node import Node

pytestmark = pytest.mark.usefixtures("patient")


class Unseen:
    """A ledger that says of what it takes that it is away, and takes it once it may. What is about the user waits behind it."""

    def __init__(self, ledger: ContactLedger) -> None:
        self._ledger: Any = ledger
        self.may = asyncio.Event()
        self.coming: asyncio.Task[Commit] | None = None

    def __getattr__(self, method: str) -> Any:
        return getattr(self._ledger, method)

    async def commit(self, asked: Taken) -> Commit:
        self.coming = asyncio.create_task(self._commit(asked))
        raise StoreUnavailable("no answer")

    async def _commit(self, asked: Taken) -> Commit:
        await self.may.wait()
        outcome: Commit = await self._ledger.commit(asked)
        return outcome

    async def end_turn(self, user: str, claimant: str) -> None:
        if self.coming:
            await self.coming
        await self._ledger.end_turn(user, claimant)


def test_behind_a_grant_that_was_not_seen_to_end_copies_are_read_once_it_has_and_not_before(
    redis_url: str, run: Run
) -> None:
    async def story() -> None:
        truth = memory_stores()
        ledger: Any = Unseen(truth.contacts)
        writer = Node.of(replace(truth, contacts=ledger), redis_url)
        reader = Node.of(truth, redis_url)
        with pytest.raises(StoreUnavailable):
            await writer.stores.contacts.commit(taken("u1", 0, reservation=reserved("a")))
        assert (await reader.stores.contacts.history("u1", None)).standing == ()
        await reader.quiet()
        assert (await reader.shadow._kept("u1", ["touches"])).soon, "it may still come"
        ledger.may.set()
        await writer.quiet()
        for _ in range(2):  # the first one fills
            assert len((await reader.stores.contacts.history("u1", None)).standing) == 1
            await reader.quiet()
        assert (await reader.shadow._kept("u1", ["touches"])).kept

    run(story())
