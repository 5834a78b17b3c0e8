"""`suasion replay`: what would have been answered by another version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
)
from cli.verified import finish_verified
from server.ports import RuleFiles
from server.ports.log import DecisionArchive
from server.replay.lives import How
from server.replay.open_loop import OpenJob
from server.replay.programs import Programs
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
        finish_verified(of_all(archive, VerifyJob(archive, before), Verified(), out), out)
    covered = max(1, sum(part.records for part in archive.parts())) if coverage else 0
    tally = of_all(archive, OpenJob(archive, before, after, given, covered, shadow), Tally(), out)
    report = reported(tally, programs, before, after, Loop.OPEN)
    require_decisions(report, shadow)
    finish(report, wanted, out)


def version(word: str, archive: DecisionArchive, given: dict[str, RuleFiles], out: Output) -> str:
    """Its name. Files are `given` to the replay; those of what the log names are in the log."""
    if is_version(word):
        if archive.rules(word) is None:
            raise Failure(f"the log does not have the files of version `{word}`", hint="name its files")
        return word
    sources, compiled = compiled_together([Path(word)], out)
    assert compiled.ruleset is not None  # else the run has ended
    name = compiled.ruleset.hash
    given[name] = RuleFiles(tuple(sources), modules_of(compiled, {each.name for each in sources}))
    return name
