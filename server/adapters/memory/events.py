"""What users did, in the memory of this process."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from server.adapters.memory.book import Book
from server.ports import EventHistory, RecordedEvent, Recording


def by_time(event: RecordedEvent) -> tuple[int, str]:
    return event.time, event.id


def time_of(event: RecordedEvent) -> int:
    return event.time


class MemoryEventStore:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._by_id: dict[str, RecordedEvent] = {}
        self._of: defaultdict[str, dict[str, list[RecordedEvent]]] = defaultdict(dict)
        """By user and type, in order."""
        self._latest: int | None = None
        self._horizons: dict[str, int] = {}

    async def append(
        self, events: Sequence[RecordedEvent], to_judge: Collection[str] = ()
    ) -> list[Recording]:
        return [self._append(event, event.type in to_judge) for event in events]

    def _append(self, event: RecordedEvent, to_judge: bool) -> Recording:
        if stored := self._by_id.get(event.id):
            return Recording.DUPLICATE if stored == event else Recording.CONFLICT
        self._by_id[event.id] = event
        insort(self._of[event.user].setdefault(event.type, []), event, key=by_time)
        self._latest = event.time if self._latest is None else max(self._latest, event.time)
        self._book.raised([event.user])
        if to_judge:
            self._book.judge_later(event)
        return Recording.RECORDED

    async def fetch(self, user: str, since: Mapping[str, int | None], until: int) -> EventHistory:
        events = {type: self._between(user, type, start, until) for type, start in since.items()}
        return EventHistory(events, {type: self._horizons[type] for type in since if type in self._horizons})

    def _between(self, user: str, type: str, since: int | None, until: int) -> tuple[RecordedEvent, ...]:
        events = self._of.get(user, {}).get(type, [])
        start = 0 if since is None else bisect_right(events, since, key=time_of)
        return tuple(events[start : bisect_right(events, until, key=time_of)])

    async def find(self, id: str) -> RecordedEvent | None:
        return self._by_id.get(id)

    async def erase(self, user: str) -> int:
        events = [event for of_type in self._of.pop(user, {}).values() for event in of_type]
        for event in events:
            del self._by_id[event.id]
            self._book.judged(event.id)
        return len(events)

    async def types(self) -> frozenset[str]:
        return frozenset(event.type for event in self._by_id.values())

    async def prune(self, before: Mapping[str, int], most: int) -> int:
        unjudged = self._book.unjudged
        old = [
            event
            for event in self._by_id.values()
            if event.id not in unjudged and event.time < before.get(event.type, event.time)
        ]
        for event in old[:most]:
            del self._by_id[event.id]
            self._of[event.user][event.type].remove(event)
            self._horizons[event.type] = max(before[event.type], self._horizons.get(event.type, event.time))
        return len(old[:most])

    async def horizons(self) -> Mapping[str, int]:
        return dict(self._horizons)

    async def set_horizon(self, type: str, known_since: int | None) -> None:
        if known_since is None:
            self._horizons.pop(type, None)
        else:
            self._horizons[type] = known_since

    async def unjudged(self, until: int, most: int) -> Sequence[RecordedEvent]:
        return [self._book.unjudged[id] for id in self._book.judging.up_to(until, most)]

    async def unjudged_of(self, user: str) -> frozenset[str]:
        return frozenset(self._book.unjudged_of.get(user, ()))

    async def next_unjudged(self) -> int | None:
        return self._book.judging.first()

    async def latest(self) -> int | None:
        return self._latest
