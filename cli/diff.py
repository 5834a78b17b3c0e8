"""`suasion diff`: what two versions do not mean alike, what becomes of what was counted, and who is treated differently."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    whole,
)
from cli.witnesses import all_lines, as_json, found
from compiler.counters import Effect
from compiler.driver import Compiled, compile_ruleset
from compiler.witness.search import TRIES
from compiler.witness.told import Told
from server.ports import RuleFiles
from server.rpc.convert.releases import EFFECTS, KINDS, compared_to
from server.rpc.convert.rules import rules_from, rules_to
from server.usecases.rule_sets import Compared
from server.usecases.versions import Version

HISTORY = {
    Effect.KEEPS: "keeps its history",
    Effect.PART: "keeps a part of its history",
    Effect.LOSES: "loses its history",
    Effect.BEGINS: "begins without a history",
}
WORDS = {number: kind.value for kind, number in KINDS.items()}
BECOMES = {number: HISTORY[effect] for effect, number in EFFECTS.items()}
SideArgument = Annotated[
    str,
    typer.Argument(metavar="VERSION|FILE|DIR", help="A version on the server, or rules.", show_default=False),
]


@asks(COMPILING)
def command(
    client: Client,
    before: SideArgument,
    after: SideArgument,
    witness: Annotated[
        bool, typer.Option("--witness/--no-witness", help="Look for users who are treated differently.")
    ] = True,
    tries: Annotated[int, typer.Option("--tries", min=1, help="How many people are looked at.")] = TRIES,
    out: OutputOption = HUMAN,
) -> None:
    """Say which rules were added, removed or changed in meaning, which others that reaches, and who is treated differently.

    Layout, comments, the order of files and documentation make no difference. A server is asked only for versions. Ends with
    1 if there is a difference.
    """
    one, other = side(client, before, out), side(client, after, out)
    if is_version(before) or is_version(after):
        request = pb.RuleSetServiceDiffRequest(before=one.asked, after=other.asked)
        compared = client.call(client.rules.Diff, request)
    else:
        compared = compared_to(Compared.of(one.version, other.version))
    told = found(one.compiled, other.compiled, tries) if witness and compared.changes else []
    code = ExitCode.FINDINGS if compared.changes else ExitCode.CLEAN
    data = MessageToDict(compared, preserving_proto_field_name=True)
    out.finish(data | {"witnesses": [as_json(each) for each in told]}, shown(compared, told), code)


@dataclass(frozen=True, slots=True)
class Side:
    """How a server is asked about it, its files, and what they compile to here."""

    asked: pb.VersionOrSources
    rules: RuleFiles
    compiled: Compiled

    @property
    def version(self) -> Version:
        assert self.compiled.ruleset is not None  # else the run has ended
        return Version(self.rules, self.compiled, self.compiled.ruleset)


def side(client: Client, word: str, out: Output) -> Side:
    if is_version(word):
        version = whole(client, word)
        request = pb.RuleSetServiceGetRequest(version=version, include_sources=True)
        rules = rules_from(client.call(client.rules.Get, request).sources)
        compiled = compile_ruleset(rules.files, beside=rules.modules)
        return Side(pb.VersionOrSources(version=version), rules, compiled)
    given, compiled = compiled_together([Path(word)], out)
    rules = RuleFiles(tuple(given), modules_of(compiled, {each.name for each in given}))
    return Side(pb.VersionOrSources(sources=rules_to(rules)), rules, compiled)


def shown(compared: Any, told: Sequence[Told]) -> Any:
    def show(console: Console) -> None:
        for change in compared.changes:
            console.print("\n".join(lines(change)))
        if not compared.changes:
            console.print("they mean the same")
        for counter in compared.counters:
            console.print(counter_line(counter))
        for line in all_lines(told):
            console.print(line)

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


def counter_line(counter: pb.CounterChange) -> str:
    """`policy gentle keeps its history, at rules.sua:14: it counts the contacts made before, too`."""
    place = f", at {counter.location}" if counter.location else ""
    return f"{counter.rule} {BECOMES[counter.effect]}{place}: {counter.description}"
