"""`suasion log`: ask a decision log, decide its records again, erase a user from it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn, get_args

import orjson
import typer
from rich.console import Console

from cli.exit_codes import ExitCode, Failure
from cli.output import HUMAN, Output, OutputOption
from cli.progress import listed, of_all
from cli.replayable import log_of
from cli.verified import finish_verified
from compiler.outcome import Verdict
from compiler.types import INSTANT_MAX, INSTANT_MIN
from compiler.wire.errors import unknown
from compiler.wire.time_text import read_instant, write_instant
from dsl.text import visible
from server.ports.log import DecisionArchive, Kind, Wanted
from server.replay.verify import Verified, VerifyJob

PAGE = 50


def option(name: str, metavar: str, help: str) -> Any:
    return typer.Option(name, metavar=metavar, help=f"query: {help}", show_default=False)


def command(
    action: Annotated[str, typer.Argument(metavar="query|verify|erase", show_default=False)],
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="As in `serve --log DIR`.", show_default=False)
    ],
    who: Annotated[
        str | None, typer.Argument(metavar="USER", help="erase: whom.", show_default=False)
    ] = None,
    id: Annotated[str | None, option("--id", "ID", "one decision, whole.")] = None,
    user: Annotated[str | None, option("--user", "USER", "about this user.")] = None,
    kind: Annotated[
        str | None, option("--kind", "KIND", "`decide`, `match_plan`, `check_contact`, ….")
    ] = None,
    plan: Annotated[str | None, option("--plan", "PLAN", "that named this plan.")] = None,
    verdict: Annotated[str | None, option("--verdict", "VERDICT", "`send`, `wait`, `block`, ….")] = None,
    reason: Annotated[
        str | None, option("--reason", "REASON", "with this code (`quiet`) or rule (`policy gentle`).")
    ] = None,
    version: Annotated[
        str | None, option("--version", "HASH", "made by this version; its first digits do.")
    ] = None,
    since: Annotated[str | None, option("--since", "INSTANT", "from then on.")] = None,
    until: Annotated[str | None, option("--until", "INSTANT", "before then.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="query: so many on a page.")] = PAGE,
    page: Annotated[int, typer.Option("--page", min=1, help="query: which page.")] = 1,
    out: OutputOption = HUMAN,
) -> None:
    """Ask a decision log.

    query DIR        decisions, the newest first

    verify DIR       decide every record again; exit code 1 when one comes out differently

    erase DIR USER   rewrite the files without a user
    """
    known("verdict", verdict, [each.value for each in Verdict])
    known("kind", kind, get_args(Kind))
    wanted = Wanted(
        id, user, kind, plan, verdict, reason, version, instant(since, "--since"), instant(until, "--until")
    )
    actions: Mapping[str, Callable[[DecisionArchive], NoReturn]] = {
        "query": lambda archive: query(archive, wanted, limit, page, out),
        "verify": lambda archive: verify(archive, out),
        "erase": lambda archive: erase(archive, who, out),
    }
    if action not in actions:
        raise Failure(f"`{action}` is nothing that a log does", hint=f"say one of {', '.join(actions)}")
    try:
        actions[action](log_of(directory))
    except OSError as error:
        raise Failure(f"cannot use `{directory}`: {error.strerror or type(error).__name__}") from error


def known(what: str, name: str | None, names: Sequence[str]) -> None:
    """Raises Failure for a name that no record has."""
    if name is not None and name not in names:
        raise Failure(unknown(what, name, names), hint=f"say one of {', '.join(names)}")


def instant(text: str | None, option: str) -> int | None:
    if text is None:
        return None
    found = read_instant(text)
    if found is None:
        hint = f"write it as in `{option} 2026-03-01T22:40:00+01:00`"
        raise Failure(f"`{text}` is not an instant", hint=hint)
    return found


# ---- query


def query(archive: DecisionArchive, wanted: Wanted, limit: int, page: int, out: Output) -> NoReturn:
    found = archive.find(wanted, limit + 1, (page - 1) * limit)
    rows, more = found[:limit], len(found) > limit
    data = {"decisions": [as_json(row) for row in rows], "page": page, "more": more}

    def show(console: Console) -> None:
        if wanted.id and rows:
            console.print_json(orjson.dumps(as_json(rows[0])).decode())
            return
        console.print(table(rows) if rows else "no decision is like that")
        if more:
            console.print(f"there are more: --page {page + 1}")

    out.finish(data, show)


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """A record with instants as text and documents as what they hold."""
    instants = {name: None if row[name] is None else told(row[name]) for name in ("time", "until")}
    documents = {name: document(row[name]) for name in ("asked", "facts", "outcome")}
    return {**row, **instants, **documents}


def told(instant: int | None) -> str:
    """What no clock shows is damaged, as is an instant that is not there."""
    return "?" if instant is None or not INSTANT_MIN <= instant <= INSTANT_MAX else write_instant(instant)


def document(text: str | None) -> Any:
    """What it holds; a damaged one as it stands."""
    try:
        return orjson.loads(text or "")
    except orjson.JSONDecodeError:
        return text


def table(rows: list[dict[str, Any]]) -> str:
    """A line each, never cut: ids are there to be copied."""
    cells = [
        (
            row["decision_id"] or "?",
            told(row["time"]),
            row["user"] or "?",
            row["kind"] or "?",
            answer(row),
            why(row),
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(map(str.ljust, line, widths)) for line in cells)
    return "\n".join(visible(line.rstrip()) for line in lines)


def answer(row: Mapping[str, Any]) -> str:
    """`send cart_nudge by push`, `beside: …` of a shadow; of crowds the names of those that hold the user."""
    if row["shadow_of"]:
        return f"beside: {answer({**row, 'shadow_of': None})}"
    if row["verdict"] is None:
        found = document(row["outcome"])
        return ", ".join(found.get("yes") or ["none"]) if isinstance(found, dict) else "?"
    by = f"by {row['channel']}" if row["channel"] else ""
    until = f"until {told(row['until'])}" if row["until"] else ""
    return " ".join(part for part in (row["verdict"], row["plan"], by, until) if part)


def why(row: Mapping[str, Any]) -> str:
    """The reasons of the plan named, or of all when none is."""
    reasons = [each for each in row["reasons"] or () if row["plan"] in (None, each["plan"])]
    return ", ".join(dict.fromkeys(f"{each['code']} {each['location']}" for each in reasons))


# ---- verify


def verify(archive: DecisionArchive, out: Output) -> NoReturn:
    finish_verified(of_all(listed(archive, out), VerifyJob(archive), Verified(), out), out)


# ---- erase


def erase(archive: DecisionArchive, user: str | None, out: Output) -> NoReturn:
    if user is None:
        raise Failure("erase whom", hint="`suasion log erase DIR USER`")
    erased = archive.erase(user)

    def show(console: Console) -> None:
        console.print(f"{erased.records:,} records erased")
        if erased.left:
            console.print(f"{erased.left:,} stand in files that a server has not finished; erase again later")

    data = {"erased": erased.records, "left": erased.left}
    out.finish(data, show, ExitCode.FINDINGS if erased.left else ExitCode.CLEAN)
