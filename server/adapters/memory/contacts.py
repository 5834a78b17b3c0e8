"""Touches and budgets in the memory of this process."""

from __future__ import annotations

from bisect import bisect_right, insort
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

    async def history(self, user: str, since: int | None, until: int) -> ContactHistory:
        return ContactHistory(*(self._between(user, shadow, since, until) for shadow in (False, True)))

    def _between(self, user: str, shadow: bool, since: int | None, until: int) -> tuple[Touch, ...]:
        touches = self._touches.get((user, shadow), [])
        start = 0 if since is None else bisect_right(touches, since, key=time_of)
        return tuple(touches[start : bisect_right(touches, until, key=time_of)])

    async def used(self, since: Mapping[str, int | None], until: int) -> Mapping[str, int]:
        return {owner: self._used(owner, start, until) for owner, start in since.items()}

    def _used(self, owner: str, since: int | None, until: int) -> int:
        spent = self._spent.get(owner, [])
        return sum(amount for time, amount in spent if time <= until and (since is None or time >= since))
