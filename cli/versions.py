"""`suasion versions`: what is kept on a server, and whom it serves."""

from typing import Annotated

import typer
from google.protobuf.json_format import MessageToDict
from rich.console import Console
from suasion.v1 import rule_set_service_pb2 as pb

from cli.asking import asks
from cli.client import Client
from cli.output import HUMAN, OutputOption
from cli.releasing import kept, served
from cli.reviewing import state


@asks()
def command(
    client: Client,
    most: Annotated[
        int, typer.Option("--most", metavar="N", min=1, help="Of the newest ones, at most so many.")
    ] = 20,
    out: OutputOption = HUMAN,
) -> None:
    """List the versions that a server keeps, newest first, and how many of the users each one decides for.

    Ends with 4 if no server answers.
    """
    listed = list(kept(client, most))

    def show(console: Console) -> None:
        console.print("\n".join(map(line, listed)) or "no versions are kept")

    out.finish([MessageToDict(each, preserving_proto_field_name=True) for each in listed], show)


def line(version: pb.Version) -> str:
    """`4fa3…  published 2026-03-02 09:00 UTC  approved by bea  10% of the users  release 3`."""
    release = f"release {version.epoch}" if version.epoch else "never released"
    published = f"published {version.publish_time.ToDatetime():%Y-%m-%d %H:%M} UTC"
    return "  ".join(
        (version.version, published, f"{state(version.review):10}", f"{whom(version):18}", release)
    )


def whom(version: pb.Version) -> str:
    """As `served` has it, or `nobody: revoked`."""
    return "nobody: revoked" if version.revoked else served(version)
