"""A process of its own, as far as Redis can tell: a shadow behind which stands a truth that others write, too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from server.adapters.redis.shadow import Shadow
from server.adapters.redis.stores import in_shadow
from server.adapters.redis.trips import Trips
from server.ports import Stores

SOON = 0.05
"""Seconds until what concerns everybody is known to all."""


@dataclass(frozen=True)
class Node:
    truth: Stores
    shadow: Shadow
    stores: Stores

    @classmethod
    def of(
        cls,
        truth: Stores,
        url: str,
        clock: Callable[[], int] | None = None,
        agreed_seconds: float = SOON,
    ) -> Node:
        shadow = Shadow(Trips(url), truth.contacts, "shop", clock, agreed_seconds)
        return cls(truth, shadow, in_shadow(truth, shadow))

    async def quiet(self) -> None:
        """Until it has done what it does behind the backs of those who ask."""
        while tasks := self.shadow._tasks:
            await asyncio.gather(*tasks)
