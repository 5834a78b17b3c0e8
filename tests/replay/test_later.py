"""What goes out at another instant is a change: by how it is counted, guarded, blamed and shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.report.words import Words
from dsl.source import Source
from server.replay.blame import Blame
from server.replay.blamings import Blamer
from server.replay.guards import Never, guarded
from server.replay.pairs import Status
from server.replay.programs import Programs
from server.replay.report import Compared, Loop, Report
from server.replay.reporting import reported
from tests.replay.blaming import NoArchive, compiled
from tests.replay.histories import compared, happened, life, recorded, rules
from tests.server.clock import micros

RULES = """
settings { timezone "UTC"  currency EUR }
profile user { id: text key  timezone: timezone default "UTC" }
event order { }
policy gentle default {
  quiet 21:00 to 09:00 user time then wait
}
plan remind {
  on order wait 30 minutes
  send push "remind"
  value 1.00 EUR
}
decide best { among remind }
"""
QUIET = "quiet 21:00 to 09:00"
EVENTS = [
    happened("o1", "order", "u1", "2026-03-21T19:00:00+00:00"),
    happened("o2", "order", "u2", "2026-03-22T12:00:00+00:00"),
    happened("o3", "order", "u3", "2026-03-22T14:00:00+00:00"),
    happened("o4", "order", "u4", "2026-03-26T12:00:00+00:00"),
]
EVENING, MORNING = "2026-03-21T19:30:00Z", "2026-03-22T09:00:00Z"


def relived(folder: Path, candidate: str) -> Report:
    """Of the rules, and of others."""
    directory = recorded(folder / "history", EVENTS)
    loop, pairs = compared(directory, [life(RULES), life(candidate)])
    sources = [Source("rules.sua", text) for text in (RULES, candidate)]
    base, other = (compiled(each).hash for each in sources)
    programs = Programs(NoArchive(), {base: rules(RULES), other: rules(candidate)})
    blamer = Blamer(Blame(programs, base, other))
    for pair, before in pairs:
        if pair.status is Status.CHANGED:
            blamer.add_lived(loop.tally.blamings, pair, before)
    return reported(loop.tally, programs, base, other, Loop.CLOSED)


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        ((QUIET, "quiet 19:00 to 09:00"), {"later": 1, "send": 2}),  # u1 at 09:00 of the next day
        (("wait 30 minutes", "wait 3 days"), {"later": 3}),
        (("wait 30 minutes", "wait 29 minutes"), {"earlier": 3}),
        (("wait 30 minutes", "wait 1801 seconds"), {"later": 3}),  # of instants, any difference counts
        (("value 1.00 EUR", "value 2.00 EUR"), {"send": 3}),
    ],
)
def test_it_is_counted_and_guarded(change: tuple[str, str], moves: dict[str, int], tmp_path: Path) -> None:
    """Of the last order nothing comes due before the history ends."""
    report = relived(tmp_path, RULES.replace(*change))
    assert {each.after: each.decisions for each in report.verdicts if each.before == "send"} == moves
    changed = sum(count for move, count in moves.items() if move != "send")
    assert report.statuses[Status.CHANGED] == report.users_changed == changed
    for word in ("later", "earlier", "block"):
        (guard,) = guarded([Never.read(f"send->{word}")], report)
        assert (guard.found, guard.is_broken) == (moves.get(word, 0), word in moves)


def test_each_side_has_its_own_days_and_instants(tmp_path: Path) -> None:
    report = relived(tmp_path, RULES.replace(QUIET, "quiet 19:00 to 09:00"))
    assert report.days == (Compared("2026-03-21", 1, 0), Compared("2026-03-22", 2, 3))
    (blamed,) = report.blamed
    assert (blamed.location, blamed.decisions, blamed.users, blamed.effects) == ("rules.sua:6", 1, 1, 0)
    (move,), (example,) = blamed.moves, blamed.examples
    assert (move.before, move.after) == ("send", "send later")
    assert (example.time_before, example.time) == (micros(EVENING), micros(MORNING))
    assert "blocked" not in example.why_before + example.why_after  # each at its own instant
    assert Words(report).when(example) == "2026-03-21 19:30 UTC before, 2026-03-22 09:00 UTC after"


@pytest.mark.parametrize("wait", ["wait 3 days", "wait 29 minutes"])
def test_of_two_lines_that_is_to_blame_which_moves_it(wait: str, tmp_path: Path) -> None:
    """The other one is of a limit that nobody meets."""
    candidate = RULES.replace("wait 30 minutes", wait).replace(QUIET, "quiet 23:00 to 09:00")
    found = {each.location: (each.decisions, each.effects) for each in relived(tmp_path, candidate).blamed}
    assert found == {"rules.sua:6": (0, 0), "rules.sua:9": (3, 0)}
