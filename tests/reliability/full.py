"""The claims of docs/reliability.md in full size: `python -m tests.reliability.full STORE [claim …]`, where STORE is sqlite, mariadb, or
all: MariaDB, Redis and RabbitMQ. Some minutes; prints a row each."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from tests.reliability import channels, claims, freezing, racing
from tests.reliability.places import Place, all_in, mariadb_in, sqlite_in

Claims: TypeAlias = Mapping[str, Callable[[Place], Coroutine[Any, Any, str | None]]]
CLAIMS: Claims = {
    "cap": lambda place: claims.cap_is_exact(place, claims.decide, "pings", 1000, callers=32, processes=1),
    "cap-4": lambda place: claims.cap_is_exact(place, claims.decide, "pings", 1000, callers=32, processes=4),
    "reserve": lambda place: claims.cap_is_exact(
        place, claims.reserve, "ping", 1000, callers=32, processes=1
    ),
    "reserve-4": lambda place: claims.cap_is_exact(
        place, claims.reserve, "ping", 1000, callers=32, processes=4
    ),
    "budget": lambda place: claims.budget_is_exact(place, "offer", budget=500, processes=4),
    "refusals": lambda place: claims.refusals_keep_nothing(
        place, refusals=100_000, callers=32, processes=4, seed=0
    ),
    "failures": lambda place: claims.failures_give_back_once(place, "offer", 500, failing=100, processes=4),
    "led": lambda place: claims.kills_lead_nobody_astray(place, users=3000, at_once=8, kills=20, seed=0),
    "crashes": lambda place: claims.crashes_leak_nothing(place, times=100),
    "cancels": lambda place: claims.cancellations_mix_nothing_up(place, calls=100_000, at_once=50, seed=0),
    "kills": lambda place: claims.kills_lose_nothing(place, events=10_000, kills=20, seed=0),
    "races": lambda place: racing.cancelled_is_not_sent(place, orders=100_000, nodes=2, at_once=8, seed=0),
    "frozen": lambda place: freezing.frozen_send_once(place, contacts=200, workers=8, seed=0),
    "led-faults": lambda place: claims.kills_lead_nobody_astray(
        place.failing(0.05, seed=0), users=3000, at_once=8, kills=0, seed=0
    ),
    "faults": lambda place: claims.kills_lose_nothing(
        place.failing(0.05, seed=0), events=10_000, kills=0, seed=0
    ),
}

SENDING = partial(channels.kills_send_once, name="suasion", events=10_000, kills=20, seed=0)
ON_ALL: Claims = {
    "sends": partial(SENDING, deduplicates=False),
    "sends-once": partial(SENDING, deduplicates=True),
    "refusals": CLAIMS["refusals"],
    "led": CLAIMS["led"],
    "kills": CLAIMS["kills"],
}

PLACES: Mapping[str, Callable[[Path], AbstractContextManager[Place]]] = {
    "sqlite": sqlite_in,
    "mariadb": mariadb_in,
    "all": all_in,
}


def main(store: str, names: list[str]) -> int:
    failed = 0
    known = ON_ALL if store == "all" else CLAIMS
    for name in names or known:
        start = time.monotonic()
        with TemporaryDirectory() as folder, PLACES[store](Path(folder)) as place:
            try:
                outcome = f"holds; {asyncio.run(known[name](place)) or 'exact'}"
            except AssertionError as error:
                outcome, failed = f"FAILED: {error}", failed + 1
        print(f"{name} on {store}: {outcome}, {time.monotonic() - start:.0f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
