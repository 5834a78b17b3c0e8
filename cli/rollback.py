"""`suasion rollback`: take the version that came last out of service."""

from typing import Annotated

import typer
from suasion.v1 import rule_set_service_pb2 as pb

from cli.asking import asks
from cli.client import Client
from cli.output import HUMAN, OutputOption
from cli.releasing import COMPILING, SHORT, finish, release_text
from cli.reviewing import ReasonOption


@asks(COMPILING)
def command(
    client: Client,
    epoch: Annotated[
        int | None,
        typer.Option(
            "--epoch",
            metavar="N",
            min=1,
            help="Roll back this release, and nothing if another one holds by now; the one that holds if left out.",
            show_default=False,
        ),
    ] = None,
    reason: ReasonOption = "",
    out: OutputOption = HUMAN,
) -> None:
    """Let decide again who did before the version came that serves now. A second time goes one version further back.

    Ends with 3 if there is nothing to go back to, or another release holds; with 4 if no server answers.
    """
    holding = epoch or client.call(client.rules.Get, pb.RuleSetServiceGetRequest()).rule_set.epoch
    answer = client.call(
        client.rules.Rollback, pb.RuleSetServiceRollbackRequest(epoch=holding, reason=reason)
    )
    gone = answer.previous_version[:SHORT]
    finish(out, answer, f"{release_text(answer.release)}; {gone} is out of service")
