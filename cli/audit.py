"""`suasion audit`: what was done with all versions."""

from cli.acts import MostOption, show_acts
from cli.asking import asks
from cli.client import Client
from cli.output import HUMAN, OutputOption


@asks()
def command(client: Client, most: MostOption = 50, out: OutputOption = HUMAN) -> None:
    """Say what was done with versions, newest first: when, by whom, and why. Nothing of it is ever changed.

    Ends with 4 if no server answers.
    """
    show_acts(client, "", most, out)
