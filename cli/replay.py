"""`suasion replay`: what would have been answered by another version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.closed_options import (
    ClosedOption,
    DecideOption,
    KeepOption,
    KnowledgeOption,
    SwitchOption,
    UntilOption,
    lived,
    require_new,
)
from cli.output import HUMAN, OutputOption
from cli.progress import listed
from cli.replayable import archive_of, in_time, require_loop
from cli.report.options import (
    ChangedOption,
    CoverageOption,
    FailOnOption,
    HtmlOption,
    JunitOption,
    MaxChangeOption,
)

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
    keep: KeepOption = None,
    max_change: MaxChangeOption = None,
    fail_on: FailOnOption = None,
    coverage: CoverageOption = False,
    changed: ChangedOption = None,
    html: HtmlOption = None,
    junit: JunitOption = None,
    out: OutputOption = HUMAN,
) -> None:
    """Answer again what is on record, by two versions, and count what they do not answer alike.

    Each record is answered from its own facts. With the same version twice, every answer has to come out as it stands on record. Ends
    with 1 if there is a difference, or with --max-change and --fail-on where they say so.
    """
    of_closed = {**lived(decide, knowledge, switch, until, keep), **in_time(fail_on or ())}
    require_loop(closed, of_closed, {"--shadow": shadow})
    require_new(keep)
    archive = archive_of(events, closed)
    parts = () if closed else listed(archive, out)
    from cli.replayed import (  # loads the compiler, for which the first line of progress does not wait
        Sides,
        how_of,
    )
    from cli.report.finish import Wanted, finish

    wanted = Wanted.read(max_change, fail_on, junit, html)
    sides = Sides.read(archive, base, candidate, out)
    wanted.require_plans(sides.programs, sides.base, sides.candidate)
    if closed:
        how = how_of(decide, knowledge, switch, until, coverage)
        finish(sides.relived(events, how, changed, keep, out), wanted, out)
    if sides.base == sides.candidate:
        sides.verify(parts, wanted, out)
    finish(sides.opened(parts, coverage, shadow, changed, out), wanted, out)
