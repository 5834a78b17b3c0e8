"""Clients: one that waits, and one for asyncio. They do the same.

Each `ask` has a deadline, repeats included. What failed because the server, or a store of its, was out of reach (UNAVAILABLE), or
ended in the middle of it (CANCELLED), is repeated while there is time, with growing pauses of random length, if asking twice comes
to the same as asking once (`Request.repeatable`); and what the server asks to be repeated after a while (RESOURCE_EXHAUSTED), as it did
nothing. Nothing else is. `service_config.json` says the same to clients in other languages.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

import grpc
from suasion.v1 import decision_service_pb2 as pb

from suasion_client.decisions import Watched
from suasion_client.errors import NotAllowed, error_of_call
from suasion_client.request import Request

Result = TypeVar("Result")
Token: TypeAlias = str | Callable[[], str]
"""A token that says who asks; or what is asked for one before each call, for those that expire. Empty for none."""
SECONDS = 2.0
"""Of an `ask`, unless said otherwise."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
OPTIONS = (
    ("grpc.keepalive_time_ms", 30_000),  # a connection that a balancer dropped without a word is found out
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    ("grpc.use_local_subchannel_pool", 1),  # clients share no connection: several reach several workers
    ("grpc.enable_retries", 0),  # who repeats, and when, is said here
    ("grpc.max_receive_message_length", 64 * 2**20),
)
OUT_OF_REACH = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED})
WATCH = "DecisionService/Watch"


class Retrying:
    """The attempts of one `ask`."""

    def __init__(self, request: Request[Any], seconds: float) -> None:
        self._repeatable = request.repeatable
        self._end = time.monotonic() + seconds
        self._pause = FIRST_PAUSE

    @property
    def left(self) -> float:
        """Seconds."""
        return max(0.0, self._end - time.monotonic())

    def pause_after(self, error: Any) -> float:
        """How long to wait before it is asked again. Raises what the error means if it is not."""
        failure = error_of_call(error)
        pause = random.uniform(0, self._pause) + (failure.retry_after or 0.0)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        repeats = failure.retry_after is not None or (self._repeatable and error.code() in OUT_OF_REACH)
        if not repeats or pause >= self.left:
            raise failure from None
        return pause


class Client:
    """Asks a server; may be shared by threads.

    `address` is `host:port`; `seconds` the deadline of an `ask`; `credentials` for TLS, None for none. `token` says who asks,
    `workspace` whose rules and facts it is about.
    """

    def __init__(
        self,
        address: str,
        *,
        seconds: float = SECONDS,
        credentials: grpc.ChannelCredentials | None = None,
        token: Token = "",
        workspace: str = "",
    ) -> None:
        self._seconds = seconds
        self._said = partial(said, token, workspace)
        self._channel = (
            grpc.secure_channel(address, credentials, OPTIONS)
            if credentials
            else grpc.insecure_channel(address, OPTIONS)
        )

    def ask(self, request: Request[Result], *, seconds: float | None = None) -> Result:
        """The answer. Raises SuasionError."""
        call, message = unary(self._channel, request), request.message()
        attempts = Retrying(request, self._seconds if seconds is None else seconds)
        while True:
            try:
                return request.read(call(message, timeout=attempts.left, metadata=self._said()))
            except grpc.RpcError as error:
                time.sleep(attempts.pause_after(error))

    def watch(self, after: int = 0) -> Iterator[Watched]:
        """What is decided when waiting plans come due, for as long as it is read; behind the last id that was dealt with.

        Raises SuasionError when the stream breaks: begin anew behind the last id.
        """
        try:
            for each in watching(self._channel)(pb.WatchRequest(after_id=after), metadata=self._said()):
                yield Watched.of(each)
        except grpc.RpcError as error:
            raise error_of_call(error) from None

    def close(self) -> None:
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient:
    """The same for asyncio; belongs to one event loop."""

    def __init__(
        self,
        address: str,
        *,
        seconds: float = SECONDS,
        credentials: grpc.ChannelCredentials | None = None,
        token: Token = "",
        workspace: str = "",
    ) -> None:
        self._seconds = seconds
        self._said = partial(said, token, workspace)
        self._channel = (
            grpc.aio.secure_channel(address, credentials, OPTIONS)
            if credentials
            else grpc.aio.insecure_channel(address, OPTIONS)
        )

    async def ask(self, request: Request[Result], *, seconds: float | None = None) -> Result:
        """The answer. Raises SuasionError."""
        call, message = unary(self._channel, request), request.message()
        attempts = Retrying(request, self._seconds if seconds is None else seconds)
        while True:
            try:
                return request.read(await call(message, timeout=attempts.left, metadata=self._said()))
            except grpc.RpcError as error:
                await asyncio.sleep(attempts.pause_after(error))

    async def watch(self, after: int = 0) -> AsyncIterator[Watched]:
        """As `Client.watch`."""
        try:
            async for each in watching(self._channel)(pb.WatchRequest(after_id=after), metadata=self._said()):
                yield Watched.of(each)
        except grpc.RpcError as error:
            raise error_of_call(error) from None

    async def close(self) -> None:
        await self._channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def said(token: Token, workspace: str) -> Sequence[tuple[str, str]]:
    """The headers that go with a call. Raises NotAllowed for what can be no token."""
    now = (token if isinstance(token, str) else token()).strip()
    if not (now.isascii() and now.isprintable()):
        raise NotAllowed("the token has a character that no header may have")
    headers = {"authorization": now and f"Bearer {now}", "suasion-workspace": workspace}
    return [(name, value) for name, value in headers.items() if value]


def unary(channel: Any, request: Request[Any]) -> Any:
    """The method on either kind of channel. Raises TypeError."""
    if not isinstance(request, Request):
        raise TypeError(f'{request!r} is no request: ask `MatchPlan("u1")`, `Decide("u1")`, …')
    response = request.response
    return channel.unary_unary(f"/suasion.v1.{request.method}", serialized, response.FromString)


def watching(channel: Any) -> Any:
    return channel.unary_stream(f"/suasion.v1.{WATCH}", serialized, pb.WatchResponse.FromString)


def serialized(message: Any) -> bytes:
    data: bytes = message.SerializeToString()
    return data
