"""Hostile values for every field of every method, made from the protos themselves: `python -m tests.server.attack` tells them all to a
server of its own, with streams that are opened and left, and says what came of it.
"""

from __future__ import annotations

import asyncio
import math
import re
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from sqlalchemy import create_engine, select
from suasion.v1 import (
    contact_service_pb2,
    decision_service_pb2,
    fact_service_pb2,
    rule_set_service_pb2,
    status_service_pb2,
)

from server.adapters.sql.tables import metadata
from tests.server.messages import error_info, status_of

FILES = (
    contact_service_pb2,
    decision_service_pb2,
    fact_service_pb2,
    rule_set_service_pb2,
    status_service_pb2,
)
METHODS: Sequence[MethodDescriptor] = [
    method
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
]
TEXTS = (
    "\x00",
    "\x1b[2J",
    "\u202e",
    "a\nb",
    "'; drop table events; --",
    "../../etc/passwd",
    "{0.__class__}",
    "x" * 10**5,
)
BYTES = (
    *(
        b"\xff\xfe",
        b"\x00",
        b"[" * 10**5,
        b'{"user":' * 10**4,
        b'{"user":{"country":"\\ud800"}}',
        b'{"user":{"a":1e999}}',
    ),
    *(
        b'{"user":{"a":' + b"9" * 10**5 + b"}}",
        b"\x91" * 10**4,
        b"\xdf\xff\xff\xff\xff",
        b'{"user":NaN}',
        b"9" * 5000,
    ),
)
INTS = (-1, 2**31 - 1, -(2**31))
LONGS = (*INTS, 2**63 - 1, -(2**63))
VALUES: dict[int, Sequence[Any]] = {
    FieldDescriptor.TYPE_STRING: TEXTS,
    FieldDescriptor.TYPE_BYTES: BYTES,
    FieldDescriptor.TYPE_INT32: INTS,
    FieldDescriptor.TYPE_INT64: LONGS,
    FieldDescriptor.TYPE_ENUM: (99, -1),
    FieldDescriptor.TYPE_DOUBLE: (math.nan, math.inf, -1.0),
    FieldDescriptor.TYPE_BOOL: (True,),
}
MANY = 10**6
"""Of a repeated field."""
DEEPEST = 4
FINE = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
}
"""What hostile input may end with: never UNKNOWN, INTERNAL or a time-out."""


NO_MESSAGE = "the bytes are not the message that this method takes"
"""Within which there is no path."""
DESTRUCTIVE = ("Rollback", "Revoke", "Archive")
"""Methods that may do what they say: what follows would find no rules."""


def path_of(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


def hostile(kind: Descriptor, depth: int = 0) -> Iterator[Message]:
    """Messages of this kind: with nothing, and with one hostile value in one field, at any depth."""
    yield GetMessageClass(kind)()
    for each in kind.fields:
        for value in values_of(each, depth):
            message = GetMessageClass(kind)()
            filled(message, each, value)
            yield message


def values_of(each: FieldDescriptor, depth: int) -> Iterator[Any]:
    if each.message_type is None:
        yield from VALUES[each.type]
    elif each.message_type.has_options and each.message_type.GetOptions().map_entry:
        return
    elif depth < DEEPEST:
        yield from hostile(each.message_type, depth + 1)


def filled(message: Any, each: FieldDescriptor, value: Any) -> None:
    if each.is_repeated:
        getattr(message, each.name).append(value)
    elif isinstance(value, Message):
        getattr(message, each.name).CopyFrom(value)
        getattr(message, each.name).SetInParent()
    else:
        setattr(message, each.name, value)


def endless(kind: Descriptor) -> Iterator[bytes]:
    """Messages whose repeated fields have a million items, each of them empty."""
    for each in kind.fields:
        if each.is_repeated and each.type in (FieldDescriptor.TYPE_MESSAGE, FieldDescriptor.TYPE_STRING):
            tag = each.number << 3 | 2
            assert tag < 128
            yield bytes([tag, 0]) * MANY


def texts_that_are_none(kind: Descriptor) -> Iterator[bytes]:
    """Messages with half of a surrogate pair, and with no UTF-8, in each of their texts."""
    for each in kind.fields:
        if each.type == FieldDescriptor.TYPE_STRING:
            for text in (b"\xed\xa0\x80", b"\xff"):
                yield bytes([each.number << 3 | 2, len(text)]) + text


def attacks(kind: Descriptor) -> Iterator[bytes]:
    yield b"\xff\xff\xff\xff"
    yield from (message.SerializeToString() for message in hostile(kind))
    yield from texts_that_are_none(kind)


@dataclass(slots=True)
class Findings:
    """`wrong`: what a server must not answer."""

    codes: Counter[grpc.StatusCode] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def answered(self, method: MethodDescriptor, request: bytes, error: grpc.aio.AioRpcError | None) -> None:
        code = error.code() if error else grpc.StatusCode.OK
        self.codes[code] += 1
        if (why := wrong_with(error)) is not None:
            self.wrong.append(f"{path_of(method)} {request[:60]!r} ({len(request)} bytes): {code.name} {why}")


def wrong_with(error: grpc.aio.AioRpcError | None) -> str | None:
    if error is None:
        return None
    details = error.details() or ""
    if error.code() not in FINE:
        return details
    if re.search(r"Traceback|File \"|\.py\b|Error\b", details):
        return f"Python shows: {details}"
    if not details:
        return "no words"
    try:
        info = error_info(status_of(error))
    except (AssertionError, StopIteration, AttributeError, TypeError, ValueError):
        # gRPC itself refuses what is larger than any message may be
        return None if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED else f"no ErrorInfo: {details}"
    if info.reason == "INVALID_REQUEST" and not info.metadata.get("path") and NO_MESSAGE not in details:
        return f"no path: {details}"
    return None


async def told(
    channel: grpc.aio.Channel, method: MethodDescriptor, request: bytes
) -> grpc.aio.AioRpcError | None:
    """The error that it ends with, if it does; the first answer of a stream will do."""
    path = path_of(method)
    try:
        if method.client_streaming:
            call: Any = channel.stream_stream(path)(iter([request]), timeout=60)
            async for _ in call:
                pass
        elif method.server_streaming:
            call = channel.unary_stream(path)(request, timeout=60)
            with suppress(TimeoutError):  # what waits for news was accepted
                await asyncio.wait_for(call.read(), 0.3)
            call.cancel()
        else:
            await channel.unary_unary(path)(request, timeout=60)
    except grpc.aio.AioRpcError as error:
        return error
    return None


# ---- in full


def stored(path: Path) -> Any:
    """Every row of every table."""
    with create_engine(f"sqlite:///{path}").connect() as connection:
        return {table.name: connection.execute(select(table)).all() for table in metadata.sorted_tables}


async def open_and_leave(address: str, method: MethodDescriptor, number: int) -> None:
    """Open streams that never say anything, half of them cancelled, the others left with their connection."""
    async with grpc.aio.insecure_channel(address, (("grpc.use_local_subchannel_pool", 1),)) as channel:

        async def silence() -> AsyncIterator[bytes]:
            await asyncio.Event().wait()
            yield b""

        streams: list[Any] = [channel.stream_stream(path_of(method))(silence()) for _ in range(number)]
        await asyncio.sleep(0)
        for each in streams[::2]:
            each.cancel()


def resident(pid: int) -> int:
    """MiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


async def attack(address: str, pid: int, store: Path) -> int:
    findings, left = Findings(), 0
    before = stored(store)
    print("resident before, MiB:", resident(pid))
    options = (("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1))
    async with grpc.aio.insecure_channel(address, options) as channel:
        for method in METHODS:
            if method.name in DESTRUCTIVE:
                continue
            for request in (*attacks(method.input_type), *endless(method.input_type)):
                error = await told(channel, method, request)
                findings.answered(method, request, error)
                after = stored(store)
                if error is not None and after != before:
                    findings.wrong.append(
                        f"{path_of(method)} {request[:60]!r}: refused, and something is stored"
                    )
                left += after != before
                before = after
        print("resident behind all requests, MiB:", resident(pid))
        for method in METHODS:
            if method.client_streaming:
                for _ in range(20):
                    await open_and_leave(address, method, 500)
        print("resident behind 10,000 streams of each kind, MiB:", resident(pid))
        error = await told(channel, METHODS[-1], b"")
        findings.answered(METHODS[-1], b"", error)
    print(findings.codes.total(), "requests of", len(METHODS) - len(DESTRUCTIVE), "methods")
    print({code.name: number for code, number in findings.codes.items()}, "stored something:", left)
    print(*findings.wrong, sep="\n")
    return len(findings.wrong)


async def main() -> int:
    with tempfile.TemporaryDirectory() as place:
        store = Path(place) / "suasion.db"
        command = [sys.executable, "-m", "cli.main", "serve", "docs/api/shop.sua", "--listen", "127.0.0.1:0"]
        process = await asyncio.create_subprocess_exec(
            *command,
            "--store",
            f"sqlite:{store}",
            "--no-access-log",
            "--clock",
            "events",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert process.stdout is not None
        lines: list[str] = []
        async for line in process.stdout:
            if found := re.search(r"listening on (\S+)", line.decode()):
                break
        assert found
        reading = asyncio.create_task(collect(process.stdout, lines))
        try:
            wrong = await attack(found[1], process.pid, store)
        finally:
            process.terminate()
            await process.wait()
        await reading
        bugs = [line for line in lines if "Traceback" in line or '"bug"' in line]
        print("lines of bugs or tracebacks in the log:", len(bugs), *bugs[:5], sep="\n")
        return 1 if wrong or bugs else 0


async def collect(stream: asyncio.StreamReader, lines: list[str]) -> None:
    async for line in stream:
        lines.append(line.decode(errors="replace"))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
