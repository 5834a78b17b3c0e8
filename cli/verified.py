"""What came of deciding again what is on record, shown."""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import orjson
from rich.console import Console

from cli.exit_codes import ExitCode
from cli.output import Output
from cli.replayable import nothing_decided
from cli.report.tables import subject
from cli.report.words import Words
from server.replay.report import LeftOut, Report
from server.replay.report_json import subject_json
from server.replay.verify import Redecided, Result, Verified

MOST_SHOWN = 10
"""Errors that are told one by one."""


def finish_verified(found: Verified, out: Output, report: Report | None = None) -> NoReturn:
    """`report`: what it is of, where that is to be told. Raises Failure."""
    if not found.counts.total():
        others = (LeftOut(why, *told) for why, told in found.others.items())
        nothing_decided(tuple(others), "there are no records")
    tell(found.errors, "error", out)
    tell(found.others, "note", out)
    words = {result.value: found.counts[result] for result in Result}

    def show(console: Console) -> None:
        if report:
            subject(console, Words(report))
        console.print(", ".join(f"{count:,} {name}" for name, count in words.items()))
        if found.first:
            console.print(f"the first that differs is {found.first.decision_id}: {found.first.why}")
            console.print(f"  recorded: {found.first.recorded}\n  now:      {found.first.now}")

    of = subject_json(report) if report else {}
    data = of | {"counts": words, "first_different": found.first and difference(found.first)}
    out.finish(data, show, ExitCode.CLEAN if found.is_clean else ExitCode.FINDINGS)


def tell(counted: Mapping[str, tuple[int, str]], severity: str, out: Output) -> None:
    most: Iterable[Any] = sorted(counted.items(), key=lambda each: -each[1][0])[:MOST_SHOWN]
    for text, (count, first) in most:
        words = f"{text}: {count:,} records, the first is {first}"
        out.diagnose({"severity": severity, "message": text, "count": count, "first": first}, words)


def difference(found: Redecided) -> dict[str, Any]:
    return {
        "decision_id": found.decision_id,
        "why": found.why,
        "recorded": orjson.loads(found.recorded),
        "now": orjson.loads(found.now),
    }
