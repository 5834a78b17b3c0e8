"""Record what users did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from compiler.wire.errors import unknown
from server.ports import Clock, EventStore, RecordedEvent, Recording
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.documents import canonical, validated
from server.usecases.refusals import EventIdReused, InvalidRequest, Refusal, Violation


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """An event as it came in. `fields` is JSON text; nothing in it has been looked at."""

    id: str
    type: str
    user: str
    time: int
    fields: bytes


@dataclass(frozen=True, slots=True)
class EventResult:
    """What became of an event: recorded now, known before, or refused."""

    recording: Recording | None = None
    refusal: Refusal | None = None
    undeclared: int = 0


@dataclass(frozen=True, slots=True)
class EventResults:
    """One result for each event, in their order, and the version that they were checked against."""

    results: tuple[EventResult, ...]
    version: str


class RecordEvents:
    """Checks events against the active rules and records those that pass; the others do not keep them back."""

    def __init__(self, events: EventStore, active: ActiveRules, clock: Clock) -> None:
        self._events = events
        self._active = active
        self._clock = clock

    async def __call__(self, reported: Sequence[ReportedEvent | InvalidRequest]) -> EventResults:
        """Violations are relative to their event. What was refused before the call stays refused."""
        serving = self._active.require()
        admitted: dict[int, tuple[RecordedEvent, int]] = {}
        results: dict[int, EventResult] = {}
        for index, each in enumerate(reported):
            try:
                admitted[index] = admit(serving, each)
            except InvalidRequest as refusal:
                results[index] = EventResult(refusal=refusal)
        recordings = await self._record([event for event, _ in admitted.values()])
        for (index, (event, undeclared)), recording in zip(admitted.items(), recordings, strict=True):
            results[index] = settled(event, recording, undeclared)
        return EventResults(tuple(results[index] for index in range(len(reported))), serving.ruleset.hash)

    async def _record(self, events: list[RecordedEvent]) -> list[Recording]:
        recordings = await self._events.append(events) if events else []
        for event, recording in zip(events, recordings, strict=True):
            if recording is Recording.RECORDED:
                self._clock.observe(event.time)
        return recordings


def admit(serving: Serving, reported: ReportedEvent | InvalidRequest) -> tuple[RecordedEvent, int]:
    """The event as it is kept, and how many of its fields are undeclared. Raises InvalidRequest."""
    if isinstance(reported, InvalidRequest):
        raise reported
    if reported.type not in serving.ruleset.events:
        raise InvalidRequest([Violation("type", unknown("event", reported.type, serving.ruleset.events))])
    read = partial(serving.reader.read_fields, reported.type)
    fields, undeclared = validated(reported.fields, read, "fields_json")
    event = RecordedEvent(reported.id, reported.type, reported.user, reported.time, canonical(fields))
    return event, undeclared


def settled(event: RecordedEvent, recording: Recording, undeclared: int) -> EventResult:
    if recording is Recording.CONFLICT:
        return EventResult(refusal=EventIdReused(event.id))
    return EventResult(recording, undeclared=undeclared)
