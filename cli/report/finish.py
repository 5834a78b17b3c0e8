"""The end of a replay: its report shown, written down and judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cli import files
from cli.eval import require
from cli.exit_codes import ExitCode, Failure
from cli.output import Output
from cli.report import junit, page, tables
from server.replay.guards import Guard, Guarded, MaxChange, Never, NoGuard, guarded
from server.replay.pairs import Status
from server.replay.programs import Programs
from server.replay.report import Report
from server.replay.report_json import report_json
from server.replay.tally import NOT_ASKED, NOTHING


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of a report."""

    guards: tuple[Guard, ...] = ()
    junit: Path | None = None
    html: Path | None = None

    @classmethod
    def read(
        cls, max_change: str | None, fail_on: Sequence[str] | None, junit: Path | None, html: Path | None
    ) -> "Wanted":
        """Raises Failure where a guard says nothing or a file has no place, which is said before an hour is spent."""
        for each in filter(None, (junit, html)):
            if not each.parent.is_dir():
                raise Failure(f"there is no directory `{each.parent}` for `{each}`")
        shares = [guard("--max-change", max_change, MaxChange.read)] if max_change else []
        return cls((*shares, *(guard("--fail-on", each, Never.read) for each in fail_on or ())), junit, html)

    def require_plans(self, programs: Programs, base: str, candidate: str) -> None:
        """Those that guards name are plans of one version or the other, or what stands for none. Raises Failure."""
        named = [name for each in self.guards if isinstance(each, Never) for name in each.plans]
        if named:
            plans = {**programs(base).ruleset.plans, **programs(candidate).ruleset.plans}
            require("plan", named, {**plans, NOTHING: None, NOT_ASKED: None})


def guard(option: str, text: str, read: Callable[[str], Guard]) -> Guard:
    try:
        return read(text)
    except NoGuard as error:
        raise Failure(f"`{text}` says nothing to `{option}`", hint=f"write {error}") from error


def finish(report: Report, wanted: Wanted, out: Output) -> NoReturn:
    """Ends with 1 where a guard is broken or a version had no answer; without guards where anybody is treated differently."""
    found = write(report, wanted)
    out.finish(
        report_json(report, found), lambda console: tables.show(console, report, found), code(report, found)
    )


def write(report: Report, wanted: Wanted) -> Sequence[Guarded]:
    """Its files. Gives what the guards came to. Raises Failure."""
    found = guarded(wanted.guards, report)
    if wanted.junit is not None:
        files.write(wanted.junit, junit.written(report, wanted.guards))
    if wanted.html is not None:
        files.write(wanted.html, page.written(report, found))
    return found


def code(report: Report, guards: Sequence[Guarded]) -> ExitCode:
    differs = any(each.is_broken for each in guards) if guards else bool(report.statuses.get(Status.CHANGED))
    return ExitCode.FINDINGS if differs or report.statuses.get(Status.ERROR) else ExitCode.CLEAN
