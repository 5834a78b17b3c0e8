"""The claims of docs/reliability.md in full size: `python -m tests.reliability.full [claim …]`. Some minutes; prints a row each."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.reliability import claims

CLAIMS: Mapping[str, Callable[[Path], Coroutine[Any, Any, None]]] = {
    "cap": lambda folder: claims.cap_is_exact(folder, claims.decide, "pings", 1000, callers=32, processes=1),
    "cap-4": lambda folder: claims.cap_is_exact(
        folder, claims.decide, "pings", 1000, callers=32, processes=4
    ),
    "reserve": lambda folder: claims.cap_is_exact(
        folder, claims.reserve, "ping", 1000, callers=32, processes=1
    ),
    "reserve-4": lambda folder: claims.cap_is_exact(
        folder, claims.reserve, "ping", 1000, callers=32, processes=4
    ),
    "budget": lambda folder: claims.budget_is_exact(folder, "offer", budget=500, processes=4),
    "failures": lambda folder: claims.failures_give_back_once(folder, "offer", 500, failing=100, processes=4),
    "led": lambda folder: claims.kills_lead_nobody_astray(folder, users=3000, at_once=8, kills=20, seed=0),
    "crashes": lambda folder: claims.crashes_leak_nothing(folder, times=100),
    "cancels": lambda folder: claims.cancellations_mix_nothing_up(folder, calls=100_000, at_once=50, seed=0),
    "kills": lambda folder: claims.kills_lose_nothing(folder, events=10_000, kills=20, seed=0),
}


def main(names: list[str]) -> int:
    failed = 0
    for name in names or CLAIMS:
        start = time.monotonic()
        with TemporaryDirectory() as folder:
            try:
                asyncio.run(CLAIMS[name](Path(folder)))
                outcome = "holds"
            except AssertionError as error:
                outcome, failed = f"FAILED: {error}", failed + 1
        print(f"{name}: {outcome}, {time.monotonic() - start:.0f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
