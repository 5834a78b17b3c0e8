"""One shape for all kinds of calls, so that what happens around a call is written once."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import grpc
from google.protobuf.message import DecodeError, Message

from server.usecases.refusals import InvalidRequest, Violation

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


@dataclass(frozen=True, slots=True)
class Call:
    """One call; `request` is None where the client streams, and Unreadable where its bytes are no message."""

    method: str
    request: Message | Unreadable | None
    context: Context


class Unreadable:
    """Stands for bytes that are not the message that the method takes."""

    def ByteSize(self) -> int:
        return 0


UNREADABLE = Unreadable()
Proceed = Callable[[Call], Awaitable[Message | None]]
"""Makes the call; the answer, or None where it was streamed."""
Around = Callable[[Call, Proceed], Awaitable[Message | None]]


def handler_with(inner: Any, method: str, around: Callable[[Proceed], Proceed]) -> Any:
    """The handler of a method with something around each of its calls."""
    wrap = unary_in if not inner.request_streaming else stream_in
    kind = f"{'stream' if inner.request_streaming else 'unary'}_{'stream' if inner.response_streaming else 'unary'}"
    behaviour = wrap(getattr(inner, kind), method, inner.response_streaming, around)
    make = getattr(grpc, f"{kind}_rpc_method_handler")
    return make(behaviour, readable(inner.request_deserializer), inner.response_serializer)


def unary_in(
    behaviour: Any, method: str, streams_out: bool, around: Callable[[Proceed], Proceed]
) -> Callable[[Any, Context], Awaitable[Message | None]]:
    async def proceed(call: Call) -> Message | None:
        return await answered(behaviour(required(call.request), call.context), call.context, streams_out)

    chain = around(proceed)

    async def whole(request: Any, context: Context) -> Message | None:
        return await chain(Call(method, request, context))

    return whole


def stream_in(
    behaviour: Any, method: str, streams_out: bool, around: Callable[[Proceed], Proceed]
) -> Callable[[Any, Context], Awaitable[Message | None]]:
    async def proceed(call: Call, requests: AsyncIterable[Any]) -> Message | None:
        return await answered(behaviour(each_required(requests), call.context), call.context, streams_out)

    async def whole(requests: AsyncIterable[Any], context: Context) -> Message | None:
        return await around(lambda call: proceed(call, requests))(Call(method, None, context))

    return whole


async def answered(result: Any, context: Context, streams_out: bool) -> Message | None:
    """What a behaviour answers: a message, or messages that are written as they come."""
    if hasattr(result, "__aiter__"):
        async for response in result:
            await context.write(response)
        return None
    response = await result
    return None if streams_out else response


def readable(
    deserializer: Callable[[bytes], Message] | None,
) -> Callable[[bytes], Message | Unreadable] | None:
    """gRPC calls what it cannot read an INTERNAL error; it is the caller's."""
    if deserializer is None:
        return None

    def read(data: bytes) -> Message | Unreadable:
        try:
            return deserializer(data)
        except DecodeError:
            return UNREADABLE

    return read


def required(request: Any) -> Any:
    if request is UNREADABLE:
        raise InvalidRequest([Violation("", "the bytes are not the message that this method takes")])
    return request


async def each_required(requests: AsyncIterable[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        yield required(request)
