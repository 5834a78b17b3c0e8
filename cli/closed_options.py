"""Options of a closed loop."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli.exit_codes import Failure
from server.replay.lives import Knowledge

BOTH = "both"
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
KeepOption = Annotated[
    Path | None,
    typer.Option(
        "--keep",
        metavar="DIR",
        help="closed: put what each version decided on record there, for `explain`, `test add` and `log`.",
        show_default=False,
    ),
]


def lived(
    decide: str | None, knowledge: str, switch: str | None, until: str | None, keep: Path | None
) -> Mapping[str, object]:
    """By option, what is said that only a closed loop understands."""
    said = {"--decide": decide, "--switch": switch, "--until": until, "--keep": keep}
    return {**said, "--knowledge": knowledge != "then"}


def require_new(directory: Path | None) -> None:
    """Decisions of two replays would have the same ids. Raises Failure."""
    if directory is None or not directory.exists():
        return
    if not directory.is_dir() or any(directory.iterdir()):
        raise Failure(f"`{directory}` is there, and not empty", hint="name a directory that is to be made")


def knowledge_of(text: str) -> tuple[Knowledge, ...]:
    """Of one kind, or of both. Raises Failure."""
    if text not in (BOTH, *(each.value for each in Knowledge)):
        raise Failure(f"`{text}` is no knowledge", hint="say then, full or both")
    return tuple(Knowledge) if text == BOTH else (Knowledge(text),)
