"""What is due when, in the memory of this process."""

from __future__ import annotations

from collections.abc import Hashable
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


class Queue(Generic[Item]):
    """Items with the instant at which each is due. What was put anew or taken out is dropped when it comes up."""

    def __init__(self) -> None:
        self._due: dict[Item, int] = {}
        self._heap: list[tuple[int, int, Item]] = []
        self._order = count()

    def put(self, item: Item, due: int | None) -> None:
        """Let an item be due at another instant; None takes it out."""
        if due is None:
            self._due.pop(item, None)
        elif self._due.get(item) != due:
            self._due[item] = due
            heappush(self._heap, (due, next(self._order), item))

    def first(self) -> int | None:
        """When the earliest is due."""
        while self._heap and self._due.get(self._heap[0][2]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def up_to(self, now: int, most: int) -> list[Item]:
        """Those due by now, the earliest first. They stay until they are put anew."""
        found: list[tuple[int, int, Item]] = []
        while len(found) < most and (due := self.first()) is not None and due <= now:
            found.append(heappop(self._heap))
        for entry in found:
            heappush(self._heap, entry)
        return [item for _, _, item in found]
