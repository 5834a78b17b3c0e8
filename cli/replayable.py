"""Whether there is anything to replay, and what is said where there is not: nothing that was looked at would be a green gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from cli.exit_codes import Failure
from server.archives import decision_archive
from server.ports.log import DecisionArchive, Wanted
from server.replay.report import LeftOut, Loop, Report

NAME_A_LOG = "name the one of `suasion serve --log DIR`"
MAKE_A_HISTORY = "make a history of it: `suasion record import {} --mapping FILE --to DIR` (docs/replay.md), then replay DIR with `--closed`"
NAME_A_HISTORY = "name what `suasion record import` made, or a decision log"
LISTED = "`suasion log query DIR` lists them; those of a closed loop are where `suasion replay --closed --keep DIR` put them"
OF_OTHERS = (
    "are these the rules of those whose decisions or events these are? docs/replay.md says what is left out"
)


def require_loop(closed: bool, of_closed: Mapping[str, object], of_records: Mapping[str, object]) -> None:
    """Options that were given go with the loop. Raises Failure."""
    for option, given in of_records.items() if closed else of_closed.items():
        if given and closed:
            raise Failure(f"`{option}` is of records", hint="leave `--closed` out")
        if given:
            raise Failure(f"`{option}` is of a closed loop", hint="say `--closed`, too")


def in_time(fail_on: Sequence[str]) -> Mapping[str, bool]:
    """Guards of what goes out at another instant."""
    moves = (each for each in fail_on if not each.startswith("plan:"))
    return {f"--fail-on {each}": each.rstrip().endswith(("later", "earlier")) for each in moves}


def log_of(directory: Path) -> DecisionArchive:
    """The decision log that is there, if only of a server that has decided nothing yet. Raises Failure."""
    if not directory.is_dir():
        raise Failure(f"`{directory}` is no directory", hint=NAME_A_LOG)
    archive = decision_archive(directory)
    if not archive.parts() and not archive.versions():
        raise Failure(f"`{directory}` is no decision log", hint=hint_beside(directory))
    return archive


def decision_of(log: Path | None, id: str) -> tuple[DecisionArchive, dict[str, Any]]:
    """The log that it stands in, and its record. Raises Failure."""
    if log is None:
        raise Failure("where is the decision on record?", hint="say `--log DIR`, as in `serve --log DIR`")
    archive = log_of(log)
    try:
        found = archive.find(Wanted(id=id), 1, 0)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Failure(f"cannot read `{archive.directory}`: {reason}") from error
    if not found:
        raise Failure(f"there is no decision `{id}` in `{archive.directory}`", hint=LISTED)
    return archive, found[0]


def archive_of(directory: Path, closed: bool) -> DecisionArchive:
    """The decisions there; with `closed`, an event history will do. Raises Failure."""
    if directory.is_file():
        raise Failure(f"`{directory}` is a file", hint=MAKE_A_HISTORY.format(directory))
    if not directory.is_dir():
        raise Failure(f"there is no directory `{directory}`", hint=NAME_A_LOG)
    archive = decision_archive(directory)
    if not archive.parts():
        require_history(directory, closed)
    return archive


def require_history(directory: Path, closed: bool) -> None:
    from server.histories import is_history  # loads DuckDB, which a log does not need

    if is_history(directory):
        if not closed:
            raise Failure(f"`{directory}` is an event history, and has no decisions", hint="say `--closed`")
        return
    hint = hint_beside(directory, NAME_A_HISTORY if closed else NAME_A_LOG)
    raise Failure(f"`{directory}` holds no decisions", hint=hint)


def hint_beside(directory: Path, hint: str = NAME_A_LOG) -> str:
    """The log, where a folder in it was named."""
    return f"the log is `{directory.parent}`" if decision_archive(directory.parent).parts() else hint


def require_decisions(report: Report, shadow: bool) -> None:
    """Raises Failure."""
    if not report.decisions:
        nothing_decided(report.left_out, IF_ALL_WAS_READ[report.loop, shadow])


def nothing_decided(left_out: tuple[LeftOut, ...], hint: str) -> NoReturn:
    """`hint`: where nothing was left out."""
    if not left_out:
        raise Failure("nothing was decided again", hint=hint)
    most = max(left_out, key=lambda each: each.records)
    why = f"left out, {most.why}: {most.records:,}, the first is {most.first}"
    raise Failure(f"nothing was decided again; {why}", hint=OF_OTHERS)


IF_ALL_WAS_READ: Mapping[tuple[Loop, bool], str] = {
    (Loop.OPEN, True): "no candidate decided beside when these were put on record: leave `--shadow` out",
    (Loop.OPEN, False): "these are records of a candidate that decided beside: say `--shadow`",
    (
        Loop.CLOSED,
        False,
    ): "no plan of these rules waits for such events: say which `decide` is asked, with `--decide NAME`",
}
"""The likely reason, by loop and `--shadow`."""
