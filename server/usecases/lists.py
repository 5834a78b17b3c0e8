"""Say who is on a list, and how it is."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from server.ports import AnotherListVersion, Clock, ListChange, ListMode, ListState, ListStore
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.refusals import ListHasChanged, UnknownName


class Lists:
    """The lists that the active rules declare."""

    def __init__(self, lists: ListStore, active: ActiveRules, clock: Clock) -> None:
        self._lists = lists
        self._active = active
        self._clock = clock

    async def load(
        self, name: str, users: Collection[str], mode: ListMode, expected: int | None
    ) -> tuple[ListChange, str]:
        """What changed, and the version that declares the list. Raises UnknownName, and ListHasChanged if it has not the
        version expected."""
        version = self._active.accepted(partial(declaring, name))
        try:
            return await self._lists.load(name, users, mode, self._clock.now(), expected), version
        except AnotherListVersion as found:
            raise ListHasChanged(name, found.version) from None

    async def find(self, name: str) -> tuple[ListState | None, str]:
        """The list, None if it was never loaded, and the version that declares it. Raises UnknownName."""
        version = self._active.accepted(partial(declaring, name))
        return await self._lists.find(name), version


def declaring(name: str, serving: Serving) -> str:
    """The version, if it declares the list. Raises UnknownName."""
    if name not in serving.ruleset.lists:
        raise UnknownName("list", name, serving.ruleset.lists, serving.version)
    return serving.version
