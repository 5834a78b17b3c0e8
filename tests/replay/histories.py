"""Histories of tests, and lives through them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from cli.main import application
from compiler.driver import compile_ruleset
from dsl.source import Source
from server.adapters.log.sinks import NoLog
from server.archives import decision_archive
from server.histories import history, imported
from server.ports import RuleFiles
from server.reliving import InTurn
from server.replay.closed_loop import ClosedLoop, LivedPair
from server.replay.known import Known
from server.replay.lives import Ended, Life, Lived, Name, Stage, Told
from server.replay.programs import Programs
from server.replay.testimony import Testimony
from server.replay.world import World
from server.stores import memory_stores
from tests.server.clock import micros

MAPPING = """
[[event]]
type = { from = "type" }
id = "id"
user = "user"
time = "time"
arrived = "coalesce(arrived, time)"
fields = "fields"
[[member]]
list = { from = "list" }
user = "user"
where = "list IS NOT NULL"
"""


def happened(
    id: str, type: str, user: str, time: str, arrived: str | None = None, **fields: Any
) -> dict[str, Any]:
    """An event; instants in ISO 8601 with offset."""
    return {"id": id, "type": type, "user": user, "time": time, "arrived": arrived, "fields": fields}


def recorded(folder: Path, events: Iterable[dict[str, Any]]) -> Path:
    """The directory of their history."""
    folder.mkdir(exist_ok=True)
    rows = [{"list": None, **each} for each in events]
    (folder / "events.jsonl").write_text("\n".join(map(json.dumps, rows)))
    imported([folder / "events.jsonl"], MAPPING, folder)
    return folder


def rules(text: str) -> RuleFiles:
    return RuleFiles((Source("rules.sua", text),), ())


def life(*texts: str | tuple[str, str], **options: Any) -> Life:
    """Rules, and from when on others serve: `(instant, rules)`."""
    stages = (
        Stage(rules(each)) if isinstance(each, str) else Stage(rules(each[1]), micros(each[0]))
        for each in texts
    )
    return Life(tuple(stages), **options)


@dataclass(slots=True)
class Relived:
    """A life in this process, which a loop is told at one go."""

    lived: tuple[Lived, ...]
    ended: Ended
    testimony: Testimony

    def sends(self) -> list[tuple[str, str, int, str | None]]:
        """User, what it was asked about, when, and content."""
        return [
            (each.user, each.id, each.time, each.answered.content)
            for each in self.lived
            if each.answered.verdict == "send"
        ]

    def go_on(self, let_go: Sequence[Name]) -> None:
        self.testimony.let_go(let_go)

    def told(self) -> Told:
        lived, self.lived = self.lived, ()
        return Told(lived, len(lived), self.ended)

    def known(self, name: Name) -> Callable[[], Known]:
        known = self.testimony.known(name)
        return lambda: known


def relived(directory: Path, one: Life) -> Relived:
    async def living() -> Relived:
        asyncio.get_running_loop().set_default_executor(InTurn())
        world = World(one, memory_stores(), NoLog())
        told = [each async for each in world.live(history(directory))]
        assert told[-1].ended is not None
        return Relived(tuple(each for one in told for each in one.lived), told[-1].ended, world.testimony)

    return asyncio.run(living())


def compared(
    directory: Path, lives: Sequence[Life], looks_at: Callable[[str], object] = lambda id: False
) -> tuple[ClosedLoop, list[LivedPair]]:
    """Base and candidate, and both with full knowledge if there are four."""
    files = [stage.rules for each in lives for stage in each.stages]
    given = {ruleset.hash: each for each in files if (ruleset := compile_ruleset(each.files).ruleset)}
    both = tuple(given.values())
    loop = ClosedLoop(Programs(decision_archive(directory), given), looks_at)
    pairs = [
        pair
        for found in loop.rounds([relived(directory, replace(each, beside=both)) for each in lives])
        for pair in found
    ]
    for each in pairs:
        loop.tally.add(each.pair)
    return loop, pairs


def record_import(*arguments: str | Path, format: str = "json") -> Result:
    """By the command line."""
    said = ["record", "import", *map(str, arguments), "--format", format]
    return CliRunner().invoke(application(said), said)
