"""Local time equals the second source: every zone at one of its transitions here, at all in `full.py`."""

from __future__ import annotations

from random import Random

import pytest

from compiler import calendar
from tests.calendar.agreement import Comparison, compare_around
from tests.calendar.second_source import DAY, EPOCH, FROM, UNTIL, Clock, distinct_zones, zone_names

NOTORIOUS = {
    "Africa/Casablanca": "2019-05-05",  # clocks back for Ramadan, in spring
    "Africa/Monrovia": "1972-01-07",  # from an offset of -0:44:30
    "America/Havana": "2012-11-04",  # 01:00 becomes 00:00: the fold begins with midnight
    "America/Sao_Paulo": "2018-11-04",  # the gap begins with midnight
    "America/St_Johns": "2006-10-29",  # 00:01 becomes 23:01 of the day before
    "Antarctica/Troll": "2026-03-29",  # by two hours
    "Asia/Beirut": "2022-10-30",  # 24:00 becomes 23:00
    "Asia/Pyongyang": "2018-05-04",  # by half an hour, from 23:30 to midnight
    "Australia/Lord_Howe": "2026-04-04",  # by half an hour
    "Europe/Dublin": "2026-10-25",  # the season is winter's
    "Pacific/Apia": "2011-12-30",  # a whole day left out
    "Pacific/Kwajalein": "1993-08-21",  # likewise
}


def instant(iso_date: str) -> int:
    return (EPOCH.fromisoformat(iso_date) - EPOCH).days * DAY


def differences_around(zone: str, clock: Clock, transition: int) -> list[str]:
    result = Comparison()
    compare_around(zone, clock, transition, result)
    return result.differences


def test_second_source_reads_the_rules_after_the_last_listed_transition() -> None:
    changes = Clock("America/New_York").changes(instant("2037-01-01"), UNTIL, DAY)
    assert changes == [instant("2037-03-08") + DAY * 7 // 24, instant("2037-11-01") + DAY * 6 // 24]


@pytest.mark.parametrize("zone", distinct_zones())
def test_a_transition_of_every_zone(zone: str) -> None:
    clock = Clock(zone)
    transitions = clock.changes(FROM, UNTIL, 20 * DAY) or [0]  # a zone that never changes: any instant
    assert differences_around(zone, clock, Random(zone).choice(transitions)) == []


@pytest.mark.parametrize(("zone", "day"), NOTORIOUS.items())
def test_a_notorious_transition(zone: str, day: str) -> None:
    clock = Clock(zone)
    transitions = clock.changes(instant(day) - DAY, instant(day) + 2 * DAY, DAY)
    assert len(transitions) == 1
    assert differences_around(zone, clock, transitions[0]) == []


def test_every_name_is_known_and_reads_alike() -> None:
    for zone in zone_names():
        clock, random = Clock(zone), Random(zone)
        assert calendar.known_zone(zone)
        for at in (random.randrange(FROM, UNTIL) for _ in range(200)):
            assert calendar.utc_offset(zone, at) == clock.offset(at), (zone, at)
