"""Record what users did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from compiler.wire.errors import unknown
from dsl.frozen import dataclass
from server.ports import Clock, EventStore, Folds, RecordedEvent, Recording
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


Judge = Callable[[Sequence[RecordedEvent]], Awaitable[None]]
Keep = Callable[[Sequence[RecordedEvent]], Awaitable[list[Recording]]]
"""Stores events; the answers are in their order."""


class RecordEvents:
    """Checks events against the active rules and records those that pass; the others do not keep them back."""

    def __init__(
        self,
        events: EventStore,
        active: ActiveRules,
        clock: Clock,
        judge: Judge,
        folds: Callable[[], Awaitable[Folds]],
    ) -> None:
        """`judge` looks at the triggers of events just recorded; `folds` tells what dropped ones are in. `undeclared` counts the fields
        that came and are not declared."""
        self.undeclared = 0
        self._events = events
        self._active = active
        self._clock = clock
        self._judge = judge
        self._folds = folds

    async def __call__(self, reported: Sequence[ReportedEvent | InvalidRequest]) -> EventResults:
        """Violations are relative to their event. What was refused before the call stays refused."""
        return await self._each(reported, self._record_and_judge)

    async def of_now(self, reported: ReportedEvent) -> EventResult:
        """Record one event that says no time; a repeat is of the instant at which it was recorded first."""
        (result,) = (await self([reported])).results
        first = await self._events.find(reported.id) if isinstance(result.refusal, EventIdReused) else None
        if first is not None:
            (result,) = (await self([replace(reported, time=first.time)])).results
        return result

    async def backfill(self, reported: Sequence[ReportedEvent | InvalidRequest]) -> EventResults:
        """The same of history: it opens no occurrences, and moves no clock. What was dropped is kept again, for rules that look
        further back than those of then. Raises VersionNotReproducible if it is not known what it is in."""
        folds = await self._folds()
        return await self._each(reported, partial(self._events.append, again=folds))

    async def _each(self, reported: Sequence[ReportedEvent | InvalidRequest], keep: Keep) -> EventResults:
        version = self._active.all()[0].version
        admitted: dict[int, tuple[RecordedEvent, int]] = {}
        results: dict[int, EventResult] = {}
        for index, each in enumerate(reported):
            try:
                admitted[index] = self._admit(each)
            except InvalidRequest as refusal:
                results[index] = EventResult(refusal=refusal)
        events = [event for event, _ in admitted.values()]
        recordings = await keep(events) if events else []
        for (index, (event, undeclared)), recording in zip(admitted.items(), recordings, strict=True):
            results[index] = settled(event, recording, undeclared)
        return EventResults(tuple(results[index] for index in range(len(reported))), version)

    def admitted(self, reported: ReportedEvent) -> RecordedEvent:
        """An event as it would be recorded, with paths from `event` down. Raises InvalidRequest."""
        try:
            return self._admit(reported)[0]
        except InvalidRequest as refusal:
            raise refusal.below("event") from None

    async def one(self, reported: ReportedEvent) -> RecordedEvent:
        """Record one event, or know it again; who decides about it judges its triggers. Raises InvalidRequest,
        EventIdReused."""
        event = self.admitted(reported)
        (recording,) = await self._record([event])
        if recording is Recording.CONFLICT:
            raise EventIdReused(event.id)
        return event

    def _admit(self, reported: ReportedEvent | InvalidRequest) -> tuple[RecordedEvent, int]:
        event, undeclared = self._active.accepted(partial(admit, reported))
        self.undeclared += undeclared
        return event, undeclared

    async def _record_and_judge(self, events: Sequence[RecordedEvent]) -> list[Recording]:
        recordings = await self._record(events)
        await self._judge(new(events, recordings))
        return recordings

    async def _record(self, events: Sequence[RecordedEvent]) -> list[Recording]:
        recordings = await self._events.append(events, self._active.triggers())
        for event in new(events, recordings):
            self._clock.observe(event.time)
        return recordings


def new(events: Sequence[RecordedEvent], recordings: Sequence[Recording]) -> list[RecordedEvent]:
    pairs = zip(events, recordings, strict=True)
    return [event for event, recording in pairs if recording is Recording.RECORDED]


def admit(reported: ReportedEvent | InvalidRequest, serving: Serving) -> tuple[RecordedEvent, int]:
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
