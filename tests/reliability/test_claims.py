"""What must hold, whatever dies, in sizes that take seconds; `python -m tests.reliability.full` takes the whole."""

from __future__ import annotations

import asyncio

from tests.reliability import claims
from tests.reliability.places import Place


def test_a_cap_is_granted_to_the_last_and_not_beyond(place: Place) -> None:
    asyncio.run(claims.cap_is_exact(place, claims.decide, "fews", cap=40, callers=32, processes=2))


def test_a_cap_is_reserved_to_the_last_and_not_beyond(place: Place) -> None:
    asyncio.run(claims.cap_is_exact(place, claims.reserve, "few", cap=40, callers=32, processes=2))


def test_a_budget_is_spent_over_processes_to_the_last_and_not_beyond(place: Place) -> None:
    asyncio.run(claims.budget_is_exact(place, "scarcity", budget=20, processes=2))


def test_refusals_by_limits_and_budget_keep_nothing(place: Place) -> None:
    asyncio.run(claims.refusals_keep_nothing(place, refusals=400, callers=16, processes=2, seed=1))


def test_what_fails_is_given_back_once(place: Place) -> None:
    asyncio.run(claims.failures_give_back_once(place, "scarcity", budget=20, failing=5, processes=2))


def test_kills_lead_no_contact_astray(place: Place) -> None:
    asyncio.run(claims.kills_lead_nobody_astray(place, users=150, at_once=8, kills=2, seed=1))


def test_a_crash_before_or_behind_a_dispatch_leaks_nothing(place: Place) -> None:
    asyncio.run(claims.crashes_leak_nothing(place, times=2))


def test_kills_lose_no_event_and_decide_nothing_twice(place: Place) -> None:
    asyncio.run(claims.kills_lose_nothing(place, events=400, kills=3, seed=1))


def test_calls_of_stores_that_fail_lead_no_contact_astray(place: Place) -> None:
    failing = place.failing(0.05, seed=1)
    asyncio.run(claims.kills_lead_nobody_astray(failing, users=60, at_once=8, kills=0, seed=1))


def test_calls_of_stores_that_fail_lose_no_event_and_decide_nothing_twice(place: Place) -> None:
    asyncio.run(claims.kills_lose_nothing(place.failing(0.02, seed=1), events=100, kills=0, seed=1))


def test_cancelled_calls_mix_no_answers_up(place: Place) -> None:
    asyncio.run(claims.cancellations_mix_nothing_up(place, calls=2000, at_once=20, seed=1))
