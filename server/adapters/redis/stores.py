"""The stores, of which those that one decision reads are read in the shadow of the user, and those who write let it go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cachetools import TTLCache

from compiler.wire.json_text import Json
from server.adapters.clocks import SystemClock
from server.adapters.redis.questions import OfEvents, OfHistory, OfLists, OfOpen, OfProfile, OfUnjudged
from server.adapters.redis.shadow import AnothersTurn, Shadow
from server.adapters.redis.trips import Trips
from server.ports import (
    CHANGED,
    NO_FOLDS,
    Change,
    Changed,
    Commit,
    ContactHistory,
    ContactLedger,
    EventHistory,
    EventStore,
    Folds,
    ListChange,
    ListStore,
    Occurrence,
    ProfileStore,
    RecordedEvent,
    Recording,
    Reservation,
    Stores,
    Taken,
    TimerStore,
)

BUDGET_SECONDS = 1.0
"""So old the totals of budgets may be that advice goes by. Grants are held against the true ones."""
MOST_BUDGETS = 10_000


AGREED_SECONDS = 1.0


def shadowed(
    stores: Stores,
    url: str,
    workspace: str,
    *,
    same_clock: bool = True,
    agreed_seconds: float = AGREED_SECONDS,
) -> Stores:
    """The same stores, with shadows in Redis of what one decision reads (ADR 9). `url`: `redis://:PASSWORD@HOST:PORT`, or of a node
    of a cluster; it need not answer. `same_clock`: nothing is granted by a clock of this machine that is off that of Redis. `agreed_seconds`: so long a list takes at least to be loaded, as every process goes by it then.

    Raises ValueError if that is no such address.
    """
    clock = SystemClock().now if same_clock else None
    return in_shadow(stores, Shadow(Trips(url), stores.contacts, workspace, clock, agreed_seconds))


def in_shadow(stores: Stores, shadow: Shadow) -> Stores:
    """The same stores, with what one decision reads kept in the shadow."""
    kept: Any = {
        "profiles": ShadowedProfiles(stores.profiles, shadow),
        "events": ShadowedEvents(stores.events, shadow),
        "lists": ShadowedLists(stores.lists, shadow),
        "contacts": ShadowedContacts(stores.contacts, shadow),
        "timers": ShadowedTimers(stores.timers, shadow),
    }
    return replace(stores, **kept)


class Shadowed:
    """What is not said here is the truth's to answer."""

    def __init__(self, truth: Any, shadow: Shadow) -> None:
        self._truth = truth
        self._shadow = shadow

    def __getattr__(self, method: str) -> Any:
        return getattr(self._truth, method)


class ShadowedProfiles(Shadowed):
    _truth: ProfileStore

    async def fetch(self, user: str) -> Mapping[str, Json]:
        return await self._shadow.ask(user, OfProfile(self._truth, user))

    async def upsert(self, profiles: Sequence[tuple[str, Mapping[str, Json]]]) -> None:
        async with self._shadow.writing(user for user, _ in profiles):
            await self._truth.upsert(profiles)

    async def erase(self, user: str) -> int:
        async with self._shadow.writing([user]):
            return await self._truth.erase(user)


class ShadowedEvents(Shadowed):
    _truth: EventStore

    async def fetch(self, user: str, since: Mapping[str, int | None], until: int) -> EventHistory:
        return await self._shadow.ask(user, OfEvents(self._truth, user, since, until))

    async def unjudged_of(self, user: str) -> frozenset[str]:
        return await self._shadow.ask(user, OfUnjudged(self._truth, user))

    async def append(
        self,
        events: Sequence[RecordedEvent],
        to_judge: Collection[str] = (),
        again: Folds | None = None,
    ) -> list[Recording]:
        async with self._shadow.writing(each.user for each in events):
            return await self._truth.append(events, to_judge, again)

    async def erase(self, user: str) -> int:
        async with self._shadow.writing([user]):
            return await self._truth.erase(user)

    async def prune(self, before: Mapping[str, int], most: int, folds: Folds = NO_FOLDS) -> int:
        """No rule looks at what is dropped, or a total says the same, so that shadows lapse once, behind the last round."""
        dropped = await self._truth.prune(before, most, folds)
        if 0 < dropped < most:
            await self._shadow.renew()
        return dropped

    async def set_horizon(self, type: str, known_since: int | None) -> None:
        async with self._shadow.writing_of_all():
            await self._truth.set_horizon(type, known_since)


class ShadowedLists(Shadowed):
    _truth: ListStore

    async def holds(self, user: str, names: Collection[str]) -> Mapping[str, bool]:
        return await self._shadow.ask(user, OfLists(self._truth, user, tuple(names)))

    async def load(self, *words: Any, **named: Any) -> ListChange:
        """When it returns every process goes by the list as it is now."""
        async with self._shadow.writing_of_all():
            return await self._truth.load(*words, **named)

    async def erase(self, user: str) -> int:
        async with self._shadow.writing([user]):
            return await self._truth.erase(user)


class ShadowedContacts(Shadowed):
    _truth: ContactLedger

    def __init__(self, truth: ContactLedger, shadow: Shadow) -> None:
        super().__init__(truth, shadow)
        self._used: TTLCache[tuple[str, int | None], int] = TTLCache(MOST_BUDGETS, BUDGET_SECONDS)

    async def history(self, user: str, since: int | None) -> ContactHistory:
        return await self._shadow.ask(user, OfHistory(self._truth, user, since))

    async def used(self, since: Mapping[str, int | None], until: int | None) -> Mapping[str, int]:
        if until is not None:
            return await self._truth.used(since, until)
        known = {owner: self._used.get((owner, start)) for owner, start in since.items()}
        if unknown := {owner: since[owner] for owner, used in known.items() if used is None}:
            found = await self._truth.used(unknown, None)
            self._used.update({(owner, since[owner]): used for owner, used in found.items()})
            known.update(found)
        return {owner: used or 0 for owner, used in known.items()}

    async def commit(self, taken: Taken) -> Commit:
        """Where the truth says Changed, what is read next is the truth. It is not asked while it is known to be somebody else's turn:
        they would wait for who comes in vain, and read no shadow meanwhile."""
        try:
            async with self._shadow.writing([taken.user], taken.claimant):
                outcome = await self._truth.commit(taken)
        except AnothersTurn:
            return CHANGED
        if isinstance(outcome, Changed) or (taken.reservation and taken.reservation.spends):
            self._used.clear()
        if outcome is None and taken.claimant:
            await self._shadow.leave(taken.user, taken.claimant)
        return outcome

    async def claim_turn(self, user: str, claimant: str) -> bool:
        """Who has to wait learns so from Redis, at less cost."""
        if not await self._shadow.claim(user, claimant):
            return False
        claimed = False
        try:
            claimed = await self._truth.claim_turn(user, claimant)
        finally:
            if not claimed:
                await self._shadow.leave(user, claimant)
        return claimed

    async def end_turn(self, user: str, claimant: str) -> None:
        await self._truth.end_turn(user, claimant)
        await self._shadow.leave(user, claimant)

    async def change(self, id: str, change: Change) -> Reservation | None:
        if (found := await self._truth.find(id)) is None:
            return None
        async with self._shadow.writing([found.user]):
            changed = await self._truth.change(id, change)
        self._used.clear()
        return changed

    async def lapse(self, now: int, most: int) -> Sequence[str]:
        """Whoever decides on what was before is refused, so that nobody need wait for it."""
        users = await self._truth.lapse(now, most)
        async with self._shadow.writing(users):
            self._used.clear()
        return users

    async def prune(self, before: int, but: Collection[str], most: int) -> int:
        """As of events."""
        dropped = await self._truth.prune(before, but, most)
        if 0 < dropped < most:
            await self._shadow.renew()
        return dropped

    async def erase(self, user: str) -> int:
        async with self._shadow.writing([user]):
            return await self._truth.erase(user)


class ShadowedTimers(Shadowed):
    _truth: TimerStore

    async def open(self, user: str) -> tuple[Occurrence, ...]:
        return await self._shadow.ask(user, OfOpen(self._truth, user))

    async def claim(self, now: int, until: int, most: int) -> Sequence[Occurrence]:
        """Whoever claims goes by what is claimed, so that it is read anew."""
        claimed = await self._truth.claim(now, until, most)
        async with self._shadow.writing(each.user for each in claimed):
            return claimed

    async def repin(self, version: str, to: str | None) -> int:
        async with self._shadow.writing_of_all():
            return await self._truth.repin(version, to)
