"""Decisions taken for good, on the revision of the user's facts that they were made on (ADR 7)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from random import random

from dsl.frozen import dataclass
from server.ports import Answered, ClockBehind, Commit, ContactLedger, StoreUnavailable, Taken
from server.usecases.failures import LedgerAway
from server.usecases.ids import new_id
from server.usecases.refusals import ClockWrong, Contended, RequestIdReused
from server.usecases.turns import Turns

TRIES = 32
"""At taking one decision; between two of them something about the user has changed."""
PAUSE_SECONDS = 0.01
LONGEST = 6
"""So many times pauses grow twofold: to wait for a turn must cost less than to have it, however many do."""


@dataclass(frozen=True, slots=True)
class Name:
    """By which a request is known: a repeat is answered as the first one. `key` None: nobody repeats it."""

    key: str | None = None
    fingerprint: bytes = b""


async def nothing() -> None:
    """Nothing follows."""


class Taking:
    """Makes decisions until one could be taken."""

    def __init__(self, ledger: ContactLedger, changed: Callable[[], None]) -> None:
        """`changed` is called when one was taken: something may be due earlier than before."""
        self._ledger = ledger
        self._changed = changed
        self._turns = Turns()

    async def known(self, name: Name) -> bytes | None:
        """What was answered under this name. Raises RequestIdReused if it was to something else, LedgerAway."""
        try:
            before = None if name.key is None else await self._ledger.answered(name.key)
        except StoreUnavailable as error:
            raise LedgerAway(str(error)) from error
        return None if before is None else same(before, name)

    async def __call__(
        self,
        user: str,
        name: Name,
        make: Callable[[], Awaitable[Taken | None]],
        then: Callable[[], Awaitable[None]] = nothing,
    ) -> bytes | None:
        """The answer of what `make` made of the newest facts; None if it made nothing. `then` follows when that was taken, or nothing
        of it is to be written: so it is answered as of what was read.

        Raises ClockWrong, Contended, RequestIdReused, StoreUnavailable and what `make` raises.
        """
        claimant = new_id()
        async with self._turns.of(user):
            for number in range(TRIES):
                if number and not await self._ledger.claim_turn(user, claimant):
                    await asyncio.sleep(random() * PAUSE_SECONDS * 2 ** min(number, LONGEST))
                    continue
                taken = await make()
                if taken is None or taken.is_nothing:
                    await self._end_turn(user, claimant if number else "")
                    return None if taken is None else await answer(taken, then)
                outcome = await self._committed(replace(taken, claimant=claimant if number else ""))
                if isinstance(outcome, Answered):
                    await self._end_turn(user, claimant if number else "")
                    return same(outcome, name)
                if outcome is None:
                    self._changed()
                    return await answer(taken, then)
        raise Contended

    async def _end_turn(self, user: str, claimant: str) -> None:
        """If it fails, the turn ends by itself."""
        if claimant:
            with suppress(StoreUnavailable):
                await self._ledger.end_turn(user, claimant)

    async def _committed(self, taken: Taken) -> Commit:
        try:
            return await self._ledger.commit(taken)
        except ClockBehind as behind:
            raise ClockWrong(behind) from behind


async def answer(taken: Taken, then: Callable[[], Awaitable[None]]) -> bytes:
    await then()
    return taken.answer


def same(before: Answered, name: Name) -> bytes:
    if before.fingerprint != name.fingerprint:
        raise RequestIdReused(name.key or "")
    return before.answer
