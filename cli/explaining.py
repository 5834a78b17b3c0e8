"""`suasion explain --decision`: why a decision on record came out as it did, or what other rules would make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

import orjson

from cli.eval import require
from cli.exit_codes import ExitCode, Failure
from cli.explanations import EXPLAIN, Explained, Question, write
from cli.log import answer
from cli.output import Output
from cli.releasing import SHORT
from cli.replayable import decision_of
from cli.replayed import version
from compiler.cases.texts import ANSWERS
from compiler.explain.words import Words
from compiler.wire.time_text import write_instant
from server.ports import RuleFiles
from server.replay.answering import Answering
from server.replay.explaining import contact_lines
from server.replay.open_loop import OpenLoop
from server.replay.programs import Programs
from server.replay.questions import CannotAnswer, parsed
from server.replay.recorded import Recorded
from server.replay.why_different import why_different

MOST_CROWDS = 24
"""That are explained at a time."""
TOLD = ("decision_id", "user", "kind", "verdict", "plan", "channel", "version")
"""Columns."""


def explain(
    rules: str | None, id: str, log: Path | None, crowd: str | None, change: bool, out: Output
) -> NoReturn:
    """By the version that decided, or by `rules`: a version in the log, or files. Raises Failure."""
    (archive, record), given = decision_of(log, id), dict[str, RuleFiles]()
    by = record["version"] if rules is None else version(rules, archive, given, out)
    programs = Programs(archive, given)
    try:
        sides = record["beside"] or record["version"], record["version"]
        asked = OpenLoop(programs, *sides).question(record)
        answering = programs(by, asked.pins)
        is_own = by == record["version"] and programs.is_as_kept(by)
        OnRecord(record, asked, by, answering, is_own, crowd, change, out).explain()
    except CannotAnswer as error:
        hint = "`suasion test add` makes up what is masked" if record["masked"] else None
        raise Failure(f"`{id}` cannot be explained: {error}", hint=hint) from error


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A record, and the `version` that explains it. `is_own`: by the very files that decided, so that all has to come out the same."""

    record: Mapping[str, Any]
    asked: Recorded
    version: str
    by: Answering
    is_own: bool
    crowd: str | None
    change: bool
    out: Output

    def explain(self) -> NoReturn:
        """Ends with 1 where the version that decided does not say the same any more."""
        explained, code = self.explained(), self.compared()
        for remark in self.asked.remarks:
            self.out.diagnose({"severity": "note", "message": remark}, f"note: {remark}")
        times = {name: self.record[name] and write_instant(self.record[name]) for name in ("time", "until")}
        told = {name: self.record[name] for name in TOLD} | times | {"asked": self.asked.asked}
        data = {**told, "explained_by": self.version, "explanation": explained.data}
        lines = chain(self.head(), explained.lines)
        self.out.finish(data, lambda console: write(console.file, lines), code)

    def head(self) -> Iterator[str]:
        record, words = self.record, Words.of(self.by.ruleset, self.asked.facts(self.by))
        whom = f"decision {record['decision_id']} about {record['user']} at {words.instant(record['time'])}"
        until = f" until {words.instant(record['until'])}" if record["until"] else ""
        said = answer({**record, "until": None}) + until
        yield f"{whom}: {said}, by version {record['version'][:SHORT]}"
        if self.version != record["version"]:
            yield f"on the same facts, by version {self.version[:SHORT]}:"
        yield ""

    def compared(self) -> ExitCode:
        now = self.by.written(self.asked.outcome(self.by))
        if not self.is_own or now == self.record["outcome"]:
            return ExitCode.CLEAN
        why = why_different(self.record, parsed(self.record["outcome"], "outcome"), now)
        message = f"it does not come out as it stands on record: {why}"
        self.out.diagnose({"severity": "warning", "message": message}, f"warning: {message}")
        return ExitCode.FINDINGS

    # ---- by kind

    def explained(self) -> Explained:
        if "decide" in self.asked.asked:
            return EXPLAIN["decide"](self.question, self.asked.asked["decide"])
        return self.crowds() if self.asked.kind.endswith("crowds") else self.contact()

    @property
    def question(self) -> Question:
        return Question(
            self.out, self.by.texts, self.by.ruleset, self.asked.facts(self.by), change=self.change
        )

    def contact(self) -> Explained:
        outcome = self.asked.outcome(self.by)
        lines = contact_lines(self.by, outcome, self.question.facts)
        return Explained(orjson.loads(self.by.written(outcome)), lines)

    def crowds(self) -> Explained:
        """Of those that were asked about; of a list, whether the user is on it."""
        names = list(self.asked.asked.get("crowds", self.by.ruleset.crowds))
        if self.crowd is not None:
            require("crowd", [self.crowd], dict.fromkeys(names))
            names = [self.crowd]
        if len(names) > MOST_CROWDS:
            self.out.notes.print(f"the first {MOST_CROWDS} crowds are explained; name another by --crowd")
        found = {name: self.member(name) for name in names[:MOST_CROWDS]}
        data = {name: each.data for name, each in found.items()}
        return Explained(data, chain.from_iterable(each.lines for each in found.values()))

    def member(self, name: str) -> Explained:
        if name in self.by.ruleset.crowds:
            return EXPLAIN["crowd"](self.question, name)
        answered = ANSWERS[self.by.serving.membership(name, self.question.facts)]
        return Explained(answered, (f"{answered:<8}user in {name}",))
