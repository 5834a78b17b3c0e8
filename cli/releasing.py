"""Rules on their way to a server, and what it says of versions and releases."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from google.protobuf.json_format import MessageToDict
from rich.console import Console
from suasion.v1 import rule_set_service_pb2 as pb

from cli.client import ALL, Client
from cli.exit_codes import ExitCode, Failure
from cli.output import Output
from cli.rule_sets import diagnose, files, source
from compiler.driver import Compiled, compile_ruleset
from dsl.source import Source
from server.ports import RuleFiles
from server.rpc.convert.rules import rules_to

VERSION = re.compile(r"[0-9a-f]{8,64}")
DIGITS = 64
SHORT = 12
"""Digits by which people tell versions apart."""

COMPILING = 60.0
"""Seconds for calls that compile."""


def rule_files(paths: Sequence[Path], out: Output) -> RuleFiles:
    """The rule set that the paths make up. Ends the run where it does not compile."""
    given, compiled = compiled_together(paths, out)
    return RuleFiles(tuple(given), modules_of(compiled, {each.name for each in given}))


def compiled_together(paths: Sequence[Path], out: Output) -> tuple[list[Source], Compiled]:
    """The files of the paths, and what they make up. Ends the run where that does not compile."""
    given = [source(file) for path in dict.fromkeys(paths) for file in files(path)]
    roots = [path if path.is_dir() else path.parent for path in paths]
    compiled = compile_ruleset(given, roots)
    diagnose(out, compiled.diagnostics, compiled.sources)
    if compiled.ruleset is None:
        out.finish(None, lambda _: None, ExitCode.FINDINGS)
    return given, compiled


def modules_of(compiled: Compiled, given: Collection[str]) -> tuple[Source, ...]:
    """The files that were found beside the rule set; the standard library is everywhere."""
    used = compiled.sources.values()
    return tuple(each for each in used if each.name not in given and not each.name.startswith("std/"))


def sources(paths: Sequence[Path], out: Output) -> pb.Sources:
    """The same as a message."""
    return rules_to(rule_files(paths, out))


def is_version(word: str) -> bool:
    """Whether a word names a version, whole or by its first digits, and no file."""
    return VERSION.fullmatch(word) is not None and not Path(word).exists()


def whole(client: Client, word: str) -> str:
    """The version that a server keeps under a name, whole or its first digits. Raises Failure."""
    if len(word) == DIGITS:
        return word
    return the_only(word, (each.version for each in kept(client)))


def the_only(word: str, names: Iterable[str], hint: str = "`suasion versions` lists them") -> str:
    """The one name that begins with a word; `hint`: where there is none. Raises Failure."""
    found = [name for name in names if name.startswith(word)] if VERSION.fullmatch(word) else []
    if not found:
        raise Failure(f"there is no version `{word}`", hint=hint)
    if len(found) > 1:
        raise Failure(
            f"several versions begin with `{word}`: {', '.join(found)}", hint="say more of its digits"
        )
    return found[0]


def kept(client: Client, most: int = ALL) -> Iterator[Any]:
    """The newest versions of a server."""
    return client.pages(client.rules.List, pb.RuleSetServiceListRequest(), "versions", most)


def finish(out: Output, response: Any, text: str, code: ExitCode = ExitCode.CLEAN) -> NoReturn:
    """End the run with what the server said, for people in one text."""

    def show(console: Console) -> None:
        console.print(text)

    out.finish(MessageToDict(response, preserving_proto_field_name=True), show, code)


def release_text(release: pb.Release) -> str:
    """`release 3: 4fa3b2c1d2e3 decides for 10% of the users, 9b8c7d6e5f40 for the others`."""
    version, rest = release.version[:SHORT], release.rest_version[:SHORT]
    whom = f"{users(release)}, {rest} for the others" if rest else "everybody"
    shadow, sample = release.shadow_version[:SHORT], f"{100 * release.shadow_sample:.4g}% of the users"
    beside = f"; {shadow} decides beside, for nobody, about {sample}" if shadow else ""
    return f"release {release.epoch}: {version} decides for {whom}{beside}"


def users(part: Any) -> str:
    """`10% of the users`, `crowd beta`, `10% of crowd beta`; of messages that say whom a version serves."""
    if not part.crowd:
        return f"{100 * part.share:.4g}% of the users"
    return f"crowd {part.crowd}" if part.share == 1 else f"{100 * part.share:.4g}% of crowd {part.crowd}"


def served(version: Any) -> str:
    """`10% of the users`, `crowd beta`, `the others`, `nobody`, `nobody, beside 10%`; of messages that say whom a version serves now."""
    if version.except_crowd:
        return "the others"
    if version.shadow_sample:
        return f"nobody, beside {100 * version.shadow_sample:.4g}%"
    return users(version) if version.share else "nobody"


def schedule_text(schedule: pb.Schedule) -> str:
    """`4fa3b2c1d2e3 is to decide for 10% of the users from 2026-03-01 08:00:00 UTC on`."""
    whom = users(schedule) if schedule.crowd or schedule.share < 1 else "everybody"
    time = f"{schedule.activate_time.ToDatetime():%Y-%m-%d %H:%M:%S} UTC"
    return f"{schedule.version[:SHORT]} is to decide for {whom} from {time} on"
