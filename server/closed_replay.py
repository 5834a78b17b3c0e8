"""A closed loop: history lived again by two versions, each with its own sends. Beside the wiring, as it knows where histories are."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from server.archives import decision_archive
from server.histories import history, imported_log, is_history
from server.ports import RuleFiles
from server.reliving import living
from server.replay.blame import Blame
from server.replay.blamings import Blamer
from server.replay.changed import ChangedLines
from server.replay.closed_loop import ClosedLoop, Regrets
from server.replay.covering import Covering
from server.replay.lives import How
from server.replay.pairs import Status
from server.replay.programs import Programs
from server.replay.report import LeftOut, Loop, Progress, Report
from server.replay.reporting import reported


@dataclass(frozen=True, slots=True)
class ClosedJob:
    """`directory`: of an event history or a decision log. `given`: files of versions that need not be in the log. `keep`: where each life's decisions
    go on record; None is nowhere."""

    directory: Path
    base: str
    candidate: str
    given: Mapping[str, RuleFiles]
    how: How
    tell: Callable[[bytes], object] | None = None
    """Told of each decision that changed, as a line of JSON."""
    keep: Path | None = None

    def __call__(self) -> Generator[Progress | Report, None, None]:
        """How far it is, from the beginning on, and then what was found.

        Raises CannotAnswer, InvalidRequest, LifeBroken, LifeEnded, OSError."""
        programs = Programs(decision_archive(self.directory), self.given)
        self.how.require(programs(self.base).ruleset, programs(self.candidate).ruleset)
        blamer = Blamer(Blame(programs, self.base, self.candidate))
        line = ChangedLines(blamer.blame)
        with history_of(self.directory) as (directory, left_out):
            events = history(directory).count()
            yield Progress(0, events)
            covering = Covering(programs(self.candidate), {}, events)
            loop = ClosedLoop(programs, covering.takes if self.how.coverage else lambda id: False)
            lives = self.how.lives(programs.rules(self.base), programs.rules(self.candidate))
            with living(directory, lives, self.kept()) as tellers:
                for pairs in loop.rounds(tellers):
                    for pair, before in pairs:
                        loop.tally.add(pair)
                        if pair.status is Status.CHANGED:
                            causes = blamer.add_lived(loop.tally.blamings, pair, before)
                            if self.tell:
                                self.tell(line(pair, causes))
                        loop.tally.decisions_covered += self.how.coverage and covering(pair)
                    yield Progress(loop.heard, events)
        loop.tally.covered = covering.counted
        for each in left_out:
            loop.tally.leave_out(each.why, each.first, each.records)
        yield self.report(loop, programs)

    def report(self, loop: ClosedLoop, programs: Programs) -> Report:
        report = reported(loop.tally, programs, self.base, self.candidate, Loop.CLOSED)
        regrets = map(regret, ("base", "candidate"), loop.regrets) if len(self.how.knowledge) > 1 else ()
        lists = (f"nothing is known of the list `{name}`: nobody was on it" for name in loop.unlisted)
        notes = (*report.notes, *lists, *regrets, *self.unlike_record(report), self.where_kept())
        return replace(report, regrets=tuple(loop.examples), notes=notes)

    def kept(self) -> list[Path]:
        """Logs of base and candidate; and of both with full knowledge, beside what was known then. None, if nothing is kept."""
        sides = ("base", "candidate", "base-full", "candidate-full")[: 2 * len(self.how.knowledge)]
        return [self.keep / side for side in sides] if self.keep else []

    def where_kept(self) -> str:
        """From an id of this report to what can be done with it."""
        if logs := ", ".join(f"`{each}`" for each in self.kept()):
            return f"what each life decided is in {logs}, for `suasion explain --decision ID --log DIR` and `suasion test add`"
        return "these decisions are kept nowhere: `suasion replay --closed --keep DIR` puts them where `suasion explain` and `suasion test add` find them"

    def unlike_record(self, report: Report) -> Iterator[str]:
        """Of a log: whether the base's life sends as much as was sent."""
        lived = sum(int(each.before) for each in report.sends)
        if not is_history(self.directory) and (sent := sends_on_record(self.directory)) != lived:
            yield (
                f"{sent:,} sends are on record, and the base's life has {lived:,}: it is asked about every event that "
                "decisions were told of, and about nothing else, and knows of users and lists what they knew"
            )


@contextmanager
def history_of(directory: Path) -> Iterator[tuple[Path, tuple[LeftOut, ...]]]:
    """The directory of an event history: this one, or one that is made of its log, and what that lacks."""
    if is_history(directory):
        yield directory, ()
        return
    with TemporaryDirectory() as made:
        left_out = imported_log(directory, Path(made)).left_out
        yield Path(made), left_out


def sends_on_record(log: Path) -> int:
    """That were reserved, each once; of files that are damaged those that can be read."""
    archive, found = decision_archive(log), set[str]()
    for part in archive.parts():
        with suppress(OSError):
            for row in archive.read(part, ("verdict", "reservation_id")):
                found |= {row["reservation_id"]} if row["verdict"] == "send" else set()
    return len(found - {None})


def regret(side: str, regrets: Regrets) -> str:
    return (
        f"with full knowledge the {side} would not have made {regrets.sent:,} of its sends, "
        f"and would have made {regrets.missed:,} others"
    )
