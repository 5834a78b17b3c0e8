"""A wall between a server and a database, which can be put up and taken down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import replace
from typing import Self

from sqlalchemy import make_url

from cli.private.program import HOST, free_port
from tests.reliability.places import Place


class Wall:
    """Passes connections on to a port. While it is closed nothing comes through, and nobody is told so."""

    def __init__(self, port: int) -> None:
        self.port = free_port()
        self._to = port
        self._open = asyncio.Event()
        self._open.set()

    @classmethod
    @asynccontextmanager
    async def before(cls, port: int) -> AsyncIterator[Self]:
        wall = cls(port)
        async with await asyncio.start_server(wall._join, HOST, wall.port):
            yield wall
            wall.mend()

    def cut(self) -> None:
        self._open.clear()

    def mend(self) -> None:
        self._open.set()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError), closing(writer):
            await self._open.wait()
            there, back = await asyncio.open_connection(HOST, self._to)
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while some := await reader.read(2**16):
                await self._open.wait()
                writer.write(some)
                await writer.drain()
        finally:
            writer.close()


def behind(place: Place, wall: Wall) -> Place:
    """The same database, reached through the wall."""
    url = make_url(place.store).set(port=wall.port).render_as_string(hide_password=False)
    return replace(place, store=url)


def port_of(place: Place) -> int:
    port = make_url(place.store).port
    assert port is not None
    return port
