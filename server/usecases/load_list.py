"""Say who is on a list."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from server.ports import ListChange, ListMode, ListStore
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.refusals import UnknownName


class LoadList:
    """Changes a list that the active rules declare."""

    def __init__(self, lists: ListStore, active: ActiveRules) -> None:
        self._lists = lists
        self._active = active

    async def __call__(self, name: str, users: Collection[str], mode: ListMode) -> tuple[ListChange, str]:
        """What changed, and the version that declares the list. Raises UnknownName."""
        version = self._active.accepted(partial(declaring, name))
        return await self._lists.load(name, users, mode), version


def declaring(name: str, serving: Serving) -> str:
    """The version, if it declares the list. Raises UnknownName."""
    if name not in serving.ruleset.lists:
        raise UnknownName("list", name, serving.ruleset.lists, serving.version)
    return serving.version
