"""`suasion diff`: what two versions do not mean alike."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from google.protobuf.json_format import MessageToDict
from rich.console import Console
from suasion.v1 import rule_set_service_pb2 as pb

from cli.asking import asks
from cli.client import Client
from cli.exit_codes import ExitCode
from cli.output import HUMAN, Output, OutputOption
from cli.releasing import (
    COMPILING,
    compiled_together,
    is_version,
    modules_of,
    sources,
    whole,
)
from compiler.diff import diff
from server.ports import RuleFiles
from server.rpc.convert.releases import KINDS, compared_to
from server.usecases.rule_sets import Compared
from server.usecases.versions import Version

WORDS = {number: kind.value for kind, number in KINDS.items()}
SideArgument = Annotated[
    str,
    typer.Argument(metavar="VERSION|FILE|DIR", help="A version on the server, or rules.", show_default=False),
]


@asks(COMPILING)
def command(
    client: Client,
    before: SideArgument,
    after: SideArgument,
    out: OutputOption = HUMAN,
) -> None:
    """Say which rules were added, removed or changed in meaning, and which others that reaches.

    Layout, comments, the order of files and documentation make no difference. A server is asked only for versions. Ends with
    1 if there is a difference.
    """
    if is_version(before) or is_version(after):
        request = pb.RuleSetServiceDiffRequest(
            before=side(client, before, out), after=side(client, after, out)
        )
        compared = client.call(client.rules.Diff, request)
    else:
        compared = compared_here(version(before, out), version(after, out))
    code = ExitCode.FINDINGS if compared.changes else ExitCode.CLEAN
    out.finish(MessageToDict(compared, preserving_proto_field_name=True), shown(compared), code)


def side(client: Client, word: str, out: Output) -> pb.VersionOrSources:
    if is_version(word):
        return pb.VersionOrSources(version=whole(client, word))
    return pb.VersionOrSources(sources=sources([Path(word)], out))


def version(word: str, out: Output) -> Version:
    given, compiled = compiled_together([Path(word)], out)
    assert compiled.ruleset is not None  # else the run has ended
    rules = RuleFiles(tuple(given), modules_of(compiled, {each.name for each in given}))
    return Version(rules, compiled, compiled.ruleset)


def compared_here(before: Version, after: Version) -> Any:
    return compared_to(Compared(before, after, diff(before.ruleset, after.ruleset)))


def shown(compared: Any) -> Any:
    def show(console: Console) -> None:
        for change in compared.changes:
            console.print("\n".join(lines(change)))
        if not compared.changes:
            console.print("they mean the same")

    return show


def lines(change: pb.RuleChange) -> Iterator[str]:
    """What became of a rule, how it reads, and what that reaches."""
    was = f", which was `{change.was}`" if change.was else ""
    place = change.location_after or change.location_before
    yield f"{WORDS[change.kind]} {change.rule}{was}{f' at {place}' if place else ''}"
    before, after = change.text_before.splitlines(), change.text_after.splitlines()
    yield from (f"    {line}" for line in difflib.ndiff(before, after) if not line.startswith("?"))
    if change.dependants:
        yield f"  reaches {', '.join(change.dependants)}"
