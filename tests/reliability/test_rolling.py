"""Restarts lose no call, in sizes that take seconds; `python -m tests.reliability.rolling` takes the whole."""

from __future__ import annotations

import asyncio

from tests.reliability.places import Place
from tests.reliability.rolling import no_call_is_lost


def test_a_rolling_restart_loses_no_call(place: Place) -> None:
    asyncio.run(no_call_is_lost(place, workers=2, rate=100, restarts=2))


def test_a_worker_that_is_killed_loses_no_call(place: Place) -> None:
    asyncio.run(no_call_is_lost(place, workers=2, rate=100, kills=2))
