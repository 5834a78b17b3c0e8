"""`suasion record import`: make an event history of any files, for replays."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.exit_codes import ExitCode, Failure
from cli.output import HUMAN, Output, OutputOption
from cli.replayable import log_of
from cli.report.words import counted
from server.histories import FileUnreadable, Imported, MappingWrong, imported, imported_log
from server.replay.report import LeftOut

WRITE_IT_DOWN = "write it down as docs/replay.md#event-histories shows, as in examples/cdnow/mapping.toml, and say `--mapping FILE`"


def command(
    action: Annotated[str, typer.Argument(metavar="import", show_default=False)],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="Parquet, CSV or JSON Lines; or the directory of a decision log.",
            show_default=False,
        ),
    ],
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="Where the history goes.", show_default=False)
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", metavar="FILE", help="What columns mean (docs/replay.md).", show_default=False
        ),
    ] = None,
    out: OutputOption = HUMAN,
) -> None:
    """Make an event history of files, for `suasion replay`.

    Rows that cannot be used are counted and told, and stop nothing; exit code 1 says that there are some.
    """
    if action != "import":
        raise Failure(f"`{action}` is nothing that a record does", hint="say `suasion record import`")
    finish(made_of(files, mapping, to), out)


def made_of(files: list[Path], mapping: Path | None, to: Path) -> Imported:
    """Raises Failure."""
    try:
        if mapping is None and len(files) == 1 and files[0].is_dir():
            return imported_log(log_of(files[0]).directory, to)
        if mapping is None:
            raise Failure("what do the columns mean", hint=WRITE_IT_DOWN)
        return imported(files, mapping.read_text(encoding="utf-8"), to)
    except MappingWrong as wrong:
        raise Failure(f"`{mapping}`: {wrong}") from wrong
    except FileUnreadable as unreadable:
        raise Failure(str(unreadable)) from unreadable
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"cannot read `{mapping}` or write to `{to}`: {reason(error)}") from error


def reason(error: OSError | UnicodeDecodeError) -> str:
    text = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
    return text or type(error).__name__


def finish(made: Imported, out: Output) -> None:
    for each in made.left_out:
        out.diagnose(as_json("warning", each), f"left out, {told(each)}")
    if made.backwards:
        out.diagnose(as_json("note", made.backwards), f"put in order, {told(made.backwards)}")
    for each in made.notes:
        out.diagnose(as_json("note", each), f"note: {told(each)}")

    def show(console: Console) -> None:
        figures = ("event", made.events), ("user", made.users), ("profile", made.profiles)
        console.print(", ".join(counted(number, word) for word, number in figures))

    data = {
        "events": made.events,
        "users": made.users,
        "profiles": made.profiles,
        "members": made.members,
        "left_out": sum(each.records for each in made.left_out),
    }
    out.finish(data, show, ExitCode.FINDINGS if made.left_out else ExitCode.CLEAN)


def told(left: LeftOut) -> str:
    return f"{left.why}: {left.records:,}, the first at {left.first}"


def as_json(severity: str, left: LeftOut) -> dict[str, object]:
    return {"severity": severity, "message": left.why, "count": left.records, "first": left.first}
