"""What the three questions answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from suasion.v1 import answer_pb2, subject_pb2
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1.fact_service_pb2 import LoadListRequest

from compiler.facts import Touch
from server.ports import State
from tests.ports.made import reserve, reserved
from tests.server.conftest import Run, Running
from tests.server.messages import NOON, at, cart, eur, event, profile, record, subject

YES, NO, UNKNOWN = answer_pb2.ANSWER_YES, answer_pb2.ANSWER_NO, answer_pb2.ANSWER_UNKNOWN


@pytest.fixture
def calm(shop: Running, run: Run) -> Running:
    """The shop at noon in Berlin: lists are loaded, `u1` from Germany has two things in the cart for three hours."""

    async def fill() -> None:
        facts = shop.client.facts
        for name in ("staff", "do_not_contact"):
            await facts.LoadList(LoadListRequest(list=name, user_ids=["boss"]))
        await facts.UpsertProfiles(profile(timezone="Europe/Berlin", country="de"))
        await facts.RecordEvents(
            record(cart("e1", "2026-03-03T08:00:00+00:00"), cart("e2", "2026-03-03T09:00:00+00:00"))
        )
        await facts.RecordEvents(record(event("other", "order_paid", NOON, "u2", total=eur("1.00"))))

    run(fill())
    return shop


def check(server: Running, run: Run, *crowds: str, **request: Any) -> Any:
    request.setdefault("subject", subject())
    return run(server.client.decisions.CheckCrowds(pb.CheckCrowdsRequest(crowds=crowds, **request)))


def match(server: Running, run: Run, **request: Any) -> Any:
    request.setdefault("subject", subject())
    return run(server.client.decisions.MatchPlan(pb.MatchPlanRequest(**request)))


def contact(server: Running, run: Run, **request: Any) -> Any:
    request.setdefault("subject", subject())
    return run(server.client.decisions.CheckContact(pb.CheckContactRequest(**request)))


def answers(response: Any) -> dict[str, int]:
    return {each.crowd: each.answer for each in response.answers}


def outcomes(response: Any) -> dict[str, Any]:
    return {each.plan: each for each in response.plans}


# ---- crowds


def test_membership_is_answered_in_the_order_asked_for(calm: Running, run: Run) -> None:
    response = check(calm, run, "staff", "rescue", "hot_cart")
    assert list(answers(response).items()) == [("staff", NO), ("rescue", YES), ("hot_cart", YES)]


def test_an_answer_says_why_and_where_it_comes_from(calm: Running, run: Run) -> None:
    first, second = (check(calm, run, "rescue") for _ in range(2))
    reason = first.answers[0].reasons[0]
    assert (reason.rule, reason.location, reason.answer) == ("crowd rescue", "shop.sua:21", YES)
    assert len(first.provenance.version) == 64
    assert first.provenance.evaluate_time == at(NOON)
    assert first.provenance.advisory and not first.provenance.degraded
    assert first.provenance.decision_id != second.provenance.decision_id


def test_what_an_answer_was_made_of_is_told_when_asked_for(calm: Running, run: Run) -> None:
    one = {"event": "cart_add", "event_id": "x", "time": NOON, "fields": {"sku": "a", "price": eur("30.00")}}
    alone = subject("u7", user={"country": "fr"}, events=[one])
    response = check(calm, run, "german", "hot_cart", "staff", explain=True, subject=alone)
    german, hot_cart, staff = (list(answer.explanation) for answer in response.answers)
    assert [(each.depth, each.text, each.answer, each.value_json, each.needs) for each in german] == [
        (0, 'user.country is "de"', NO, "", '"de"'),
        (1, "user.country", answer_pb2.ANSWER_UNSPECIFIED, '"fr"', ""),
    ]
    count = next(each for each in hot_cart if each.kind == "comparison")
    assert (count.needs, count.needs_by, count.location) == ("at least 2", "1 more cart_add", "shop.sua:17")
    looked = next(each for each in hot_cart if each.kind == "aggregate").looked_at[0]
    assert (looked.type, looked.in_window_count, looked.taken_count) == ("cart_add", 1, 1)
    assert not staff and not check(calm, run, "german").answers[0].explanation


def test_what_is_missing_is_told_where_it_is_missing(calm: Running, run: Run) -> None:
    response = check(calm, run, "german", explain=True, subject=subject("stranger"))
    gaps = {each.text: each.gap for each in response.answers[0].explanation if each.gap}
    assert gaps == {"user.country": "user.country is missing"}


def test_a_list_that_was_never_loaded_is_unknown(shop: Running, run: Run) -> None:
    response = check(shop, run, "staff")
    assert answers(response) == {"staff": UNKNOWN}
    assert response.provenance.unavailable == ["list staff"] and response.provenance.degraded


def test_what_is_missing_is_said(calm: Running, run: Run) -> None:
    response = check(calm, run, "german", subject=subject("stranger"))
    assert answers(response) == {"german": UNKNOWN}
    assert response.provenance.missing == ["user.country"] and not response.provenance.degraded


def test_all_crowds_of_a_user_are_listed(calm: Running, run: Run) -> None:
    decisions = calm.client.decisions
    known = run(decisions.ListCrowds(pb.ListCrowdsRequest(subject=subject())))
    assert [each.crowd for each in known.crowds] == ["hot_cart", "german", "rescue"]
    stranger = run(decisions.ListCrowds(pb.ListCrowdsRequest(subject=subject("stranger"))))
    assert not stranger.crowds and [each.crowd for each in stranger.unknown_crowds] == ["german"]
    assert stranger.crowd_count == 3


# ---- facts in the request


def test_attributes_in_the_request_override_stored_ones(calm: Running, run: Run) -> None:
    assert answers(check(calm, run, "german", subject=subject(user={"country": "fr"}))) == {"german": NO}
    assert answers(check(calm, run, "german")) == {"german": YES}


def test_events_in_the_request_are_added_and_not_kept(calm: Running, run: Run) -> None:
    paid = {"event": "order_paid", "event_id": "e9", "time": NOON, "fields": {"total": eur("1.00")}}
    assert answers(check(calm, run, "hot_cart", subject=subject(events=[paid]))) == {"hot_cart": NO}
    assert answers(check(calm, run, "hot_cart")) == {"hot_cart": YES}


def test_an_event_that_is_stored_and_in_the_request_counts_once(calm: Running, run: Run) -> None:
    one = {
        "event": "cart_add",
        "event_id": "u3-e1",
        "time": NOON,
        "fields": {"sku": "a", "price": eur("30.00")},
    }
    run(calm.client.facts.RecordEvents(record(cart("u3-e1", NOON, user="u3"))))
    assert answers(check(calm, run, "hot_cart", subject=subject("u3", events=[one]))) == {"hot_cart": NO}
    two = {**one, "event_id": "u3-e2"}
    assert answers(check(calm, run, "hot_cart", subject=subject("u3", events=[one, two]))) == {
        "hot_cart": YES
    }


def test_facts_can_come_with_the_request_alone(calm: Running, run: Run) -> None:
    facts = json.dumps({"user": {"tier": "pro"}}).encode()
    alone = subject_pb2.Subject(user_id="u1", facts_json=facts, fact_source=subject_pb2.FACT_SOURCE_REQUEST)
    response = check(calm, run, "hot_cart", "german", "staff", subject=alone)
    assert answers(response) == {"hot_cart": NO, "german": UNKNOWN, "staff": NO}


def test_a_decision_can_be_asked_for_as_of_an_instant(calm: Running, run: Run) -> None:
    early = at("2026-03-03T08:30:00+00:00")
    response = check(calm, run, "hot_cart", as_of_time=early)
    assert answers(response) == {"hot_cart": NO} and response.provenance.evaluate_time == early
    late = check(calm, run, "hot_cart", as_of_time=at("2026-03-10T09:00:00+00:00"))
    assert answers(late) == {"hot_cart": NO}, "the first event is a week old to the microsecond"


# ---- plans


def test_the_best_plan_and_every_other_one_is_named(calm: Running, run: Run) -> None:
    response = match(calm, run)
    assert (response.verdict, response.plan, response.channel) == (answer_pb2.VERDICT_SEND, "nudge", "push")
    assert response.reasons[0].rule == "decide best"
    assert [(each.plan, each.channel, each.content) for each in response.attempts] == [
        ("nudge", "push", "nudge_v3"),
        ("hello", "push", "hello"),
    ]
    assert json.loads(response.attempts[1].arguments[0].value_json) == "de"
    plans = outcomes(response)
    assert json.loads(plans["nudge"].rank_json) == eur("1.50") and not plans["nudge"].margin_json
    assert plans["hello"].fell_at == answer_pb2.GATE_CHOSEN
    assert json.loads(plans["hello"].margin_json) == eur("0.50")
    coupon = plans["coupon"]
    assert (coupon.fell_at, coupon.verdict) == (answer_pb2.GATE_CONTACTABLE, answer_pb2.VERDICT_BLOCK)
    assert [(each.code, each.location) for each in coupon.reasons] == [("never", "shop.sua:27")]


def test_a_plan_that_waits_for_its_time_is_scheduled(calm: Running, run: Run) -> None:
    response = match(calm, run, as_of_time=at("2026-03-03T09:30:00+00:00"))
    assert [(each.plan, each.due_time, each.occurrence) for each in response.scheduled] == [
        ("nudge", at("2026-03-03T10:00:00+00:00"), "nudge/e1"),
        ("nudge", at("2026-03-03T11:00:00+00:00"), "nudge/e2"),
    ]
    nudge = outcomes(response)["nudge"]
    assert (nudge.fell_at, nudge.reasons[0].code) == (answer_pb2.GATE_RELEVANT, "scheduled")


def test_quiet_hours_wait_until_the_users_morning(calm: Running, run: Run) -> None:
    response = match(calm, run, as_of_time=at("2026-03-03T21:00:00+00:00"))
    assert response.verdict == answer_pb2.VERDICT_WAIT
    assert response.until_time == at("2026-03-04T08:00:00+00:00")  # 09:00 in Berlin
    assert [(each.code, each.text) for each in response.reasons] == [
        ("quiet", "quiet hours until 2026-03-04 09:00 Europe/Berlin, in 11 hours")
    ]


def test_a_user_on_the_black_list_is_blocked(calm: Running, run: Run) -> None:
    response = match(calm, run, subject=subject("boss"))
    assert response.verdict == answer_pb2.VERDICT_BLOCK and response.plan == "hello"
    assert [(each.code, each.rule, each.location) for each in response.reasons] == [
        ("block", "policy gentle", "shop.sua:24")
    ]


def test_a_black_list_that_was_never_loaded_blocks(shop: Running, run: Run) -> None:
    response = match(shop, run, as_of_time=at(NOON))
    assert response.verdict == answer_pb2.VERDICT_BLOCK
    assert response.reasons[0].answer == UNKNOWN
    assert "list do_not_contact" in response.provenance.unavailable


def test_a_cap_that_is_used_up_blocks_and_says_until_when(calm: Running, run: Run) -> None:
    sent = Touch(1772535600_000000, "hello", "push", frozenset(), True, None, "hello/x")  # 12:00 in Berlin
    run(reserve(calm.stores, reserved("a", touch=sent, state=State.CONFIRMED)))
    response = contact(calm, run, plan="hello")
    assert response.verdict == answer_pb2.VERDICT_BLOCK
    assert [(each.code, each.location, each.channel) for each in response.reasons] == [
        ("cap", "shop.sua:26", "push")
    ]
    assert response.until_time == at("2026-03-04T08:00:00+00:00"), "behind midnight come quiet hours"


def test_nothing_to_send_is_an_answer_with_the_reasons_of_all(calm: Running, run: Run) -> None:
    rules = "profile user { id: text key  vip: flag optional }\ncrowd vips { user.vip }\n"
    rules += 'plan a { for vips  send push "a" }\ndecide only { among a }\n'
    run(calm.client.activate(rules, "vip.sua", retire_plans=True))
    response = match(calm, run, subject=subject("u9", user={"vip": False}))
    assert (response.verdict, response.plan) == (answer_pb2.VERDICT_NONE, "")
    assert [(each.code, each.gate, each.answer) for each in response.reasons] == [
        ("for", answer_pb2.GATE_ELIGIBLE, NO)
    ]


def test_a_control_group_gets_the_name_of_the_plan_and_nothing_else(calm: Running, run: Run) -> None:
    rules = 'profile user { id: text key }\nplan a { send push "a" }\n'
    rules += 'decide only { among a  holdout 100% salt "s" }\n'
    run(calm.client.activate(rules, "held.sua", retire_plans=True))
    response = match(calm, run, decide="only")
    assert (response.verdict, response.plan) == (answer_pb2.VERDICT_HOLDOUT, "a")
    assert not response.attempts and [each.code for each in response.reasons] == ["holdout"]


# ---- contacts


def test_a_contact_that_nothing_stands_against_may_go_out(calm: Running, run: Run) -> None:
    response = contact(calm, run, plan="hello")
    assert (response.verdict, response.channel) == (answer_pb2.VERDICT_SEND, "push")
    assert [(each.code, each.rule) for each in response.reasons] == [("allowed", "plan hello")]


def test_a_message_without_a_plan_obeys_the_default_policies(calm: Running, run: Run) -> None:
    response = contact(calm, run, message=pb.Message(channel="email"))
    assert [(each.code, each.rule) for each in response.reasons] == [("never", "policy gentle")]
    loose = contact(calm, run, message=pb.Message(channel="email", policies=["loose"]))
    assert loose.verdict == answer_pb2.VERDICT_SEND
    assert [each.rule for each in loose.reasons] == ["policy loose"]


def test_a_message_that_obeys_nothing_is_still_blocked_for_the_black_list(calm: Running, run: Run) -> None:
    message = pb.Message(channel="email", obey_nothing=True)
    assert contact(calm, run, message=message).verdict == answer_pb2.VERDICT_SEND
    blocked = contact(calm, run, message=message, subject=subject("boss"))
    assert blocked.verdict == answer_pb2.VERDICT_BLOCK


def test_every_answer_has_a_reason(calm: Running, run: Run) -> None:
    message = pb.Message(channel="email", obey_nothing=True)
    assert contact(calm, run, message=message).reasons and match(calm, run).reasons
