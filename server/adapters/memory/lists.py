"""Lists of users in the memory of this process."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from operator import or_, sub

from server.ports import ListChange, ListMode

Members = frozenset[str]
CHANGES: Mapping[ListMode, Callable[[Members, Members], Members]] = {
    ListMode.REPLACE: lambda _, named: named,
    ListMode.ADD: or_,
    ListMode.REMOVE: sub,
}


class MemoryListStore:
    def __init__(self) -> None:
        self._members: dict[str, Members] = {}

    async def load(self, name: str, users: Collection[str], mode: ListMode) -> ListChange:
        before = self._members.get(name, frozenset())
        after = self._members[name] = CHANGES[mode](before, frozenset(users))
        return ListChange(len(after), len(after - before), len(before - after))

    async def holds(self, user: str, names: Collection[str]) -> Mapping[str, bool]:
        return {name: user in self._members[name] for name in names if name in self._members}

    async def erase(self, user: str) -> int:
        on = [name for name, members in self._members.items() if user in members]
        for name in on:
            self._members[name] -= {user}
        return len(on)
