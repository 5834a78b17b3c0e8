"""Where a server that is started puts decisions on record."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cli.exit_codes import Failure
from cli.stores import of_workspace
from server.ports import DecisionLog, WhenFull
from server.wiring import OTLP, decision_log

LogOption = Annotated[
    str,
    typer.Option(
        "--log",
        metavar="DIR|otlp:HOST:PORT",
        help="Put decisions on record there (docs/log.md). Off if left out.",
        show_default=False,
    ),
]
LogFullOption = Annotated[
    WhenFull,
    typer.Option(
        "--log-full", help="What becomes of a record that finds no room: it waits, goes, or goes to a file."
    ),
]
LogPrivateOption = Annotated[
    str,
    typer.Option("--log-private", metavar="mask|keep", help="Private fields in the record of a decision."),
]
LogSpillOption = Annotated[
    Path | None,
    typer.Option(
        "--log-spill", metavar="DIR", help="Where `--log-full spill` has its files.", show_default=False
    ),
]
LogDaysOption = Annotated[
    float, typer.Option("--log-days", metavar="DAYS", min=0.01, help="How long files of a log are kept.")
]


def logged(
    target: str, full: WhenFull, private: str, spill: Path | None, days: float
) -> Callable[[str], DecisionLog]:
    """Opens the decision log of a workspace, within the event loop."""
    if private not in ("mask", "keep"):
        raise Failure(f"`{private}` is nothing that can be done with private fields", hint="say mask or keep")
    if full is WhenFull.SPILL and target.startswith(OTLP) and spill is None:
        raise Failure("`--log-full spill` needs a directory", hint="name one with --log-spill DIR")

    def open_log(workspace: str) -> DecisionLog:
        is_folder = target and not target.startswith(OTLP)
        place = str(of_workspace(Path(target), workspace)) if is_folder else target
        beside = spill and of_workspace(spill, workspace)
        try:
            return decision_log(place, full=full, mask=private == "mask", spill=beside, days=days)
        except OSError as error:
            raise Failure(f"cannot use `{error.filename or target}`: {error.strerror}") from error

    return open_log
