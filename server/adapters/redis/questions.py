"""What can be asked about a user, and the form in which it is kept. What is kept reaches on from an instant without an end, so
that it answers all that is asked later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import orjson
from msgpack import packb, unpackb

from compiler.shapes import place_of
from compiler.wire.json_text import Json
from server.adapters.redis import touches
from server.adapters.redis.shadow import FOREVER
from server.ports import (
    ContactHistory,
    ContactLedger,
    EventHistory,
    EventStore,
    KeptTotal,
    ListStore,
    Occurrence,
    ProfileStore,
    RecordedEvent,
    TimerStore,
)

Parts: TypeAlias = Sequence[bytes]


@dataclass(frozen=True, slots=True)
class OfProfile:
    truth: ProfileStore
    user: str
    fields = ("profile",)

    async def ask(self) -> Mapping[str, Json]:
        return await self.truth.fetch(self.user)

    def pack(self, kept: Mapping[str, Json]) -> Parts:
        return (orjson.dumps(kept),)

    def read(self, parts: Parts, revision: int) -> Mapping[str, Json]:
        profile: Mapping[str, Json] = orjson.loads(parts[0])
        return profile


@dataclass(frozen=True, slots=True)
class OfEvents:
    """Of each type those with since < time ≤ until."""

    truth: EventStore
    user: str
    since: Mapping[str, int | None]
    until: int

    @property
    def fields(self) -> Sequence[str]:
        return [f"event {type}" for type in self.since]

    async def ask(self) -> EventHistory:
        return await self.truth.fetch(self.user, self.since, FOREVER)

    def pack(self, kept: EventHistory) -> Parts:
        return [
            packb(
                (
                    start,
                    kept.known_since.get(type),
                    [(each.id, each.time, each.fields) for each in kept.events[type]],
                    [
                        (name, total.body, total.is_complete)
                        for name, total in kept.totals.items()
                        if place_of(name)[0] == type
                    ],
                )
            )
            for type, start in self.since.items()
        ]

    def read(self, parts: Parts, revision: int) -> EventHistory | None:
        events, known_since = {}, {}
        totals: dict[str, KeptTotal] = {}
        for (type, start), part in zip(self.since.items(), parts, strict=True):
            kept_since, known, kept, folded = unpackb(part)
            if not reaches(kept_since, start):
                return None
            events[type] = tuple(
                RecordedEvent(id, type, self.user, time, fields)
                for id, time, fields in kept
                if (start is None or time > start) and time <= self.until
            )
            if known is not None:
                known_since[type] = known
            totals |= {name: KeptTotal(body, is_complete) for name, body, is_complete in folded}
        return EventHistory(events, known_since, totals)


@dataclass(frozen=True, slots=True)
class OfUnjudged:
    truth: EventStore
    user: str
    fields = ("unjudged",)

    async def ask(self) -> frozenset[str]:
        return await self.truth.unjudged_of(self.user)

    def pack(self, kept: frozenset[str]) -> Parts:
        return (packb(sorted(kept)),)

    def read(self, parts: Parts, revision: int) -> frozenset[str]:
        return frozenset(unpackb(parts[0]))


@dataclass(frozen=True, slots=True)
class OfLists:
    truth: ListStore
    user: str
    names: Sequence[str]

    @property
    def fields(self) -> Sequence[str]:
        return [f"list {name}" for name in self.names]

    async def ask(self) -> Mapping[str, bool]:
        return await self.truth.holds(self.user, self.names)

    def pack(self, kept: Mapping[str, bool]) -> Parts:
        return [packb(kept.get(name)) for name in self.names]

    def read(self, parts: Parts, revision: int) -> Mapping[str, bool]:
        kept = zip(self.names, map(unpackb, parts), strict=True)
        return {name: holds for name, holds in kept if holds is not None}


@dataclass(frozen=True, slots=True)
class OfOpen:
    truth: TimerStore
    user: str
    fields = ("open",)

    async def ask(self) -> tuple[Occurrence, ...]:
        return await self.truth.open(self.user)

    def pack(self, kept: tuple[Occurrence, ...]) -> Parts:
        rows = [
            (
                *(each.plan, each.activity, each.event_id, each.id),
                *(each.version, each.decide, each.due, each.expires, each.wake),
            )
            for each in kept
        ]
        return (packb(rows),)

    def read(self, parts: Parts, revision: int) -> tuple[Occurrence, ...]:
        return tuple(Occurrence(self.user, *row) for row in unpackb(parts[0]))


@dataclass(frozen=True, slots=True)
class OfHistory:
    truth: ContactLedger
    user: str
    since: int | None
    fields = ("touches",)

    async def ask(self) -> ContactHistory:
        return await self.truth.history(self.user, self.since)

    def pack(self, kept: ContactHistory) -> Parts:
        return (touches.packed(touches.Kept(self.since, kept.standing)),)

    def read(self, parts: Parts, revision: int) -> ContactHistory | None:
        kept = touches.unpacked(parts[0])
        if not reaches(kept.since, self.since):
            return None
        if self.since is None:
            return ContactHistory(kept.standing, revision)
        later = (each for each in kept.standing if each.touch.time > self.since)
        return ContactHistory(tuple(later), revision)


def reaches(kept_since: int | None, since: int | None) -> bool:
    """Whether what was kept begins early enough."""
    return kept_since is None or (since is not None and since >= kept_since)
