"""Lists of users in the memory of this process."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from operator import or_, sub

from server.ports import AnotherListVersion, ListChange, ListMode, ListState

Members = frozenset[str]
CHANGES: Mapping[ListMode, Callable[[Members, Members], Members]] = {
    ListMode.REPLACE: lambda _, named: named,
    ListMode.ADD: or_,
    ListMode.REMOVE: sub,
}


@dataclass(frozen=True, slots=True)
class Loaded:
    members: Members = frozenset()
    version: int = 0
    time: int = 0


class MemoryListStore:
    def __init__(self) -> None:
        self._lists: dict[str, Loaded] = {}

    async def load(
        self, name: str, users: Collection[str], mode: ListMode, time: int, expected: int | None = None
    ) -> ListChange:
        before = self._lists.get(name, Loaded())
        if expected not in (None, before.version):
            raise AnotherListVersion(before.version)
        members = CHANGES[mode](before.members, frozenset(users))
        after = self._lists[name] = Loaded(members, before.version + 1, time)
        added, removed = len(members - before.members), len(before.members - members)
        return ListChange(len(members), added, removed, after.version)

    async def find(self, name: str) -> ListState | None:
        found = self._lists.get(name)
        return ListState(found.version, len(found.members), found.time) if found else None

    async def holds(self, user: str, names: Collection[str]) -> Mapping[str, bool]:
        return {name: user in self._lists[name].members for name in names if name in self._lists}

    async def erase(self, user: str) -> int:
        on = {name: each for name, each in self._lists.items() if user in each.members}
        for name, each in on.items():
            self._lists[name] = replace(each, members=each.members - {user}, version=each.version + 1)
        return len(on)
