"""Stores that are not waited for beyond measure, and left alone while they are down. Any port can be wrapped: its methods are
looked up by name, and all are awaited (ADR 14)."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from server.ports import Stores, StoreUnavailable
from server.ports.deadline import remaining
from server.usecases.at_once import Done, begin

READ_SECONDS = 5.0
"""A question that has not been answered by then is not, unless the caller says otherwise."""
SHARE = 0.75
"""Of the time that the caller of the service still waits; the rest is for an answer without the store."""
PAUSES = (0.02, 0.1)
"""Seconds at most between tries at a question; drawn anew each time, so that not all come back at once."""
FAILURES = 5
"""So many in a row, and a dependency is down."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 2.0
"""Seconds for which it is let alone then, twice as many each time."""
# fmt: off
READS = frozenset((
    "acts", "answered", "contacts", "counts", "fetch", "find", "get", "history", "holds", "horizons", "last", "last_release",
    "completing", "latest", "newest", "next_lapse", "next_unjudged", "next_wake", "of_occurrence", "open", "read", "releases", "types",
    "uncertain", "unjudged", "unjudged_of", "used", "versions",
))
# fmt: on
"""Methods that change nothing, and so may be asked again."""
UNGUARDED = frozenset(("last_good", "purge", "close"))
log = logging.getLogger("suasion.stores")


class Late(StoreUnavailable):
    """There was no answer in time; there is none left to ask again."""


class Breaker:
    """Lets nobody ask a dependency that is down, but one now and then; once that one is answered, everybody (Nygard,
    Release It!, 2007)."""

    def __init__(self, name: str, now: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._now = now
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= FAILURES

    def admit(self) -> None:
        """Raises StoreUnavailable."""
        if not self.is_open:
            return
        if self._now() < self._until:
            raise StoreUnavailable(f"{self._name}: not asked, as it did not answer before")
        self._rest()

    def failed(self) -> None:
        self._failures += 1
        if self._failures == FAILURES:
            self._rest()
            log.warning({"event": "store_down", "store": self._name})

    def answered(self) -> None:
        if self.is_open:
            log.warning({"event": "store_back", "store": self._name})
        self._failures, self._pause = 0, FIRST_PAUSE

    def _rest(self) -> None:
        self._until = self._now() + self._pause * random.uniform(0.5, 1.0)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)


def guarded(stores: Stores, dependency: str, seconds: float) -> Stores:
    """The same stores, which all rest on one dependency. `seconds`: for which an answer to a question is waited for at most."""
    breaker = Breaker(dependency)
    ports = [name for name in Stores.__slots__ if name not in UNGUARDED]
    wrapped: Any = {name: Guarded(getattr(stores, name), dependency, breaker, seconds) for name in ports}
    return replace(stores, **wrapped)


class Guarded:
    """A store whose questions are limited in time and asked again, and which is not asked while its dependency is down.

    What changes something is tried once, and waited for as long as its caller does: nobody knows what has become of it before.
    """

    def __init__(self, store: Any, dependency: str, breaker: Breaker, seconds: float) -> None:
        self._store = store
        self._dependency = dependency
        self._breaker = breaker
        self._seconds = seconds

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        """Asked for once a method; it is an attribute from then on."""
        work = getattr(self._store, method)
        call = partial(self._read if method in READS else self._try, work)
        setattr(self, method, call)
        return call

    async def _read(self, work: Callable[..., Any], *words: Any, **named: Any) -> Any:
        for pause in PAUSES:
            try:
                return await self._try(self._limited, work, *words, **named)
            except StoreUnavailable as error:
                if self._breaker.is_open or isinstance(error, Late):
                    raise
            await asyncio.sleep(random.uniform(0, pause))
        return await self._try(self._limited, work, *words, **named)

    async def _limited(self, work: Callable[..., Any], *words: Any, **named: Any) -> Any:
        """Works may be begun by one task and ended by another (`at_once`), so that it is what they wait for that is given up."""
        begun = begin(work(*words, **named))
        if isinstance(begun, Done):
            return begun.outcome()
        left = remaining.get()()
        seconds = self._seconds if left is None else min(self._seconds, SHARE * left)
        timer = asyncio.get_running_loop().call_later(seconds, begun.future.cancel)
        try:
            return await begun
        except asyncio.CancelledError:
            if asyncio.get_running_loop().time() < timer.when():
                raise
            raise Late(f"{self._dependency}: no answer in time") from None
        finally:
            timer.cancel()

    async def _try(self, work: Callable[..., Any], *words: Any, **named: Any) -> Any:
        self._breaker.admit()
        try:
            answer = await work(*words, **named)
        except StoreUnavailable:
            self._breaker.failed()
            raise
        except Exception:  # it does answer
            self._breaker.answered()
            raise
        self._breaker.answered()
        return answer
