"""Follow what was decided when waiting plans came due."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from server.ports import Outbox, Published

PAGE = 100
LOOK_SECONDS = 0.5
"""How often the outbox is looked into while nothing is heard: other processes write to it, too."""


class Watch:
    """Any number may watch, each at their own place."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._news = asyncio.Event()

    def hear(self) -> None:
        """Something may have been published."""
        self._news.set()
        self._news = asyncio.Event()

    async def __call__(self, after: int | None) -> AsyncIterator[Published]:
        """What was published behind an id and what will be, without end; None: only what will be."""
        place = await self._outbox.last() if after is None else after
        while True:
            news = self._news
            for published in await self._outbox.read(place, PAGE):
                place = published.id
                yield published
            if news is self._news and not await self._outbox.read(place, 1):
                await waited(news)


async def waited(news: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await news.wait()
    except TimeoutError:
        return
