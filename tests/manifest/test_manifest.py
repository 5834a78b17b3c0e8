"""What each construct makes an entry point ask for."""

from __future__ import annotations

import pytest

from compiler.checked.ir import RuleSet
from compiler.driver import compile_ruleset
from compiler.facts import Event, Facts, Touch
from compiler.manifest import (
    EntryPoint,
    OfChannel,
    OfContact,
    OfCrowds,
    OfDecide,
    OfPlan,
    OfSend,
    Reach,
    manifest,
)
from compiler.types import UNAVAILABLE
from dsl.source import Source

DECLARATIONS = """
profile user { id: text key  zone: timezone optional  country: text optional  email_ok: flag optional }
input { page: text optional }
event view { page: text  seconds: int }
event order { coupon: text  total: money EUR }
event refund { coupon: text }
list staff
"""
HOURS = 3_600_000_000
EVER: dict[str, str] = {}


def compiled(text: str) -> RuleSet:
    result = compile_ruleset([Source("rules.sua", DECLARATIONS + text)])
    assert result.ruleset is not None, result.diagnostics
    return result.ruleset


def asked(text: str, entry: EntryPoint = OfCrowds()) -> dict[str, object]:  # noqa: B008
    """The manifest as JSON, without what it does not ask for."""
    return {
        part: needs
        for part, needs in manifest(compiled(text), entry).as_json().items()
        if needs not in ([], {}, None, False)
    }


def events(text: str, entry: EntryPoint = OfCrowds()) -> object:  # noqa: B008
    return asked(text, entry).get("events")


@pytest.mark.parametrize(
    ("condition", "needs"),
    [
        ("did view within 2 hours", {"view": {"within": "7200s", "fields": []}}),
        ("did view ever", {"view": {"fields": []}}),
        ("(time since last view otherwise 1 day) > 1 hour", {"view": {"fields": []}}),
        (
            "sum of order.total where coupon is user.country within 1 day > 5 EUR",
            {"order": {"within": "86400s", "fields": ["coupon", "total"]}},
        ),
        (
            "did view within 1 hour or did view where seconds > 3 within 30 minutes",
            {"view": {"within": "3600s", "fields": ["seconds"]}},
        ),
        (
            "count of order without refund with same coupon within 1 hour > 1",
            {
                "order": {"within": "3600s", "fields": ["coupon"]},
                "refund": {"within": "3600s", "fields": ["coupon"]},
            },
        ),
        (
            "did view where seconds > 3 then order where total > 1 EUR inside 1 hour without refund within 1 day",
            {
                "view": {"within": "86400s", "fields": ["seconds"]},
                "order": {"within": "86400s", "fields": ["total"]},
                "refund": {"within": "86400s", "fields": []},
            },
        ),
        (
            "count of order from 1997-01-01 to 1997-09-30 > 1",
            {"order": {"within": "0s", "from": "1997-01-01T00:00:00Z", "fields": []}},
        ),
        (
            "did order within 1 hour and did order from 1997-01-01 to 1997-09-30",
            {"order": {"within": "3600s", "from": "1997-01-01T00:00:00Z", "fields": []}},
        ),
        ("did order ever and did order from 1997-01-01 to 1997-09-30", {"order": {"fields": []}}),
    ],
)
def test_events_of_a_condition(condition: str, needs: object) -> None:
    assert events(f"crowd c {{ {condition} }}") == needs


@pytest.mark.parametrize(
    "condition",
    ["did view within today", "today > 2026-01-01", "hour(now) > 3", "weekday(now) is monday"],
)
def test_local_time_needs_the_zone(condition: str) -> None:
    needs = asked(f"crowd c {{ {condition} }}")
    assert needs["zone"] is True
    assert needs["attributes"] == ["zone"]


def test_what_is_not_local_does_not() -> None:
    assert asked('crowd c { weekday(2026-01-01) is monday and page is "x" }') == {"inputs": ["page"]}


def test_a_local_day_is_as_long_as_clocks_can_make_it() -> None:
    need = manifest(compiled("crowd c { did view within today }"), OfCrowds()).events["view"]
    longest = 48 * HOURS  # Juneau, 18 October 1867: the clocks went back by a day
    assert need.reach.microseconds is not None
    assert need.reach.microseconds >= longest


CHAIN = """
score lead { add count of view.page within 3 hours points when user in staff }
crowd warm { lead.score > 3 and did order within 1 hour }
crowd hot = sample 10% of warm salt "s"
crowd other { user.country is "de" }
"""


def test_crowds_and_scores_are_followed_and_others_are_not() -> None:
    assert asked(CHAIN, OfCrowds(("hot", "staff"))) == {
        "attributes": ["id"],
        "events": {
            "view": {"within": "10800s", "fields": ["page"]},
            "order": {"within": "3600s", "fields": []},
        },
        "lists": ["staff"],
    }
    assert asked(CHAIN)["attributes"] == ["country", "id"]
    assert asked(CHAIN, OfCrowds(("staff",))) == {"lists": ["staff"]}


PLANS = """
crowd banned { did refund within 3 hours }
policy gentle default {
  quiet 21:00 to 09:00 user time
  cap push 1 in any 2 hours
  cooldown 5 hours after any send
  cooldown 7 hours after refund
  allow users in staff
  never email when not user.email_ok
}
policy elsewhere { block users in banned  cap all 1 in any 9 hours }
campaign spring { holdout 10% salt "s"  budget 3 EUR total  once per user in any 6 hours }
plan bare { obey nothing  send push "x" }
plan polite { send push "x" with page = page }
plan spending { part of spring  obey nothing  cost 1 EUR  budget 5 per day  send push "x" }
plan weekly { obey nothing  once per user per week  send push "x" }
plan triggered {
  on order where total > 1 EUR when did view where seconds > 3 within 1 hour wait 1 hour
     unless refund with same coupon
  expires after 2 hours
  obey nothing
  send push "x"
}
plan keyed { on order  once per coupon  obey nothing  send push "x" }
plan once_ever { on order  once per user in any 4 hours  obey nothing  send push "x" }
decide best { among bare, polite  at most 1 per user per day  holdout 5% salt "d" }
"""
BANNED = {"refund": {"within": "10800s", "fields": []}}


def test_blocks_of_every_policy_hold_for_every_plan() -> None:
    assert asked(PLANS, OfPlan("bare")) == {"events": BANNED}
    assert asked(PLANS, OfChannel(())) == {"events": BANNED}


def test_limits_of_the_policies_obeyed() -> None:
    needs = {
        "attributes": ["email_ok", "zone"],
        "events": {"refund": {"within": "25200s", "fields": []}},
        "lists": ["staff"],
        "touches": {"within": "18000s"},
        "zone": True,
    }
    assert asked(PLANS, OfChannel(("gentle",))) == needs
    assert asked(PLANS, OfContact("polite")) == needs
    assert asked(PLANS, OfSend("polite")) == {**needs, "inputs": ["page"]}
    assert asked(PLANS, OfPlan("polite")) == {**needs, "inputs": ["page"]}


def test_a_campaign_brings_its_limits() -> None:
    assert asked(PLANS, OfPlan("spending")) == {
        "attributes": ["id"],
        "events": BANNED,
        "touches": {"within": "21600s"},
        "budgets": ["campaign spring", "plan spending"],
    }


def test_a_decide_brings_its_own() -> None:
    needs = asked(PLANS, OfDecide("best"))
    day = manifest(compiled(PLANS), OfDecide("best")).touches
    assert needs["attributes"] == ["email_ok", "id", "zone"]
    assert day is not None
    assert (day.microseconds or 0) > 24 * HOURS


def test_what_a_plan_is_worth_matters_where_plans_are_ranked() -> None:
    worth = """
    plan offer { send push "x"  value sum of order.total within 1 hour }
    decide ranked { among offer  rank by value }
    decide listed { among offer }
    """
    assert events(worth, OfDecide("ranked")) == {"order": {"within": "3600s", "fields": ["total"]}}
    assert events(worth, OfDecide("listed")) is None
    assert events(worth, OfPlan("offer")) is None


def test_a_calendar_week_is_longer_than_seven_days() -> None:
    needs = manifest(compiled(PLANS), OfPlan("weekly"))
    assert needs.zone
    assert needs.touches is not None
    assert (needs.touches.microseconds or 0) >= 8 * 24 * HOURS


def test_a_trigger_is_judged_in_its_own_past_however_long_ago() -> None:
    assert events(PLANS, OfPlan("triggered")) == {
        "order": {"fields": ["coupon", "total"]},
        "view": {"fields": ["seconds"]},
        "refund": {"fields": ["coupon"]},
    }


def test_a_touch_of_any_age_may_have_ended_an_occurrence() -> None:
    assert manifest(compiled(PLANS), OfPlan("triggered")).touches == Reach(None)
    assert manifest(compiled(PLANS), OfPlan("keyed")).touches == Reach(None)
    assert manifest(compiled(PLANS), OfPlan("once_ever")).touches == Reach(4 * HOURS)
    assert events(PLANS, OfPlan("keyed")) == {"order": {"fields": ["coupon"]}, **BANNED}


@pytest.mark.parametrize(
    "entry", [OfCrowds(("x",)), OfPlan("x"), OfDecide("x"), OfContact("x"), OfSend("x"), OfChannel(("x",))]
)
def test_a_strange_name_is_a_key_error(entry: EntryPoint) -> None:
    with pytest.raises(KeyError):
        manifest(compiled(PLANS), entry)


# ---- cutting


def test_cut_keeps_what_is_named() -> None:
    touch = Touch(0, "a", "push", frozenset(), True, None, "")
    facts = Facts(
        now=3 * HOURS,
        user={"id": "u", "country": "de", "email_ok": True},
        input={"page": "p"},
        events={
            "view": (Event(0, "a", {}), Event(1, "b", {"page": "p", "seconds": 3})),
            "order": (Event(0, "c", {}),),
        },
        known_since={"view": 5, "order": 6},
        lists={"staff": True},
        touches=(touch,),
        shadow=UNAVAILABLE,
        budgets=UNAVAILABLE,
        held_out=frozenset({"spring"}),
        request_id="r",
    )
    crowd = 'crowd c { count of view.page within 3 hours > 1 and user.country is "de" }'
    assert manifest(compiled(crowd), OfCrowds()).cut(facts) == Facts(
        now=3 * HOURS,
        user={"country": "de"},
        events={"view": (Event(1, "b", {"page": "p"}),)},  # the window is open at its start
        known_since={"view": 5},
        held_out=frozenset({"spring"}),
        request_id="r",
    )


def test_cut_keeps_what_cannot_be_had() -> None:
    facts = Facts(
        now=0, events={"refund": UNAVAILABLE}, touches=UNAVAILABLE, shadow=UNAVAILABLE, budgets=UNAVAILABLE
    )
    assert manifest(compiled(PLANS), OfPlan("spending")).cut(facts) == facts


@pytest.mark.parametrize(
    ("reach", "since"),
    [
        (Reach(10), 90),
        (Reach(None), None),
        (Reach(0, start=40), 39),
        (Reach(70, start=40), 30),
        (Reach(0, start=200), 100),
    ],
)
def test_reach_counts_back_from_now(reach: Reach, since: int | None) -> None:
    assert reach.since(100) == since


def test_totals_are_wanted_by_name_of_their_shape() -> None:
    text = "crowd c { sum of order.total ever > 1 EUR and did view ever and did refund within 1 hour }"
    wanted = manifest(compiled(text), OfCrowds())
    assert sorted(shape.rpartition("/")[0] for shape in wanted.totals) == ["order/total", "view/"]
    other = manifest(compiled("crowd c { max of view.seconds ever > 1 }"), OfCrowds())
    both = wanted.joined(other)
    assert both.totals == wanted.totals | other.totals
    found = compile_ruleset([Source("rules.sua", "profile user { id: text key }\nevent view { page: text }")])
    assert found.ruleset is not None
    assert [shape.rpartition("/")[0] for shape in both.within(found.ruleset).totals] == ["view/"]
