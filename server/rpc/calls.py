"""One shape for all kinds of calls, so that what happens around a call is written once."""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple, TypeAlias

import grpc
from google.protobuf.message import DecodeError, Message

from server.rpc.written import Written
from server.usecases.at_once import Work
from server.usecases.refusals import InvalidRequest, Violation

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


Write: TypeAlias = Callable[[Message], Awaitable[None]]


class Call(NamedTuple):
    """One call; `request` is None where the client streams, and Unreadable where its bytes are no message.

    `requests`: what the client streams. `write`: how an answer goes out where the server streams.
    """

    method: str
    request: Message | Unreadable | None
    context: Context
    requests: AsyncIterable[Any] | None = None
    write: Write | None = None

    @property
    def streams(self) -> bool:
        """In either direction: it may go on for as long as its client likes."""
        return self.requests is not None or self.write is not None


class Unreadable:
    """Stands for bytes that are not the message that the method takes."""

    def ByteSize(self) -> int:
        return 0


UNREADABLE = Unreadable()
Proceed = Callable[[Call], Work[Message | None]]
"""Makes the call; the answer, or None where it was streamed."""
Around = Callable[[Call, Proceed], Work[Message | None]]
Behaviour = Callable[[Any, Context], Any]
"""Answers a request, or a stream of them: with a message to wait for, or with messages. `Written` stands for one."""


def handler_with(inner: Any, method: str, behaviour: Behaviour, around: Callable[[Proceed], Proceed]) -> Any:
    """A handler of a method such as `inner`, with another behaviour, and something around each of its calls."""
    wrap = unary_in if not inner.request_streaming else stream_in
    wrapped = wrap(behaviour, method, inner.response_streaming, around)
    make = getattr(grpc, f"{kind_of(inner)}_rpc_method_handler")
    return make(wrapped, readable(inner.request_deserializer), written(inner.response_serializer))


def behaviour_of(handler: Any) -> Behaviour:
    """What a handler does."""
    behaviour: Behaviour = getattr(handler, kind_of(handler))
    return behaviour


def kind_of(handler: Any) -> str:
    """gRPC's word for it: `unary_stream`."""
    return f"{'stream' if handler.request_streaming else 'unary'}_{'stream' if handler.response_streaming else 'unary'}"


def unary_in(
    behaviour: Behaviour, method: str, streams_out: bool, around: Callable[[Proceed], Proceed]
) -> Callable[[Any, Context], Awaitable[Message | None]]:
    async def proceed(call: Call) -> Message | None:
        return await answered(behaviour(required(call.request), call.context), call)

    chain = around(proceed)

    async def whole(request: Any, context: Context) -> Message | None:
        return await chain(Call(method, request, context, write=context.write if streams_out else None))

    return whole


def stream_in(
    behaviour: Behaviour, method: str, streams_out: bool, around: Callable[[Proceed], Proceed]
) -> Callable[[Any, Context], Awaitable[Message | None]]:
    async def proceed(call: Call) -> Message | None:
        assert call.requests is not None  # what is read below
        return await answered(behaviour(call.requests, call.context), call)

    chain = around(proceed)

    async def whole(requests: AsyncIterable[Any], context: Context) -> Message | None:
        write = context.write if streams_out else None
        return await chain(Call(method, None, context, each_required(requests), write))

    return whole


async def answered(result: Any, call: Call) -> Message | None:
    """What a behaviour answers: a message, or messages that are written as they come."""
    if call.write is None:
        response: Message = await result
        return response
    if hasattr(result, "__aiter__"):
        async for each in result:
            await call.write(each)
    else:
        await result  # it writes by itself
    return None


def header(context: Context, name: str) -> str:
    """Of the metadata that came with a call; empty if there is none."""
    metadata = context.invocation_metadata() or ()
    return next((value for key, value in metadata if key == name and isinstance(value, str)), "")


async def timed(
    call: Call, proceed: Proceed, ended: Callable[[grpc.StatusCode, float], None]
) -> Message | None:
    """Make the call, and tell its status and how many seconds it took."""
    start = time.perf_counter()
    code = grpc.StatusCode.CANCELLED
    try:
        response = await proceed(call)
        code = grpc.StatusCode.OK
        return response
    except grpc.aio.AbortError:
        code = call.context.code()
        raise
    finally:
        ended(code, time.perf_counter() - start)


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


def written(serializer: Callable[[Message], bytes]) -> Callable[[Message | Written], bytes]:
    """What is written already goes out as it is."""
    return lambda answer: answer.data if isinstance(answer, Written) else serializer(answer)


def required(request: Any) -> Any:
    if request is UNREADABLE:
        raise InvalidRequest([Violation("", "the bytes are not the message that this method takes")])
    return request


async def each_required(requests: AsyncIterable[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        yield required(request)
