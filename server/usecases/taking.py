"""Decisions taken for good, on the revision of the user's facts that they were made on (ADR 7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from server.ports import Answered, Changed, ContactLedger, Taken
from server.usecases.refusals import Contended, RequestIdReused
from server.usecases.turns import Turns

TRIES = 64
"""At taking one decision; between two of them something about the user has changed."""


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
        """What was answered under this name. Raises RequestIdReused if it was to something else."""
        before = None if name.key is None else await self._ledger.answered(name.key)
        return None if before is None else same(before, name)

    async def __call__(
        self,
        user: str,
        name: Name,
        make: Callable[[], Awaitable[Taken | None]],
        then: Callable[[], Awaitable[None]] = nothing,
    ) -> bytes | None:
        """The answer of what `make` made of the newest facts; None if it made nothing. `then` follows when that was taken.

        Raises Contended, RequestIdReused, StoreUnavailable and what `make` raises.
        """
        async with self._turns.of(user):
            for _ in range(TRIES):
                taken = await make()
                if taken is None:
                    return None
                outcome = await self._ledger.commit(taken)
                if isinstance(outcome, Answered):
                    return same(outcome, name)
                if not isinstance(outcome, Changed):
                    self._changed()
                    await then()
                    return taken.answer
        raise Contended


def same(before: Answered, name: Name) -> bytes:
    if before.fingerprint != name.fingerprint:
        raise RequestIdReused(name.key or "")
    return before.answer
