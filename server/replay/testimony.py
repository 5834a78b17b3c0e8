"""Decisions of a life, as they are told: each once, by a name that it has in every life."""

from __future__ import annotations

from typing import TypeAlias
from zlib import compress

import orjson

from compiler.facts_to_json import FactsWriter
from compiler.outcome import Decision
from server.ports import Occurrence, OccurrenceKey, Record, TimerStore
from server.replay.answering import Answering
from server.replay.lives import Lived

Waiting: TypeAlias = tuple[str, OccurrenceKey]
"""User and key of an occurrence."""


class Testimony:
    """Of an occurrence is told what came of it in the end, once: it was sent or held out, or is over. What still waits is told when the
    life ends."""

    def __init__(self, timers: TimerStore) -> None:
        self._timers = timers
        self._lived: list[Lived] = []
        self._waiting: dict[Waiting, Lived] = {}
        self._settled: set[Waiting] = set()
        self._writing: dict[tuple[str, ...], tuple[Answering, FactsWriter]] = {}

    def answered(self, event: str, record: Record) -> None:
        """It was asked about an event."""
        self._lived.append(self._told(event, record))

    def came_due(self, occurrence: Occurrence, record: Record) -> None:
        waiting = occurrence.user, occurrence.key
        if waiting in self._settled:
            return
        self._waiting[waiting] = self._told("/".join(occurrence.key), record)
        if record.reservation is not None:
            self._settle(waiting)
            self._settled.add(waiting)

    async def looked_at(self, occurrence: Occurrence) -> None:
        """It came due, whatever was decided."""
        waiting = occurrence.user, occurrence.key
        if not await self._is_open(waiting):
            self._settle(waiting)
            self._settled.discard(waiting)

    async def end(self) -> None:
        """Those that are over by now were ended by an answer about an event, which was told."""
        for waiting in list(self._waiting):
            if await self._is_open(waiting):
                self._settle(waiting)

    def taken(self) -> list[Lived]:
        """What was not told before."""
        lived, self._lived = self._lived, []
        return lived

    def _settle(self, waiting: Waiting) -> None:
        if (lived := self._waiting.pop(waiting, None)) is not None:
            self._lived.append(lived)

    async def _is_open(self, waiting: Waiting) -> bool:
        user, key = waiting
        return any(each.key == key for each in await self._timers.open(user))

    def _told(self, key: str, record: Record) -> Lived:
        pins = tuple(f"{plan}={version}" for plan, version in sorted(record.plan_versions.items()))
        answering, writer = self._made(record, pins)
        assert isinstance(record.outcome, Decision)
        return Lived(
            key,
            record.user,
            record.facts.now,
            orjson.dumps(dict(record.asked)).decode(),
            answering.answered(record.outcome, record.facts),
            record.version,
            pins,
            compress(orjson.dumps(writer.write(record.manifest.cut(record.facts))), 1),
        )

    def _made(self, record: Record, pins: tuple[str, ...]) -> tuple[Answering, FactsWriter]:
        """What puts answers of a version into words."""
        key = record.version, *pins
        if key not in self._writing:
            ruleset = record.ruleset
            self._writing[key] = Answering(ruleset, ()), FactsWriter(ruleset, mask=False)
        return self._writing[key]
