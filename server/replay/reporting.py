"""A report of what was counted, with what is to blame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain

from server.replay.blame import Blame
from server.replay.covering import covered
from server.replay.places import moved_limit
from server.replay.programs import Programs
from server.replay.report import Loop, Report
from server.replay.tally import Tally

NOTES: Mapping[Loop, tuple[str, ...]] = {
    Loop.OPEN: (
        "each decision is on the facts of then: what a version sends counts in no limit of a later one, as it does in a closed loop",
    ),
    Loop.CLOSED: ("each version lived history with its own sends, which count in its own limits",),
}
"""What a reader should know of every such report."""


def reported(tally: Tally, programs: Programs, base: str, candidate: str, loop: Loop) -> Report:
    """Days and currency are those of the candidate's settings. Raises CannotAnswer for a version that is not known, and OSError."""
    blame = Blame(programs, base, candidate)
    answering = programs(candidate)
    settings = answering.ruleset.settings
    report = tally.report(base, candidate, loop, settings.zone, partial(moved_limit, blame.difference))
    return replace(
        report,
        blamed=tally.blamings.blamed(blame),
        coverage=tuple(covered(answering, tally.covered)) if tally.decisions_covered else (),
        decisions_covered=tally.decisions_covered,
        zone=settings.zone,
        currency=settings.currency,
        notes=(*NOTES.get(loop, ()), *never_asked(report, programs), *report.notes),
    )


def never_asked(report: Report, programs: Programs) -> Iterator[str]:
    """Of all that either version decides: a change there would not be seen."""
    asked = {each.name for each in report.entry_points}
    decides = (programs(version).ruleset.decides for version in (report.base, report.candidate))
    for name in dict.fromkeys(chain.from_iterable(decides)):
        if f"decide {name}" not in asked:
            yield f"`decide {name}` was never asked: what changes there is not seen here"
