"""How the service is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from dsl.frozen import dataclass
from server.ports import Clock, Part, Stores, StoreUnavailable

PROBE_SECONDS = 2.0
"""A store that has not answered by then does not."""
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Serves:
    """A version that serves its part of the users since an instant, or decides beside for nobody."""

    version: str
    epoch: int
    since: int
    part: Part


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """Why a version could not be loaded; `version` is None where its rules do not compile."""

    version: str | None
    time: int
    message: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is read when somebody asks, from whatever thread; None is not told. `unit` as OpenTelemetry writes it."""

    name: str
    unit: str
    read: Callable[[], float | None]


@dataclass(frozen=True, slots=True)
class Probed:
    """How a store answered: None, or the kind of failure; `latency` in microseconds."""

    name: str
    problem: str | None
    latency: int


@dataclass(frozen=True, slots=True)
class Reported:
    """All of it, at one moment. Instants and `timers_lag` in microseconds; `last_published` is an id of the outbox."""

    ready: bool
    serves: Sequence[Serves]
    shadow: Serves | None
    failure: LoadFailure | None
    stores: Sequence[Probed]
    timers_lag: int
    last_published: int
    clock: str
    now: int
    started: int
    figures: Mapping[Figure, float]


@dataclass(frozen=True, slots=True)
class Watched:
    """Where the parts of the service are asked how they are."""

    clock: str
    ready: Callable[[], bool]
    serves: Callable[[], Sequence[Serves]]
    shadow: Callable[[], Serves | None]
    failure: Callable[[], LoadFailure | None]
    figures: Sequence[Figure]


class Status:
    """Asks all parts and every store, each in a way that costs it little."""

    def __init__(self, stores: Stores, clock: Clock, watched: Watched) -> None:
        self._stores = stores
        self._clock = clock
        self._watched = watched
        self._started = microseconds()

    async def __call__(self) -> Reported:
        """Raises nothing: what does not answer is part of the answer."""
        watched, stores = self._watched, self._stores
        probed = await asyncio.gather(*(probe(name, ask(stores)) for name, ask in PROBES.items()))
        told = {each.name: answer for each, answer in probed}
        wake = told["timers"]
        now = self._clock.now()
        read = {figure: figure.read() for figure in watched.figures}
        return Reported(
            ready=watched.ready(),
            serves=watched.serves(),
            shadow=watched.shadow(),
            failure=watched.failure(),
            stores=[each for each, _ in probed],
            timers_lag=0 if wake is None else max(0, now - wake),
            last_published=told["outbox"] or 0,
            clock=watched.clock,
            now=now,
            started=self._started,
            figures={figure: value for figure, value in read.items() if value is not None},
        )


PROBES: Mapping[str, Callable[[Stores], Awaitable[Any]]] = {
    "rules": lambda stores: stores.rules.newest(),
    "profiles": lambda stores: stores.profiles.fetch(NOBODY),
    "events": lambda stores: stores.events.next_unjudged(),
    "lists": lambda stores: stores.lists.holds(NOBODY, (NOBODY,)),
    "contacts": lambda stores: stores.contacts.next_lapse(),
    "timers": lambda stores: stores.timers.next_wake(),
    "outbox": lambda stores: stores.outbox.last(),
}


async def probe(name: str, asked: Awaitable[Any]) -> tuple[Probed, Any]:
    """How a store answered, and what."""
    start, problem, answer = microseconds(), None, None
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            answer = await asked
    except StoreUnavailable as error:
        problem = str(error)
    except TimeoutError:
        problem = f"no answer within {PROBE_SECONDS:g} seconds"
    return Probed(name, problem, microseconds() - start), answer


def microseconds() -> int:
    """Of the system's clock: it is the process that is looked at here, no decision."""
    return time.time_ns() // 1000
