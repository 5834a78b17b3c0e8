"""What users did, in the memory of this process."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from server.adapters.memory.book import Book
from server.adapters.memory.totals import Totals
from server.ports import NO_FOLDS, EventHistory, Folds, RecordedEvent, Recording


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
        self._totals = Totals()
        self._latest: int | None = None
        self._horizons: dict[str, int] = {}

    async def append(
        self,
        events: Sequence[RecordedEvent],
        to_judge: Collection[str] = (),
        again: Folds | None = None,
    ) -> list[Recording]:
        return [self._append(event, event.type in to_judge, again) for event in events]

    def _append(self, event: RecordedEvent, to_judge: bool, again: Folds | None) -> Recording:
        stored = self._by_id.get(event.id)
        known = self._totals.dropped(event) if stored is None else stored == event
        if known is not None and (again is None or stored or not known):
            return Recording.DUPLICATE if known else Recording.CONFLICT
        if known and again is not None:
            self._totals.take_out(event, again.get(event.type, {}))
        self._by_id[event.id] = event
        insort(self._of[event.user].setdefault(event.type, []), event, key=by_time)
        self._latest = event.time if self._latest is None else max(self._latest, event.time)
        self._book.raised([event.user])
        if to_judge:
            self._book.judge_later(event)
        return Recording.RECORDED

    async def fetch(self, user: str, since: Mapping[str, int | None], until: int) -> EventHistory:
        events = {type: self._between(user, type, start, until) for type, start in since.items()}
        horizons = {type: self._horizons[type] for type in since if type in self._horizons}
        return EventHistory(events, horizons, self._totals.of(user, since))

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
        return len(events) + self._totals.erase(user)

    async def types(self) -> frozenset[str]:
        return frozenset(event.type for event in self._by_id.values())

    async def prune(self, before: Mapping[str, int], most: int, folds: Folds = NO_FOLDS) -> int:
        unjudged = self._book.unjudged
        old = [
            event
            for event in self._by_id.values()
            if event.id not in unjudged and event.time < before.get(event.type, event.time)
        ][:most]
        for type in {event.type for event in old}:
            dropped = [event for event in old if event.type == type]
            is_complete = type not in self._horizons
            self._totals.fold(type, dropped, folds.get(type, {}), is_complete=is_complete)
            self._horizons[type] = max(before[type], self._horizons.get(type, before[type]))
        for event in old:
            del self._by_id[event.id]
            self._of[event.user][event.type].remove(event)
        return len(old)

    async def horizons(self) -> Mapping[str, int]:
        return dict(self._horizons)

    async def set_horizon(self, type: str, known_since: int | None) -> None:
        before = self._horizons.get(type)
        if known_since is None or before is None or known_since > before:
            self._totals.set_complete(type, known_since is None)
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
