"""Pairs of a log, and what is to blame for those that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from compiler.checked.ir import RuleSet
from compiler.driver import compile_ruleset
from compiler.facts import Facts
from dsl.source import Source
from server.archives import decision_archive
from server.ports import RuleFiles
from server.replay.answering import Answering
from server.replay.blame import Blame
from server.replay.blamings import Blamer, Blamings
from server.replay.open_loop import COLUMNS
from server.replay.pairs import Answered, Pair, Status
from server.replay.programs import Programs
from tests.replay.recording import History, record


@dataclass(eq=False)
class Row:
    """A question as it is on record."""

    row: Mapping[str, Any]
    lacked: tuple[str, ...] = ()
    pins: Sequence[str] = ()

    @property
    def asked(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.row["asked"])
        return found

    def facts(self, by: Answering) -> Facts:
        return by.facts(self.row["facts"])

    def answer(self, by: Answering) -> Answered:
        return by.answer(self.row["kind"], self.asked, self.facts(by))

    def pair(self, before: Answered, after: Answered) -> Pair:
        row = self.row
        status = Status.SAME if before == after else Status.CHANGED
        who = row["decision_id"], row["user"], row["time"], row["kind"]
        return Pair(*who, before, after, status, self.asked, question=self)


@dataclass(frozen=True, eq=False)
class Recording:
    """A history and the log that a service made of it."""

    history: History
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, history: History, directory: Path) -> Recording:
        record(history, directory)
        archive = decision_archive(directory)
        found = (row for part in archive.parts() for row in archive.read(part, COLUMNS))
        rows = sorted(found, key=lambda row: (row["time"], row["decision_id"]))
        return cls(history, tuple(map(Row, rows)))

    @cache  # noqa: B019 # there are three of them
    def before(self, base: Source) -> tuple[Answered, ...]:
        by = answering(base)
        return tuple(row.answer(by) for row in self.rows)

    def changed(self, base: Source, candidate: Source) -> Iterator[Pair]:
        """The decisions that two texts answer otherwise."""
        other = answering(candidate)
        for row, answered in zip(self.rows, self.before(base), strict=True):
            pair = row.pair(answered, row.answer(other))
            if pair.status is Status.CHANGED:
                yield pair


def compiled(source: Source) -> RuleSet:
    made = compile_ruleset([source])
    assert made.ruleset is not None, made.diagnostics
    return made.ruleset


def answering(source: Source) -> Answering:
    return Answering(compiled(source), [source])


def blamer(base: Source, candidate: Source) -> Blamer:
    versions = {compiled(each).hash: RuleFiles((each,)) for each in (base, candidate)}
    return Blamer(Blame(Programs(NoArchive(), versions), *versions))


class NoArchive:
    """Keeps no version."""

    def rules(self, version: str) -> None:
        return None


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
