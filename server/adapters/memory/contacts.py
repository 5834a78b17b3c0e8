"""Touches and budgets in the memory of this process."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Mapping, Sequence

from compiler.facts import Touch
from server.ports import Contact, ContactHistory


def time_of(touch: Touch) -> int:
    return touch.time


class MemoryContactLedger:
    def __init__(self) -> None:
        self._touches: defaultdict[tuple[str, bool], list[Touch]] = defaultdict(list)
        self._spent: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)

    async def append(self, contacts: Sequence[Contact]) -> None:
        for contact in contacts:
            insort(self._touches[contact.user, contact.shadow], contact.touch, key=time_of)
            for owner, amount in contact.spent.items():
                self._spent[owner].append((contact.touch.time, amount))

    async def history(self, user: str, since: int | None) -> ContactHistory:
        return ContactHistory(self._since(user, False, since), self._since(user, True, since))

    def _since(self, user: str, shadow: bool, since: int | None) -> tuple[Touch, ...]:
        touches = self._touches.get((user, shadow), [])
        return tuple(touch for touch in touches if since is None or touch.time > since)

    async def used(self, since: Mapping[str, int | None]) -> Mapping[str, int]:
        return {owner: self._used(owner, start) for owner, start in since.items()}

    def _used(self, owner: str, since: int | None) -> int:
        return sum(amount for time, amount in self._spent.get(owner, []) if since is None or time >= since)
