"""`suasion replay`: what would have been answered by another version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.closed_options import (
    ClosedOption,
    DecideOption,
    KnowledgeOption,
    SwitchOption,
    UntilOption,
    knowledge_of,
)
from cli.exit_codes import Failure
from cli.log import instant
from cli.output import HUMAN, Output, OutputOption
from cli.progress import of_all
from cli.releasing import compiled_together, is_version, modules_of
from cli.replayable import archive_of, require_decisions, require_loop
from cli.report.finish import (
    CoverageOption,
    FailOnOption,
    HtmlOption,
    JunitOption,
    MaxChangeOption,
    Wanted,
    finish,
    write,
)
from cli.verified import finish_verified
from server.ports import RuleFiles
from server.ports.log import DecisionArchive
from server.replay.lives import How
from server.replay.open_loop import OpenJob
from server.replay.programs import Programs
from server.replay.questions import CannotAnswer
from server.replay.report import Loop
from server.replay.reporting import reported
from server.replay.tally import Tally
from server.replay.verify import Verified, VerifyJob

SideArgument = Annotated[
    str,
    typer.Argument(metavar="VERSION|FILE|DIR", help="A version in the log, or rules.", show_default=False),
]


def command(
    base: SideArgument,
    candidate: SideArgument,
    events: Annotated[
        Path,
        typer.Option(
            "--events",
            "--log",
            metavar="DIR",
            help="A decision log, that of `serve --log DIR`; with --closed also what `record import` made.",
            show_default=False,
        ),
    ],
    shadow: Annotated[
        bool,
        typer.Option(
            "--shadow", help="Only what the candidate decided beside the base, with facts for both."
        ),
    ] = False,
    closed: ClosedOption = False,
    decide: DecideOption = None,
    knowledge: KnowledgeOption = "then",
    switch: SwitchOption = None,
    until: UntilOption = None,
    max_change: MaxChangeOption = None,
    fail_on: FailOnOption = None,
    coverage: CoverageOption = False,
    html: HtmlOption = None,
    junit: JunitOption = None,
    out: OutputOption = HUMAN,
) -> None:
    """Answer again what is on record, by two versions, and count what they do not answer alike.

    Each record is answered from its own facts. With the same version twice, every answer has to come out as it stands on record. Ends
    with 1 if there is a difference, or with --max-change and --fail-on where they say so.
    """
    wanted = Wanted.read(max_change, fail_on, junit, html)
    lived = {"--decide": decide, "--knowledge": knowledge != "then", "--switch": switch, "--until": until}
    require_loop(closed, lived, {"--shadow": shadow})
    archive, given = archive_of(events, closed), dict[str, RuleFiles]()
    before, after = (version(word, archive, given, out) for word in (base, candidate))
    programs = Programs(archive, given)
    require_answers(programs, before, after)
    wanted.require_plans(programs, before, after)
    if closed:
        from cli.relived import relived  # loads a whole service, which nothing else here needs
        from server.closed_replay import ClosedJob

        known, since, to = knowledge_of(knowledge), instant(switch, "--switch"), instant(until, "--until")
        how = How(decide or "", known, since, to or 0, coverage)
        report = relived(ClosedJob(events, before, after, given, how), out)
        require_decisions(report, shadow)
        finish(report, wanted, out)
    if before == after:
        verify(archive, before, wanted, out)
    covered = max(1, sum(part.records for part in archive.parts())) if coverage else 0
    tally = of_all(archive, OpenJob(archive, before, after, given, covered, shadow), Tally(), out)
    report = reported(tally, programs, before, after, Loop.OPEN)
    require_decisions(report, shadow)
    finish(report, wanted, out)


def verify(archive: DecisionArchive, version: str, wanted: Wanted, out: Output) -> NoReturn:
    verified = of_all(archive, VerifyJob(archive, version), Verified(), out)
    write(verified.report(version), replace(wanted, guards=()))  # which are of changes
    finish_verified(verified, out)


def version(word: str, archive: DecisionArchive, given: dict[str, RuleFiles], out: Output) -> str:
    """Its name. Files are `given` to the replay; those of what the log names are in the log."""
    if is_version(word):
        require_kept(word, archive)
        return word
    sources, compiled = compiled_together([Path(word)], out)
    assert compiled.ruleset is not None  # else the run has ended
    name = compiled.ruleset.hash
    given[name] = RuleFiles(tuple(sources), modules_of(compiled, {each.name for each in sources}))
    return name


def require_answers(programs: Programs, *versions: str) -> None:
    """Raises Failure for a version that cannot be made again."""
    try:
        for each in versions:
            programs(each)
    except CannotAnswer as error:
        raise Failure(str(error)) from error


def require_kept(version: str, archive: DecisionArchive) -> None:
    """Raises Failure."""
    try:
        kept = archive.rules(version)
    except OSError as error:
        raise Failure(f"the files of version `{version}` cannot be read", hint="name its files") from error
    if kept is None:
        hint = "say all of its digits, or name its files"
        raise Failure(f"the log does not have the files of version `{version}`", hint=hint)
