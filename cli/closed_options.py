"""Options of a closed loop."""

from typing import Annotated

import typer

ClosedOption = Annotated[
    bool,
    typer.Option("--closed", help="Live history again, each version with its own sends (docs/replay.md)."),
]
DecideOption = Annotated[
    str | None,
    typer.Option("--decide", metavar="NAME", help="closed: asked about every event.", show_default=False),
]
KnowledgeOption = Annotated[
    str, typer.Option("--knowledge", metavar="then|full|both", help="closed: when an event is known.")
]
SwitchOption = Annotated[
    str | None,
    typer.Option(
        "--switch",
        metavar="INSTANT",
        help="closed: the candidate follows the base then.",
        show_default=False,
    ),
]
UntilOption = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="INSTANT",
        help="closed: so long what waits is looked at; to the last event, if left out.",
        show_default=False,
    ),
]
