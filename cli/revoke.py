"""`suasion revoke`: take a version out of use for good."""

from typing import Annotated

import typer
from suasion.v1 import rule_set_service_pb2 as pb

from cli.asking import asks
from cli.client import Client
from cli.output import HUMAN, OutputOption
from cli.releasing import finish, whole
from cli.reviewing import ReasonOption


@asks()
def command(
    client: Client,
    version: Annotated[
        str, typer.Argument(metavar="VERSION", help="One that does not serve.", show_default=False)
    ],
    end_waiting: Annotated[
        bool,
        typer.Option(
            "--end-waiting", help="End what waits by it, instead of leaving it to the version that serves."
        ),
    ] = False,
    reason: ReasonOption = "",
    out: OutputOption = HUMAN,
) -> None:
    """Let a version decide nothing any more, not even plans that wait. Others can still be compared with it.

    Ends with 3 if it serves, with 4 if no server answers.
    """
    version = whole(client, version)
    request = pb.RuleSetServiceRevokeRequest(version=version, end_waiting=end_waiting, reason=reason)
    answer = client.call(client.rules.Revoke, request)
    waited = f"{answer.moved_count} waiting moved, {answer.ended_count} ended"
    finish(out, answer, f"version {version} is revoked; {waited}")
