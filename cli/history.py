"""`suasion history`: what was done with a version."""

from typing import Annotated

import typer

from cli.acts import MostOption, show_acts
from cli.asking import asks
from cli.client import Client
from cli.output import HUMAN, OutputOption
from cli.releasing import whole


@asks()
def command(
    client: Client,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="One that is kept.", show_default=False)],
    most: MostOption = 50,
    out: OutputOption = HUMAN,
) -> None:
    """Say what was done with a version, newest first: when, by whom, and why.

    Ends with 4 if no server answers.
    """
    show_acts(client, whole(client, version), most, out)
