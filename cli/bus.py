"""The broker that `--rabbitmq` names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeAlias

import typer

from cli.exit_codes import Failure
from cli.output import without_passwords
from server.ports import Bus
from server.wiring import rabbitmq
from server.workspaces import no_bus

AMQP = ("amqp://", "amqps://")
RabbitmqOption = Annotated[
    str | None,
    typer.Option(
        "--rabbitmq",
        metavar="amqp://USER:PASSWORD@HOST:PORT/VHOST",
        help="Whence events come, and where contact orders go. Off if left out.",
        show_default=False,
    ),
]
LinesOption = Annotated[
    str,
    typer.Option(
        "--lines", metavar="NAME,NAME…", help="Lines of business: each has a queue of events of its own."
    ),
]
DEFAULT_LINE = "default"
BusOf: TypeAlias = Callable[[str], Bus | None]
"""Makes that of a workspace, within the event loop."""


def bus_of(url: str | None, lines: str) -> BusOf:
    """Raises Failure."""
    if url is None:
        return no_bus
    if not url.startswith(AMQP):
        hint = "amqp://USER:PASSWORD@HOST:PORT/VHOST, or amqps:// with TLS"
        raise Failure(f"`{without_passwords(url)}` is no RabbitMQ", hint=hint)
    return lambda workspace: rabbitmq(url, lines.split(","), workspace)
