"""The end of a server, for its streams, which could go on for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from typing import Any

from google.protobuf.message import Message

from server.rpc.calls import Call, Proceed
from server.usecases.at_once import Work
from server.usecases.refusals import ServerEnding


class Ending:
    """Once it has come, streams that tell end at once, those that ask once what they asked is answered."""

    def __init__(self) -> None:
        self._come = asyncio.Event()
        self._idle: set[asyncio.Timeout] = set()
        """Of streams that wait for their client, what ends the waiting."""

    def come(self) -> None:
        self._come.set()
        for each in self._idle:
            each.reschedule(0)

    def around(self, call: Call, proceed: Proceed) -> Work[Message | None]:
        if call.requests is not None:
            return proceed(call._replace(requests=self._until(call.requests)))
        return proceed(call) if call.write is None else self._until_come(proceed(call))

    async def _until_come(self, telling: Work[Message | None]) -> Message | None:
        working, come = asyncio.ensure_future(telling), asyncio.ensure_future(self._come.wait())
        try:
            await asyncio.wait((working, come), return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            raise ServerEnding
        finally:
            working.cancel()
            come.cancel()

    async def _until(self, requests: AsyncIterable[Any]) -> AsyncIterator[Any]:
        reading = aiter(requests)
        while (request := await self._next(reading)) is not None:
            yield request

    async def _next(self, reading: AsyncIterator[Any]) -> Any:
        """None behind the last."""
        if self._come.is_set():
            raise ServerEnding
        waiting = asyncio.timeout(None)
        self._idle.add(waiting)
        try:
            async with waiting:
                return await anext(reading, None)
        except TimeoutError:
            raise ServerEnding from None
        finally:
            self._idle.remove(waiting)
