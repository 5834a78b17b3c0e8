"""Decisions of a life, as they are told: each once, by a name that it has in every life."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import orjson

from compiler.outcome import Decision
from server.ports import Occurrence, OccurrenceKey, Record, TimerStore
from server.replay.answering import Answering
from server.replay.known import Known
from server.replay.lives import Lived, Name

Waiting: TypeAlias = tuple[str, OccurrenceKey]
"""User and key of an occurrence."""


class Heard(NamedTuple):
    """What was decided, and what was known."""

    record: Record
    known: Known


class Testified(NamedTuple):
    """What is to be told; the record of it, where that is kept."""

    lived: Lived
    known: Known
    record: Record | None


class Testimony:
    """Of an occurrence is told what came of it in the end, once: it was sent or held out, or is over. What still waits is told when the
    life ends. What was known stays until it is let go."""

    def __init__(self, timers: TimerStore, *, keeps: bool = False) -> None:
        """`keeps`: whether there is a record of all that is told."""
        self._timers, self._keeps = timers, keeps
        self._lived: list[Lived] = []
        self._records: list[Record] = []
        self._known: dict[Name, Known] = {}
        self._waiting: dict[Waiting, Testified] = {}
        self._settled: set[Waiting] = set()
        self._answering: dict[tuple[str, ...], Answering] = {}

    def answered(self, event: str, heard: Heard) -> None:
        """It was asked about an event."""
        self._tell(self._testified(event, heard))

    def came_due(self, occurrence: Occurrence, heard: Heard) -> None:
        waiting = occurrence.user, occurrence.key
        if waiting in self._settled:
            return
        self._waiting[waiting] = self._testified("/".join(occurrence.key), heard)
        if heard.record.reservation is not None:
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

    def records(self) -> list[Record]:
        """Of what was told since the last time."""
        records, self._records = self._records, []
        return records

    def known(self, name: Name) -> Known:
        """What was known when that was decided."""
        return self._known[name]

    def let_go(self, names: Iterable[Name]) -> None:
        """Nobody will ask what was known."""
        for name in names:
            del self._known[name]

    def _settle(self, waiting: Waiting) -> None:
        if (found := self._waiting.pop(waiting, None)) is not None:
            self._tell(found)

    def _tell(self, testified: Testified) -> None:
        lived, known, record = testified
        self._lived.append(lived)
        self._known[lived.name] = known
        if record is not None:
            self._records.append(record)

    async def _is_open(self, waiting: Waiting) -> bool:
        user, key = waiting
        return any(each.key == key for each in await self._timers.open(user))

    def _testified(self, about: str, heard: Heard) -> Testified:
        lived = self._lived_of(f"{about}/{heard.record.asked['decide']}", heard.record)
        record = replace(heard.record, decision_id=lived.id) if self._keeps else None
        return Testified(lived, heard.known, record)

    def _lived_of(self, id: str, record: Record) -> Lived:
        plans, opened = record.ruleset.plans, sorted(record.plan_versions.items())
        pins = tuple(f"{plans[plan].activity}={version}" for plan, version in opened)
        assert isinstance(record.outcome, Decision)
        return Lived(
            id,
            record.user,
            record.facts.now,
            orjson.dumps(dict(record.asked)).decode(),
            self._answering_of(record, pins).answered(record.outcome, record.facts),
            record.version,
            pins,
        )

    def _answering_of(self, record: Record, pins: tuple[str, ...]) -> Answering:
        """What puts answers of a version into words."""
        key = record.version, *pins
        if key not in self._answering:
            self._answering[key] = Answering(record.ruleset, ())
        return self._answering[key]
