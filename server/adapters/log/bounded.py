"""A queue between threads, bounded by items and bytes."""

from __future__ import annotations

from collections import deque
from threading import Condition
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Bounded(Generic[Item]):
    """Items in the order put. Those taken weigh until they are let go of.

    `most_items`, `most_bytes`: as long as neither is reached there is room; a single item of any size finds room.
    """

    def __init__(self, most_items: int, most_bytes: int) -> None:
        self._most_items = most_items
        self._most_bytes = most_bytes
        self._waiting: deque[tuple[Item, int]] = deque()
        self._waiting_bytes = 0
        self._items = 0
        self._bytes = 0
        self._wanted = False
        self._closed = False
        self._changed = Condition()

    def offer(self, item: Item, size: int) -> bool:
        """Put an item; False when there is no room, or it is closed. Nobody is woken for it: whoever takes looks by and by,
        and at once when there is no room."""
        with self._changed:
            if self._closed or self._full(size):
                self._want_room()
                return False
            self._waiting.append((item, size))
            self._waiting_bytes += size
            self._items += 1
            self._bytes += size
            return True

    def put(self, item: Item, size: int) -> bool:
        """Put an item as soon as there is room; False when it was closed meanwhile."""
        while not self.offer(item, size):
            with self._changed:
                self._changed.wait_for(lambda: self._closed or not self._full(size))
                if self._closed:
                    return False
        return True

    def take(self, most: int, most_bytes: int, seconds: float) -> list[tuple[Item, int]]:
        """The items that have come, with their sizes, not more than `most` and, but for a single one, `most_bytes`: after
        that many seconds, or as soon as there is no room for more, or it is closed."""
        with self._changed:
            enough = len(self._waiting) >= most or self._waiting_bytes >= most_bytes
            self._changed.wait_for(lambda: self._wanted or self._closed, 0 if enough else seconds)
            self._wanted = False
            taken: list[tuple[Item, int]] = []
            bytes = 0
            while (
                self._waiting
                and len(taken) < most
                and (not taken or bytes + self._waiting[0][1] <= most_bytes)
            ):
                taken.append(self._waiting.popleft())
                bytes += taken[-1][1]
            self._waiting_bytes -= bytes
            return taken

    def let_go(self, items: int, size: int) -> None:
        """Make room again for what was taken."""
        with self._changed:
            self._items -= items
            self._bytes -= size
            self._changed.notify_all()

    def close(self) -> None:
        """Let nothing more in; what waits can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def ended(self) -> bool:
        """Whether nothing waits and nothing more will come."""
        with self._changed:
            return self._closed and not self._waiting

    def _want_room(self) -> None:
        self._wanted = True
        self._changed.notify_all()

    def _full(self, size: int) -> bool:
        return self._items >= self._most_items or bool(self._items and self._bytes + size > self._most_bytes)
