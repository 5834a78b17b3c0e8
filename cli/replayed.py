"""Two versions that answer again, one way or another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from cli.closed_options import knowledge_of
from cli.exit_codes import Failure
from cli.log import instant
from cli.output import Output
from cli.progress import of_all
from cli.releasing import compiled_together, is_version, modules_of, the_only
from cli.replayable import require_decisions
from cli.report.changed import Telling, lines_to
from cli.report.finish import Wanted, write
from cli.verified import finish_verified
from server.ports import RuleFiles
from server.ports.log import DecisionArchive, Part
from server.replay.lives import How
from server.replay.open_loop import OpenJob
from server.replay.programs import Programs
from server.replay.questions import CannotAnswer
from server.replay.report import Loop, Report
from server.replay.reporting import reported
from server.replay.tally import Tally
from server.replay.verify import Verified, VerifyJob


@dataclass(frozen=True, slots=True)
class Sides:
    """Versions by name. `named`: as words say it. `given`: files of those that need not be in the archive. Whatever is reported raises Failure
    where nothing was decided."""

    archive: DecisionArchive
    base: str
    candidate: str
    named: tuple[str, str]
    given: dict[str, RuleFiles]
    programs: Programs

    @classmethod
    def read(cls, archive: DecisionArchive, base: str, candidate: str, out: Output) -> Sides:
        """Versions in the archive, or files. Raises Failure, or ends the run."""
        given: dict[str, RuleFiles] = {}
        before, after = (version(word, archive, given, out) for word in (base, candidate))
        programs = Programs(archive, given)
        require_answers(programs, before, after)
        named = ["" if is_version(word) else word for word in (base, candidate)]
        return cls(archive, before, after, (named[0], named[1]), given, programs)

    def of_these(self, report: Report) -> Report:
        """Saying what it is of."""
        return replace(report, history=str(self.archive.directory), named=self.named)

    def verify(self, parts: Sequence[Part], wanted: Wanted, out: Output) -> NoReturn:
        verified = of_all(parts, VerifyJob(self.archive, self.base), Verified(), out)
        zone = self.programs(self.base).ruleset.settings.zone
        report = self.of_these(verified.report(self.base, zone))
        write(report, replace(wanted, guards=()))  # which are of changes
        finish_verified(verified, out, report)

    def opened(
        self, parts: Sequence[Part], coverage: bool, shadow: bool, changed: Path | None, out: Output
    ) -> Report:
        """`changed`: a file for what changed."""
        covered = max(1, sum(part.records for part in parts)) if coverage else 0
        versions = self.base, self.candidate, self.given
        with lines_to(changed) as tell:
            job = OpenJob(self.archive, *versions, covered, shadow, tells=tell is not None)
            tally: Tally = Telling(tell)
            of_all(parts, job, tally, out)
            report = reported(tally, self.programs, self.base, self.candidate, Loop.OPEN)
            require_decisions(report, shadow)
        return self.of_these(report)

    def relived(self, events: Path, how: How, changed: Path | None, keep: Path | None, out: Output) -> Report:
        """`changed`: a file for what changed; `keep`: where the lives go on record."""
        from cli.relived import relived  # loads a whole service, which nothing else here needs
        from server.closed_replay import ClosedJob

        with lines_to(changed) as tell:
            report = relived(ClosedJob(events, self.base, self.candidate, self.given, how, tell, keep), out)
            require_decisions(report, shadow=False)
        return self.of_these(report)


def how_of(decide: str | None, knowledge: str, switch: str | None, until: str | None, coverage: bool) -> How:
    """As options say it. Raises Failure."""
    known, since, to = knowledge_of(knowledge), instant(switch, "--switch"), instant(until, "--until")
    return How(decide or "", known, since, to or 0, coverage)


def version(word: str, archive: DecisionArchive, given: dict[str, RuleFiles], out: Output) -> str:
    """Its name. Files are `given` to the replay; those of what the log names are in the log."""
    if is_version(word):
        return kept_version(word, archive)
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


def kept_version(word: str, archive: DecisionArchive) -> str:
    """The version whose files the log has, by its first digits. Raises Failure."""
    kept = archive.versions()
    has = f"the log has the files of {', '.join(kept)}" if kept else "the log has the files of none"
    name = the_only(word, kept, hint=f"{has}; or name files of yours")
    try:
        archive.rules(name)
    except OSError as error:
        raise Failure(f"the files of version `{name}` cannot be read", hint="name its files") from error
    return name
