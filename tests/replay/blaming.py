"""Pairs of a log, and what is to blame for those that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from compiler.driver import compile_ruleset
from compiler.facts import Facts
from dsl.source import Source
from server.ports import RuleFiles
from server.replay.answering import Answering
from server.replay.blame import Blame
from server.replay.blamings import Blamer, Blamings
from server.replay.pairs import Answered, Pair, Status
from server.wiring import decision_archive
from tests.replay.recording import History, record


@dataclass(frozen=True, eq=False)
class Row:
    """A question as it is on record."""

    row: Mapping[str, Any]

    @property
    def asked(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.row["asked"])
        return found

    def facts(self, by: Answering) -> Facts:
        return by.facts(orjson.loads(self.row["facts"]))

    def answer(self, by: Answering) -> Answered:
        return by.answer(self.row["kind"], self.asked, self.facts(by))

    def pair(self, before: Answered, after: Answered) -> Pair:
        row = self.row
        status = Status.SAME if before == after else Status.CHANGED
        return Pair(
            row["decision_id"],
            row["user"],
            row["time"],
            row["kind"],
            before,
            after,
            status,
            self.asked,
            question=self,
        )


@dataclass(frozen=True)
class Recording:
    """A history and the log that a service made of it."""

    history: History
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, history: History, directory: Path) -> Recording:
        record(history, directory)
        rows = sorted(decision_archive(directory).all(), key=lambda row: (row["time"], row["decision_id"]))
        return cls(history, tuple(map(Row, rows)))

    def changed(self, base: Source, candidate: Source) -> Iterator[Pair]:
        """The decisions that two texts answer otherwise."""
        one, other = answering(base), answering(candidate)
        for row in self.rows:
            pair = row.pair(row.answer(one), row.answer(other))
            if pair.status is Status.CHANGED:
                yield pair


def answering(*sources: Source) -> Answering:
    compiled = compile_ruleset(sources)
    assert compiled.ruleset is not None, compiled.diagnostics
    return Answering(compiled.ruleset, sources)


def blamer(base: Source, candidate: Source) -> Blamer:
    return Blamer(Blame(RuleFiles((base,)), RuleFiles((candidate,))))


def places(blamer: Blamer, causes: tuple[int, ...]) -> set[str]:
    """Where what is to blame stands."""
    counted = Blamings()
    pair = Pair("", "", 0, "", Answered("send"), Answered("block"), Status.CHANGED)
    counted.count(causes, pair, is_effect=False)
    return {each.location for each in counted.blamed(blamer.blame) if each.decisions}


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Recordings by the history's name, each made once."""
    from tests.replay import recording

    made: dict[str, Recording] = {}

    def of(name: str) -> Recording:
        if name not in made:
            made[name] = Recording.of(getattr(recording, name)(), tmp_path_factory.mktemp(name))
        return made[name]

    return of
