"""Stores that fail at random, and a server on them: `python -m tests.faults RATE SEED serve …` serves as `suasion serve …` does.

A call fails before it does anything, fails late, or does what it should and says that it did not, each at the same rate.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from server.ports import Stores, StoreUnavailable
from server.proxies.guarding import UNGUARDED

LATE_SECONDS = 0.02
Work = Callable[[], Awaitable[Any]]


async def error(work: Work) -> Any:
    raise StoreUnavailable("faults: an error")


async def late(work: Work) -> Any:
    await asyncio.sleep(LATE_SECONDS)
    raise StoreUnavailable("faults: no answer in time")


async def done_but_told_late(work: Work) -> Any:
    await work()
    raise StoreUnavailable("faults: done, and no answer in time")


KINDS = (error, late, done_but_told_late)
BEGIN = frozenset(("append", "commit"))
"""No call fails before the first of these: a server that cannot start is another matter."""


class Dice:
    """Which calls fail, and how. `thrown` counts those that did, by kind."""

    def __init__(self, rate: float, seed: int) -> None:
        """`rate`: of each kind."""
        self._rate = rate
        self._random = random.Random(seed)
        self._begun = False
        self.thrown = dict.fromkeys(KINDS, 0)

    def throw(self, method: str) -> Callable[[Work], Awaitable[Any]] | None:
        self._begun = self._begun or method in BEGIN
        place = int(self._random.random() / self._rate) if self._begun else len(KINDS)
        if place >= len(KINDS):
            return None
        self.thrown[KINDS[place]] += 1
        return KINDS[place]


class Faulty:
    """A store whose calls fail at random."""

    def __init__(self, store: Any, dice: Dice) -> None:
        self._store = store
        self._dice = dice

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        asked = getattr(self._store, method)

        async def call(*words: Any, **named: Any) -> Any:
            fault = self._dice.throw(method)
            return await (asked(*words, **named) if fault is None else fault(lambda: asked(*words, **named)))

        setattr(self, method, call)
        return call


def faulty(stores: Stores, dice: Dice) -> Stores:
    ports = [name for name in Stores.__slots__ if name not in UNGUARDED]
    wrapped: Any = {name: Faulty(getattr(stores, name), dice) for name in ports}
    return replace(stores, **wrapped)


def main() -> None:
    from cli import main as command
    from cli import stores

    _, rate, seed, *sys.argv[1:] = sys.argv
    opened, dice = stores.opened, Dice(float(rate), int(seed))
    stores.opened = lambda *words, **named: faulty(opened(*words, **named), dice)
    command.main()


if __name__ == "__main__":
    main()
