"""Erase all that is known of a user."""

from __future__ import annotations

from dsl.frozen import dataclass
from server.ports import Stores


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased of each."""

    attributes: int
    events: int
    lists: int
    contacts: int


class EraseUser:
    """Asks every store for it. Contacts come last: a decision made on what was there before is not taken from then on."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def __call__(self, user: str) -> Erased:
        """Raises StoreUnavailable when it may not be complete; it can be repeated."""
        stores = self._stores
        erased = Erased(
            attributes=await stores.profiles.erase(user),
            events=await stores.events.erase(user),
            lists=await stores.lists.erase(user),
            contacts=await stores.contacts.erase(user),
        )
        await stores.purge()
        return erased
