"""Three pages over HTTP for those who watch a process: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from server.rpc.endpoint import Endpoint, address_of, cannot_listen

REQUEST_SECONDS = 5.0
"""In which a request has to have come whole."""
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    status: HTTPStatus
    text: bytes
    type: str = PLAIN


Make = Callable[[], Awaitable[Page]]


@dataclass(frozen=True, slots=True)
class Pages:
    """Answered by the event loop that answers calls, so that a loop that hangs is not called healthy."""

    server: asyncio.Server
    address: str

    @classmethod
    async def start(
        cls, listen: str, endpoint: Endpoint, registry: CollectorRegistry, worker: int = 0
    ) -> Pages:
        """Listen on `host:port`, port 0 for a free one; worker 1 of several processes there, and each of the others a port further
        on, beside who was that worker before. Raises CannotListen."""
        pages = pages_of(endpoint, registry)
        host, port = address_of(listen)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(TimeoutError, OSError, asyncio.IncompleteReadError):
                await answer(pages, reader, writer)
            writer.close()

        try:
            own = port and port + max(worker - 1, 0)
            server = await asyncio.start_server(serve, host.strip("[]"), own, reuse_port=worker > 0 or None)
        except OSError as error:
            raise cannot_listen(listen) from error
        return cls(server, f"{host}:{server.sockets[0].getsockname()[1]}")

    async def stop(self) -> None:
        self.server.close()
        await self.server.wait_closed()


def pages_of(endpoint: Endpoint, registry: CollectorRegistry) -> Mapping[str, Make]:
    async def healthz() -> Page:
        return Page(HTTPStatus.OK, b"alive\n")

    async def readyz() -> Page:
        if endpoint.ready:
            return Page(HTTPStatus.OK, b"ready\n")
        return Page(HTTPStatus.SERVICE_UNAVAILABLE, b"not ready: no rules are active, or the end is near\n")

    async def metrics() -> Page:
        return Page(HTTPStatus.OK, await asyncio.to_thread(generate_latest, registry), CONTENT_TYPE_LATEST)

    return {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}


async def answer(
    pages: Mapping[str, Make], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """One request, one answer; a request that is too long, or none, is answered by silence."""
    async with asyncio.timeout(REQUEST_SECONDS):
        try:
            request = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return
    method, _, rest = request.decode("latin-1").partition(" ")
    writer.write(written(await page_for(pages, method, rest.partition(" ")[0].partition("?")[0])))
    await writer.drain()


async def page_for(pages: Mapping[str, Make], method: str, path: str) -> Page:
    if path not in pages:
        return Page(HTTPStatus.NOT_FOUND, f"there are {', '.join(pages)}\n".encode())
    if method != "GET":
        return Page(HTTPStatus.METHOD_NOT_ALLOWED, b"GET alone is answered\n")
    return await pages[path]()


def written(page: Page) -> bytes:
    head = (
        f"HTTP/1.1 {page.status.value} {page.status.phrase}\r\nContent-Type: {page.type}\r\n"
        f"Content-Length: {len(page.text)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + page.text
