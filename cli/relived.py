"""A closed loop: history lived again by two versions, each with its own sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.exit_codes import Failure
from server.histories import imported_log, is_history
from server.ports import RuleFiles
from server.reliving import lived
from server.replay.blame import Blame
from server.replay.blamings import Blamer
from server.replay.closed_loop import ClosedLoop, Regrets
from server.replay.lives import Knowledge, Life, Stage
from server.replay.pairs import Status
from server.replay.programs import Programs
from server.replay.questions import CannotAnswer
from server.replay.report import LeftOut, Loop, Report
from server.replay.reporting import reported

BOTH = "both"


@dataclass(frozen=True, slots=True)
class Closed:
    """As the options of `replay` say. Instants in microseconds; `switch`: the candidate follows the base then."""

    decide: str
    knowledge: str
    switch: int | None
    until: int | None

    def lives(self, base: RuleFiles, candidate: RuleFiles) -> list[Life]:
        """Of base and candidate, and of both with full knowledge if that is asked for, too. Raises Failure."""
        if self.knowledge not in (BOTH, *(each.value for each in Knowledge)):
            raise Failure(f"`{self.knowledge}` is no knowledge", hint="say then, full or both")
        known = [*Knowledge] if self.knowledge == BOTH else [Knowledge(self.knowledge)]
        after = [Stage(candidate)] if self.switch is None else [Stage(base), Stage(candidate, self.switch)]
        return [
            Life(tuple(stages), self.decide, each, self.until or 0)
            for each in known
            for stages in ([Stage(base)], after)
        ]


def relived(directory: Path, base: str, candidate: str, programs: Programs, how: Closed) -> Report:
    """Raises Failure."""
    try:
        blamer = Blamer(Blame(programs, base, candidate))
        loop = ClosedLoop(programs)
        with history_of(directory) as (history, left_out):
            lives = how.lives(programs.rules(base), programs.rules(candidate))
            for pair, before in loop.pairs(lived(history, lives)):
                loop.tally.add(pair)
                if pair.status is Status.CHANGED:
                    blamer.add_lived(loop.tally.blamings, pair, before)
        loop.remark()
        for each in left_out:
            loop.tally.leave_out(each.why, each.first, each.records)
        report = reported(loop.tally, programs, base, candidate, Loop.CLOSED)
        regrets = map(regret, ("base", "candidate"), loop.regrets) if len(lives) > 2 else ()
        examples = loop.examples(loop.regrets[1])
        lists = (f"nothing is known of the list `{name}`: nobody was on it" for name in loop.unlisted)
        return replace(report, regrets=examples, notes=(*report.notes, *lists, *regrets))
    except CannotAnswer as error:
        raise Failure(str(error)) from error


@contextmanager
def history_of(directory: Path) -> Iterator[tuple[Path, tuple[LeftOut, ...]]]:
    """The directory of an event history: this one, or one that is made of its log, and what that lacks."""
    if is_history(directory):
        yield directory, ()
        return
    with TemporaryDirectory() as made:
        left_out = imported_log(directory, Path(made)).left_out
        yield Path(made), left_out


def regret(side: str, regrets: Regrets) -> str:
    return (
        f"with full knowledge the {side} would not have made {regrets.sent:,} of its sends, "
        f"and would have made {regrets.missed:,} others"
    )
