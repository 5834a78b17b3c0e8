"""Say who is on a list."""

from __future__ import annotations

from collections.abc import Collection

from server.ports import ListChange, ListMode, ListStore
from server.usecases.active_rules import ActiveRules
from server.usecases.refusals import UnknownName


class LoadList:
    """Changes a list that the active rules declare."""

    def __init__(self, lists: ListStore, active: ActiveRules) -> None:
        self._lists = lists
        self._active = active

    async def __call__(self, name: str, users: Collection[str], mode: ListMode) -> tuple[ListChange, str]:
        """What changed, and the version that declares the list. Raises UnknownName."""
        ruleset = self._active.require().ruleset
        if name not in ruleset.lists:
            raise UnknownName("list", name, ruleset.lists, ruleset.hash)
        return await self._lists.load(name, users, mode), ruleset.hash
