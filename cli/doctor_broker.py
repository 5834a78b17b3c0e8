"""What `suasion doctor` asks RabbitMQ. It looks, and changes nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import aio_pika
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity

from cli.doctor_findings import Finding, State
from cli.doctor_services import SECONDS, out_of_reach, version
from server.wiring import dead_letter_queue, line_queue

Told: TypeAlias = Callable[[str, int, int], Finding]
OLDEST = (3, 10)
MOST_WAITING = 10_000
"""Messages of one line; a server takes thousands in a second."""
logging.getLogger("aiormq").setLevel(logging.CRITICAL)  # what it has to say reaches us as errors


def rabbitmq(url: str, workspace: str, lines: Sequence[str]) -> Iterator[Finding]:
    """`amqp://USER:PASSWORD@HOST:PORT/VHOST`"""
    try:
        yield from asyncio.run(looked_at(url, workspace, lines))
    except (AMQPError, OSError, ValueError, TimeoutError) as error:
        yield out_of_reach("rabbitmq", urlsplit(url), str(error) or type(error).__name__)


async def looked_at(url: str, workspace: str, lines: Sequence[str]) -> list[Finding]:
    async with await aio_pika.connect(url, timeout=SECONDS) as connection:
        properties: Any = connection.transport.connection.server_properties  # type: ignore[union-attr]
        return [
            version("rabbitmq", str(properties["version"]), OLDEST),
            *[await queue(connection, "queue", line_queue(workspace, line), of_line) for line in lines],
            await queue(connection, "dead letters", dead_letter_queue(workspace), of_dead_letters),
        ]


async def queue(connection: AbstractConnection, about: str, name: str, told: Told) -> Finding:
    """`told` says what to think of a queue with so many messages and consumers."""
    channel = await connection.channel()
    try:
        found = (await channel.declare_queue(name, passive=True, timeout=SECONDS)).declaration_result
    except ChannelNotFoundEntity:  # which closes the channel
        return Finding(about, State.OK, f"`{name}` is not there yet; a server makes it")
    except TimeoutError:
        way_out = "a crash may have come before its name was on disk: delete it, and a server makes it anew"
        return Finding(about, State.WRONG, f"`{name}` does not answer", way_out)
    return told(name, found.message_count or 0, found.consumer_count or 0)


def of_line(name: str, messages: int, consumers: int) -> Finding:
    if not consumers:
        message = f"nobody takes from `{name}`; {several(messages)} waiting"
        return Finding("queue", State.DOUBTFUL, message, "start a server with `--rabbitmq` and its line")
    if messages > MOST_WAITING:
        message = f"{several(messages)} waiting in `{name}`"
        return Finding("queue", State.DOUBTFUL, message, "see whether the store is slow; start more servers")
    return Finding("queue", State.OK, f"{several(messages)} waiting in `{name}`")


def of_dead_letters(name: str, messages: int, _: int) -> Finding:
    if messages:
        message = f"{several(messages)} in `{name}` that could not be taken"
        way_out = "each says why in its headers: mend them and send them anew, then purge the queue"
        return Finding("dead letters", State.DOUBTFUL, message, way_out)
    return Finding("dead letters", State.OK, "none")


def several(messages: int) -> str:
    return f"{messages:,} message{'' if messages == 1 else 's'}"
