"""`suasion watch`: follow what a server decides when waiting plans come due."""

import json
import time
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

import grpc
import typer
from google.protobuf.json_format import MessageToDict
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import status_service_pb2 as status_pb

from cli import ask_shown as shown
from cli.asking import asks
from cli.client import Client, failure
from cli.exit_codes import ExitCode
from cli.output import HUMAN, Format, Output, OutputOption

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds before a server that was lost is asked again."""


@asks()
def command(
    client: Client,
    after: Annotated[
        int | None,
        typer.Option(
            "--after",
            metavar="ID",
            min=0,
            help="Go on behind this line; 0 is from the start of what is kept. From now on if left out.",
            show_default=False,
        ),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option("--count", metavar="N", min=1, help="End after so many lines.", show_default=False),
    ] = None,
    out: OutputOption = HUMAN,
) -> None:
    """Print a line for each decision that was made when a waiting plan came due, as it is made, until Ctrl-C.

    Each begins with its id. A server that is lost is asked again, and nothing is skipped. With `--format json` a line is an object.
    """
    show = as_json if out.format is Format.JSON else as_text
    newest = client.call(client.status.Status, status_pb.StatusRequest()).last_watch_id
    try:
        for decided in islice(followed(client, newest if after is None else after, out), count):
            print(show(decided), flush=True)
    except KeyboardInterrupt:
        raise typer.Exit(ExitCode.CLEAN) from None


def followed(client: Client, after: int, out: Output) -> Iterator[Any]:
    """What is decided behind an id, over any number of connections. Raises Failure where the server refuses."""
    pause = FIRST_PAUSE
    while True:
        try:
            for decided in client.decisions.Watch(pb.WatchRequest(after_id=after), metadata=client.headers):
                after, pause = decided.id, FIRST_PAUSE
                yield decided
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise failure(error, client.address) from error
            out.notes.print(f"note: lost `{client.address}`; asking again behind {after}")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def as_text(decided: Any) -> str:
    """`7 2026-03-02T13:00:00Z u1 best: send remind by email "remind"`."""
    return f"{decided.id} {shown.instant(decided.decide_time)} {decided.user_id} {shown.headline(decided.decision)}"


def as_json(decided: Any) -> str:
    return json.dumps(MessageToDict(decided, preserving_proto_field_name=True))
