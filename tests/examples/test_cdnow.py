"""The rules over the CDNOW purchases: what was published about their buyers, and what can be counted by hand."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from cli.purchases import EXAMPLE, PUBLISHED, purchases
from compiler import interpret
from compiler.checked import ir
from compiler.driver import compile_ruleset, program
from compiler.facts import Facts
from compiler.facts_from_json import Reader
from dsl.source import Source

NEW_YORK = ZoneInfo("America/New_York")
END = datetime(1998, 6, 30, 12, tzinfo=NEW_YORK)
CALIBRATION_END = date(1997, 9, 30)
PUBLISHED_MEANS = {
    "repeats_0": 0.237,
    "repeats_1": 0.697,
    "repeats_2": 1.393,
    "repeats_3": 1.560,
    "repeats_4": 2.532,
    "repeats_5": 2.947,
    "repeats_6": 3.862,
    "repeats_7_plus": 6.359,
}
"""Mean purchase days after the calibration period, by repeats in it: the second table of the same walk-through."""
LATER = 'score later "Purchase days after the calibration period" { add distinct of purchase.day from 1997-10-01 to 1998-06-30 points }'


@cache
def rules() -> ir.RuleSet:
    text = (EXAMPLE / "rules.sua").read_text(encoding="utf-8")
    ruleset = compile_ruleset([Source("rules.sua", text), Source("later.sua", LATER)]).ruleset
    assert ruleset is not None
    return ruleset


@cache
def customers() -> dict[str, Facts]:
    """Everything known of each customer when the last purchase was made."""
    events = defaultdict(list)
    for event in purchases():
        time = datetime.fromtimestamp(event.event_time.seconds, UTC).isoformat()
        fields = json.loads(event.fields_json)
        events[event.user_id].append(
            {"event": "purchase", "event_id": event.event_id, "time": time, "fields": fields}
        )
    reader = Reader(rules())
    now = int(END.timestamp()) * 1_000_000
    return {
        user: reader.read_facts({"user": {"id": user}, "events": made}, now=now).value
        for user, made in events.items()
    }


@cache
def members() -> dict[str, frozenset[str]]:
    fast = program(rules())
    answers = {user: fast.crowds(facts) for user, facts in customers().items()}
    return {
        crowd: frozenset(user for user, found in answers.items() if found[crowd] is True)
        for crowd in rules().crowds
    }


@cache
def days() -> dict[str, set[date]]:
    """The purchase days of each customer, read from the file with nothing of ours."""
    found = defaultdict(set)
    for line in (EXAMPLE / "purchases.txt").read_text(encoding="ascii").splitlines():
        customer, _, day, _, _ = line.split()
        found[customer.lstrip("0")].add(datetime.strptime(day, "%Y%m%d").date())
    return dict(found)


def test_the_file_is_whole() -> None:
    assert len(purchases()) == 6919
    assert len(days()) == 2357


def test_event_ids_are_unique_and_the_same_each_time() -> None:
    ids = [event.event_id for event in purchases()]
    assert len(set(ids)) == len(ids)
    assert ids == [event.event_id for event in purchases()]


def test_purchases_come_at_noon_in_new_york_summer_and_winter() -> None:
    hours = {datetime.fromtimestamp(event.event_time.seconds, NEW_YORK).hour for event in purchases()}
    in_utc = {datetime.fromtimestamp(event.event_time.seconds, UTC).hour for event in purchases()}
    assert (hours, in_utc) == ({12}, {16, 17})


@pytest.mark.parametrize("crowd", PUBLISHED)
def test_repeat_purchase_days_are_as_published(crowd: str) -> None:
    assert len(members()[crowd]) == PUBLISHED[crowd]


@pytest.mark.parametrize("crowd", PUBLISHED)
def test_what_they_bought_later_is_as_published(crowd: str) -> None:
    fast = program(rules())
    later = [fast.score("later", customers()[user]) for user in members()[crowd]]
    assert sum(later) / len(later) == pytest.approx(PUBLISHED_MEANS[crowd], abs=0.0005)  # type: ignore[arg-type]


def test_the_crowds_are_who_the_dates_say() -> None:
    """Not just as many: the same customers."""
    for user, made in days().items():
        repeats = sum(day <= CALIBRATION_END for day in made) - 1
        crowd = f"repeats_{repeats}" if repeats < 7 else "repeats_7_plus"
        assert user in members()[crowd]


def ages(made: set[date]) -> set[timedelta]:
    """How long before the last of all purchases; elapsed time, so that a day in winter is an hour less away."""
    noons = {datetime(day.year, day.month, day.day, 12, tzinfo=NEW_YORK) for day in made}
    return {END.astimezone(UTC) - noon.astimezone(UTC) for noon in noons}


def members_by_date(fits: Callable[[set[timedelta]], bool]) -> set[str]:
    return {user for user, made in days().items() if fits(ages(made))}


def test_life_cycle_by_dates() -> None:
    month, quarter, half = timedelta(days=30), timedelta(days=90), timedelta(days=180)
    assert members()["life.lapsed"] == members_by_date(lambda age: min(age) >= half)
    assert members()["life.lapsing"] == members_by_date(lambda age: quarter <= min(age) < half)
    assert members()["life.won_back"] == members_by_date(
        lambda age: (
            min(age) < month and max(age) >= month + half and not any(month <= a < month + half for a in age)
        )
    )


def test_every_buyer_is_in_exactly_one_phase_of_the_life_cycle() -> None:
    phases = [members()[f"life.{phase}"] for phase in ("new", "active", "lapsing", "lapsed", "won_back")]
    assert sum(map(len, phases)) == len(frozenset().union(*phases)) == len(members()["life.buyer"]) == 2357


def test_the_reference_interpreter_agrees() -> None:
    """On every fortieth customer: all crowds, scores and the decision, reasons included."""
    fast = program(rules())
    for facts in list(customers().values())[::40]:
        assert interpret.crowds(rules(), facts) == fast.crowds(facts)
        assert interpret.decide(rules(), "best", facts) == fast.decide("best", facts)
        for score in rules().scores:
            assert interpret.score(rules(), score, facts) == fast.score(score, facts)
