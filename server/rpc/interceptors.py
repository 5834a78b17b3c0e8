"""What happens around every call: `in_order`, outermost first. One that only looks at the call hands on what comes next as it is:
waiting for it would cost every call."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextvars import ContextVar
from functools import partial
from typing import Any

import grpc
from google.protobuf.message import Message
from grpc_status import rpc_status

from server.ports import Tokens
from server.ports.deadline import remaining
from server.rpc.access import lets_in
from server.rpc.calls import Around, Call, Proceed, Unreadable, header, timed
from server.rpc.errors import BUG, pushback, status_of
from server.usecases.at_once import Done, Work, begin
from server.usecases.ids import new_id
from server.usecases.refusals import InvalidRequest, RequestTooLarge, Violation

LONGEST_UNARY_SECONDS = 30.0
"""A unary call without a deadline, or with a later one, gets this."""
LARGEST_REQUEST = 4 * 2**20
"""Bytes of a message, unless LARGEST says otherwise."""
LARGEST: Mapping[str, int] = dict.fromkeys(
    (
        *(f"/suasion.v1.RuleSetService/{name}" for name in ("Check", "Publish", "Diff", "Activate")),
        "/suasion.v1.ReplayService/Replay",
    ),
    16 * 2**20,
)
"""Of those that take rules."""
REQUEST_ID_HEADER = "x-request-id"
REQUEST_ID = re.compile(r"[!-~]{1,128}")

request_id: ContextVar[str] = ContextVar("request_id", default="")
access = logging.getLogger("suasion.access")
bugs = logging.getLogger("suasion.bugs")


async def with_request_id(call: Call, proceed: Proceed) -> Message | None:
    """Names the call as its request does, else by its `x-request-id`, else anew, and tells the client in a trailer."""
    asked = getattr(call.request, "request_id", "") or header(call.context, REQUEST_ID_HEADER)
    request_id.set(asked if REQUEST_ID.fullmatch(asked) else new_id())
    call.context.set_trailing_metadata(((REQUEST_ID_HEADER, request_id.get()),))
    return await proceed(call)


def with_access_log(call: Call, proceed: Proceed) -> Work[Message | None]:
    """Writes one line when the call has ended, with nothing of what was asked or answered."""
    if not access.isEnabledFor(logging.INFO):
        return proceed(call)
    return timed(call, proceed, partial(log_access, call))


def log_access(call: Call, code: grpc.StatusCode, seconds: float) -> None:
    line = {
        "event": "call",
        "method": call.method,
        "code": code.name,
        "milliseconds": round(seconds * 1000, 3),
        "request_id": request_id.get(),
        "request_bytes": call.request.ByteSize() if call.request is not None else None,
    }
    access.info(line)


def gives_statuses(pushes_back: bool) -> Around:
    """Ends a call with the status of whatever exception comes this far; a cancellation is the client's doing. `pushes_back`: gRPC's
    own retries are told when to come again, where the transport carries that."""

    async def with_statuses(call: Call, proceed: Proceed) -> Message | None:
        try:
            return await proceed(call)
        except grpc.aio.AbortError:
            raise
        except Exception as error:
            status = rpc_status.to_status(status_of(error))
            if status.code is BUG.code:
                log_bug(call, error)
            trailers = (*status.trailing_metadata, (REQUEST_ID_HEADER, request_id.get()))
            hints = pushback(error) if pushes_back else ()
            await call.context.abort(status.code, status.details, (*trailers, *hints))

    return with_statuses


def log_bug(call: Call, error: Exception) -> None:
    """Says where a bug of ours is; not the exception's text, which may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    line = {
        "event": "bug",
        "method": call.method,
        "request_id": request_id.get(),
        "exception": type(error).__name__,
        "at": [f"{frame.filename}:{frame.lineno}" for frame in frames],
    }
    bugs.error(line)


async def with_deadline(call: Call, proceed: Proceed) -> Message | None:
    """Gives a unary call a deadline; a stream has its client's alone."""
    if call.streams:
        return await proceed(call)
    remaining.set(call.context.time_remaining)
    begun = begin(proceed(call))
    if isinstance(begun, Done):  # the most do not wait, and need no clock
        return begun.outcome()
    left: float | None = call.context.time_remaining()
    limit = LONGEST_UNARY_SECONDS if left is None else min(left, LONGEST_UNARY_SECONDS)
    async with asyncio.timeout(limit):
        return await begun


def with_size_limit(call: Call, proceed: Proceed) -> Work[Message | None]:
    """Refuses a message that is larger than its method takes; gRPC itself refuses what none takes."""
    limit = LARGEST.get(call.method, LARGEST_REQUEST)
    if call.requests is not None:
        return proceed(call._replace(requests=each_within(limit, call.requests)))
    if call.request is not None:
        require_within(limit, call.request)
    return proceed(call)


async def each_within(limit: int, requests: AsyncIterable[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        require_within(limit, request)
        yield request


def require_within(limit: int, request: Message | Unreadable) -> None:
    if (size := request.ByteSize()) > limit:
        sizes = {"limit_bytes": str(limit), "request_bytes": str(size)}
        raise RequestTooLarge(f"the message has {size:,} bytes; this method takes {limit:,}", sizes)


def with_valid_request_id(call: Call, proceed: Proceed) -> Work[Message | None]:
    """Refuses a request id that could not be sent back in a trailer."""
    require_request_id(getattr(call.request, "request_id", ""))
    return proceed(call)


def require_request_id(id: str) -> None:
    """That of a request, or of one of many; there may be none."""
    if id and not REQUEST_ID.fullmatch(id):
        raise InvalidRequest([Violation("request_id", "at most 128 visible ASCII characters are wanted")])


def in_order(tokens: Tokens | None, pushes_back: bool) -> tuple[Around, ...]:
    """All of it. `tokens` None: everybody may call everything."""
    return (
        with_request_id,
        with_access_log,
        gives_statuses(pushes_back),
        lets_in(tokens),
        with_deadline,
        with_size_limit,
        with_valid_request_id,
    )
