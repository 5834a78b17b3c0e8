"""`std.holidays` against calendars that were worked out by rule: every day of three years, asked of both evaluators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from compiler import interpret
from compiler.checked import ir
from compiler.driver import compile_ruleset, program
from compiler.facts import Facts
from compiler.types import Answer
from dsl.source import Source
from tests.stdlib.calendars import AMONG_OTHERS, BY_RULE, YEARS, easter, fixed
from tests.stdlib.countries import COUNTRIES, REGIONAL

HERE = Path(__file__).parent
STDLIB = HERE.parents[1] / "stdlib"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = [
    date(YEARS[0], 1, 1) + timedelta(days=n)
    for n in range((date(YEARS[-1] + 1, 1, 1) - date(YEARS[0], 1, 1)).days)
]


@cache
def rules(module: str) -> ir.RuleSet:
    use = "std.holidays" if module == "holidays" else f"std.holidays.{module}"
    ruleset = compile_ruleset([Source("test.sua", f"use {use}\n")]).ruleset
    assert ruleset is not None
    return ruleset


def on(day: date) -> Facts:
    """Noon in UTC, the zone of these rules."""
    return Facts(
        (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
    )


@cache
def answers(module: str) -> Mapping[date, Mapping[str, Answer]]:
    """What all crowds of a module say, day by day."""
    fast = program(rules(module))
    return {day: fast.crowds(on(day)) for day in DAYS}


def holidays(crowd: str) -> set[date]:
    return {day for day, found in answers(crowd.split(".")[0]).items() if found[crowd] is True}


@pytest.mark.parametrize("crowd", BY_RULE)
def test_exactly_the_days_that_the_law_makes(crowd: str) -> None:
    assert holidays(crowd) == {day for year in YEARS for day in BY_RULE[crowd](year)}


@pytest.mark.parametrize("crowd", AMONG_OTHERS)
def test_the_days_that_never_move_are_among_them(crowd: str) -> None:
    assert {day for year in YEARS for day in fixed(year, *AMONG_OTHERS[crowd])} <= holidays(crowd)


def test_no_day_is_unknown_in_the_years_of_the_file() -> None:
    assert not [
        (module, day, name)
        for module in ("holidays", *REGIONAL)
        for day, found in answers(module).items()
        for name, answer in found.items()
        if answer is None
    ]


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2029, 1, 1), date(2040, 12, 25)])
def test_of_other_years_nothing_is_known(day: date) -> None:
    assert set(program(rules("holidays")).crowds(on(day)).values()) == {None}


def test_regions_have_the_days_of_their_country_except_where_they_replace_them() -> None:
    """Of the countries whose regions only add."""
    for module in (
        "germany",
        "switzerland",
        "france",
        "united_kingdom",
        "spain",
        "canada",
        "new_zealand",
        "brazil",
    ):
        for found, whole in zip(answers(module).values(), answers("holidays").values(), strict=True):
            if whole[f"holidays.{module}"]:
                assert all(found.values()), module


def test_the_reference_interpreter_agrees() -> None:
    """On the days around one holiday of each month, for all crowds of the world."""
    ruleset = rules("holidays")
    for day in DAYS[::11]:
        assert interpret.crowds(ruleset, on(day)) == answers("holidays")[day]


def test_there_is_a_crowd_for_each_country_and_no_more() -> None:
    assert set(rules("holidays").crowds) == {"holidays.covered", *(f"holidays.{name}" for name in COUNTRIES)}


def test_the_files_say_by_which_pinned_package_they_were_written() -> None:
    pins = (HERE / "requirements-holidays.txt").read_text(encoding="utf-8")
    pinned = next(line.split()[0] for line in pins.splitlines() if line.startswith("holidays=="))
    for path in (STDLIB / "holidays.sua", *(STDLIB / "holidays").glob("*.sua")):
        assert f"the package {pinned.replace('==', ' ')};" in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize(
    ("year", "sunday"), [(1818, "03-22"), (1943, "04-25"), (2000, "04-23"), (2019, "04-21"), (2026, "04-05")]
)
def test_easter(year: int, sunday: str) -> None:
    """Earliest, latest, and years that naive formulas get wrong."""
    assert easter(year) == date.fromisoformat(f"{year}-{sunday}")
