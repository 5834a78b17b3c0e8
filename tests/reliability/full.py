"""The claims of docs/reliability.md in full size: `python -m tests.reliability.full STORE [claim …]`, where STORE is sqlite or
mariadb. Some minutes; prints a row each."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.reliability import claims
from tests.reliability.places import Place, mariadb_in, sqlite_in

CLAIMS: Mapping[str, Callable[[Place], Coroutine[Any, Any, None]]] = {
    "cap": lambda place: claims.cap_is_exact(place, claims.decide, "pings", 1000, callers=32, processes=1),
    "cap-4": lambda place: claims.cap_is_exact(place, claims.decide, "pings", 1000, callers=32, processes=4),
    "reserve": lambda place: claims.cap_is_exact(
        place, claims.reserve, "ping", 1000, callers=32, processes=1
    ),
    "reserve-4": lambda place: claims.cap_is_exact(
        place, claims.reserve, "ping", 1000, callers=32, processes=4
    ),
    "budget": lambda place: claims.budget_is_exact(place, "offer", budget=500, processes=4),
    "failures": lambda place: claims.failures_give_back_once(place, "offer", 500, failing=100, processes=4),
    "led": lambda place: claims.kills_lead_nobody_astray(place, users=3000, at_once=8, kills=20, seed=0),
    "crashes": lambda place: claims.crashes_leak_nothing(place, times=100),
    "cancels": lambda place: claims.cancellations_mix_nothing_up(place, calls=100_000, at_once=50, seed=0),
    "kills": lambda place: claims.kills_lose_nothing(place, events=10_000, kills=20, seed=0),
    "led-faults": lambda place: claims.kills_lead_nobody_astray(
        place.failing(0.05, seed=0), users=3000, at_once=8, kills=0, seed=0
    ),
    "faults": lambda place: claims.kills_lose_nothing(
        place.failing(0.05, seed=0), events=10_000, kills=0, seed=0
    ),
}


PLACES: Mapping[str, Callable[[Path], AbstractContextManager[Place]]] = {
    "sqlite": sqlite_in,
    "mariadb": mariadb_in,
}


def main(store: str, names: list[str]) -> int:
    failed = 0
    for name in names or CLAIMS:
        start = time.monotonic()
        with TemporaryDirectory() as folder, PLACES[store](Path(folder)) as place:
            try:
                asyncio.run(CLAIMS[name](place))
                outcome = "holds"
            except AssertionError as error:
                outcome, failed = f"FAILED: {error}", failed + 1
        print(f"{name} on {store}: {outcome}, {time.monotonic() - start:.0f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
