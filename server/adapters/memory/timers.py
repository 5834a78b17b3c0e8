"""Open occurrences, and what was decided of them, in the memory of this process."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import replace
from operator import attrgetter

from server.adapters.memory.book import Book
from server.ports import Occurrence, Published


class MemoryTimerStore:
    def __init__(self, book: Book) -> None:
        self._book = book

    async def open(self, user: str) -> tuple[Occurrence, ...]:
        return tuple(sorted(self._book.open.get(user, {}).values(), key=attrgetter("due", "event_id")))

    async def claim(self, now: int, until: int, most: int) -> Sequence[Occurrence]:
        waiting = self._book.wakes.up_to(now, most)
        for user, key in waiting:
            self._book.wake(user, key, until)
        return [self._book.open[user][key] for user, key in waiting]

    async def next_wake(self) -> int | None:
        return self._book.wakes.first()

    async def counts(self) -> dict[tuple[str, str], int]:
        counts: dict[tuple[str, str], int] = {}
        for occurrence in self._all():
            key = occurrence.version, occurrence.plan
            counts[key] = counts.get(key, 0) + 1
        return counts

    async def repin(self, version: str, to: str | None) -> int:
        moved = [each for each in self._all() if each.version == version]
        for each in moved:
            if to is None:
                self._book.end(each.user, each.key)
            else:
                self._book.open[each.user][each.key] = replace(each, version=to)
        self._book.raised(each.user for each in moved)
        return len(moved)

    def _all(self) -> list[Occurrence]:
        return [each for of_user in self._book.open.values() for each in of_user.values()]


class MemoryOutbox:
    def __init__(self, book: Book) -> None:
        self._book = book

    async def read(self, after: int, most: int) -> Sequence[Published]:
        first = bisect_right(self._book.published, after, key=attrgetter("id"))
        return self._book.published[first : first + most]

    async def claim(self, now: int, until: int, most: int) -> Sequence[Published]:
        claimed: list[Published] = []
        waiting: set[str] = set()
        for each in self._book.published:
            at = self._book.to_relay.get(each.id)
            if at is None:
                continue
            if at > now or each.user in waiting or len(claimed) == most:
                waiting.add(each.user)
            else:
                claimed.append(each)
                self._book.to_relay[each.id] = until
        return claimed

    async def relayed(self, ids: Collection[int]) -> None:
        for id in ids:
            self._book.to_relay.pop(id, None)

    async def last(self) -> int:
        return self._book.published[-1].id if self._book.published else 0

    async def prune(self, before: int) -> int:
        return self._book.keep_published(lambda each: each.time >= before)
