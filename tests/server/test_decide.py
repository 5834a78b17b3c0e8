"""Decisions taken for good, over gRPC, on every embedded store, by a clock that stands where the test puts it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from suasion.v1 import answer_pb2, contact_pb2
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1.subject_pb2 import Subject

from server.ports import State
from server.stores import sqlite_stores
from tests.server.clock import SetClock, micros
from tests.server.conftest import Run, refused
from tests.server.decide_shop import DAY, RULES, TEN, Shop
from tests.server.messages import at, error_info, eur, event, record, status_of, subject

SEND, WAIT, BLOCK = answer_pb2.VERDICT_SEND, answer_pb2.VERDICT_WAIT, answer_pb2.VERDICT_BLOCK
NONE, HOLDOUT = answer_pb2.VERDICT_NONE, answer_pb2.VERDICT_HOLDOUT


def cart(id: str, time: str = TEN, price: str = "30.00", user: str = "u1") -> Any:
    return event(id, "cart_add", time, user, price=eur(price))


# ---- granting


def test_an_event_is_recorded_and_answered_by_what_is_granted(stall: Shop, run: Run) -> None:
    answer = run(stall.decide("on_event", event=cart("e1")))
    assert (answer.verdict, answer.plan, answer.channel) == (SEND, "nudge", "push")
    contact = answer.contact
    assert (contact.user_id, contact.state, contact.content) == (
        "u1",
        contact_pb2.CONTACT_STATE_RESERVED,
        "nudge",
    )
    assert contact.occurrence == "nudge/e1"
    assert {each.name: json.loads(each.value_json) for each in contact.arguments} == {}
    assert contact.lease_expire_time == at(DAY + "10:05:00+00:00")
    assert not answer.provenance.advisory
    stored = run(stall.stores.events.fetch("u1", {"cart_add": None}, micros(TEN))).events
    assert [each.id for each in stored["cart_add"]] == ["e1"]
    reserved = run(stall.stores.contacts.find(contact.contact_id))
    assert reserved.state is State.RESERVED and reserved.decision_id == answer.provenance.decision_id


def test_a_cap_counts_what_was_granted(stall: Shop, run: Run) -> None:
    verdicts = [run(stall.decide("on_event", event=cart(f"e{each}"))) for each in range(5)]
    assert [(each.verdict, each.channel) for each in verdicts] == [(SEND, "push")] * 3 + [(SEND, "email")] * 2


def test_advice_records_and_reserves_nothing(stall: Shop, run: Run) -> None:
    answer = run(stall.decide("on_event", event=cart("e1"), reserve=False))
    assert (answer.verdict, answer.plan) == (SEND, "nudge")
    assert answer.provenance.advisory and not answer.HasField("contact")
    assert run(stall.stores.events.latest()) is None
    assert run(stall.stores.contacts.contacts("u1", None, 9)) == []
    assert run(stall.decide("on_event")).verdict == NONE


def test_those_held_out_are_recorded_apart_and_limited_likewise(stall: Shop, run: Run) -> None:
    answers = [run(stall.decide("experiment", user=f"u{each}")) for each in range(40)]
    verdicts = Counter(each.verdict for each in answers)
    assert set(verdicts) == {SEND, HOLDOUT}, "half of them are"
    held_out = next(each for each in answers if each.verdict == HOLDOUT)
    assert held_out.contact.state == contact_pb2.CONTACT_STATE_HELD_OUT
    history = run(stall.stores.contacts.history(held_out.contact.user_id, None))
    assert (len(history.touches(micros(TEN))), len(history.shadow(micros(TEN)))) == (0, 1)


# ---- once


def test_the_same_event_a_hundred_times_at_once_has_one_effect(stall: Shop, run: Run) -> None:
    async def all_at_once() -> list[bytes]:
        answers = await asyncio.gather(*(stall.decide("on_event", event=cart("e1")) for _ in range(100)))
        return [each.SerializeToString(deterministic=True) for each in answers]

    assert len(set(run(all_at_once()))) == 1
    assert len(run(stall.stores.contacts.contacts("u1", None, 9))) == 1


@pytest.mark.parametrize("changed", [cart("e1", price="31.00"), cart("e1", time=DAY + "09:59:00+00:00")])
def test_another_event_under_the_same_id_is_refused(stall: Shop, run: Run, changed: Any) -> None:
    run(stall.decide("on_event", event=cart("e1")))
    error = run(refused(stall.decide("on_event", event=changed)))
    assert error.code() is grpc.StatusCode.ALREADY_EXISTS
    assert error_info(status_of(error)).reason == "EVENT_ID_REUSED"
    assert len(run(stall.stores.contacts.contacts("u1", None, 9))) == 1


def test_a_named_request_is_answered_as_the_first_time(stall: Shop, run: Run) -> None:
    first = run(stall.decide(request_id="r1"))
    stall.clock.set(DAY + "12:00:00+00:00")
    assert run(stall.decide(request_id="r1")) == first
    assert run(stall.decide(request_id="r2")).contact.contact_id != first.contact.contact_id
    assert len(run(stall.stores.contacts.contacts("u1", None, 9))) == 2


def test_a_named_request_that_asks_for_something_else_is_refused(stall: Shop, run: Run) -> None:
    run(stall.decide(request_id="r1"))
    error = run(refused(stall.decide(request_id="r1", user="u2")))
    assert error.code() is grpc.StatusCode.ALREADY_EXISTS
    assert error_info(status_of(error)).reason == "REQUEST_ID_REUSED"
    assert run(stall.stores.contacts.contacts("u2", None, 9)) == []


def test_a_budget_is_spent_to_the_last_and_then_the_next_plan_wins(stall: Shop, run: Run) -> None:
    async def all_at_once() -> Counter[str]:
        answers = await asyncio.gather(*(stall.decide(user=f"u{each}") for each in range(20)))
        return Counter(each.plan for each in answers)

    assert run(all_at_once()) == {"voucher": 2, "hello": 18}


# ---- waiting


def created(id: str, order: str, time: str = TEN) -> Any:
    return event(id, "order_created", time, order=order)


def paid(id: str, order: str, time: str) -> Any:
    return event(id, "order_paid", time, order=order)


def test_a_plan_that_waits_is_scheduled_and_comes_back_when_it_is_due(stall: Shop, run: Run) -> None:
    answer = run(stall.decide("on_event", event=created("e1", "A")))
    assert answer.verdict == NONE
    assert [(each.plan, each.due_time, each.occurrence) for each in answer.scheduled] == [
        ("remind", at(DAY + "10:10:00+00:00"), "remind/order=A")
    ]
    stall.clock.set(DAY + "10:10:00+00:00")
    (told,) = run(stall.watch(0, 1))
    assert (told.user_id, told.decide_time) == ("u1", at(DAY + "10:10:00+00:00"))
    assert (told.decision.verdict, told.decision.plan, told.decision.channel) == (SEND, "remind", "sms")
    assert told.decision.contact.occurrence == "remind/order=A"
    again = run(stall.decide("on_event", event=created("e2", "A", DAY + "10:09:00+00:00"), reserve=False))
    (remind,) = [each for each in again.plans if each.plan == "remind"]
    assert [each.code for each in remind.reasons] == ["once"]


@pytest.mark.parametrize("call", ["RecordEvents", "Decide"])
def test_an_event_waits_whatever_call_records_it(stall: Shop, run: Run, call: str) -> None:
    if call == "Decide":
        run(stall.decide("on_event", event=created("e1", "A")))
    else:
        run(stall.facts.RecordEvents(record(created("e1", "A"))))
    (waiting,) = run(stall.stores.timers.open("u1"))
    assert (waiting.plan, waiting.decide, waiting.due) == (
        "remind",
        "on_event",
        micros(DAY + "10:10:00+00:00"),
    )
    assert waiting.expires == micros(DAY + "11:00:00+00:00")


@pytest.mark.parametrize(("time", "sends"), [("10:09:59", False), ("10:10:00", False), (None, True)])
def test_paid_up_to_the_instant_when_it_is_due_is_not_reminded(
    stall: Shop, run: Run, time: str | None, sends: bool
) -> None:
    run(stall.facts.RecordEvents(record(created("e1", "A"), created("e2", "B"))))
    if time:
        run(stall.facts.RecordEvents(record(paid("e3", "A", f"{DAY}{time}+00:00"))))
    stall.clock.set(DAY + "10:10:00+00:00")
    told = run(stall.watch(0, 2 if sends else 1))
    plans = {each.decision.contact.occurrence for each in told if each.decision.verdict == SEND}
    assert plans == ({"remind/order=A", "remind/order=B"} if sends else {"remind/order=B"})
    kept = {each.id for each in run(stall.stores.timers.open("u1"))}
    assert kept == plans, "what was served by its order stays until it expires, to say so"


def test_what_is_due_too_late_has_ended_with_a_reason(stall: Shop, run: Run) -> None:
    run(stall.facts.RecordEvents(record(created("e1", "A"))))
    stall.clock.set(DAY + "11:00:00+00:00")
    (told,) = run(stall.watch(0, 1))
    (remind,) = [each for each in told.decision.plans if each.plan == "remind"]
    assert told.decision.verdict == NONE
    assert [each.code for each in remind.reasons] == ["expired"]
    assert run(stall.stores.timers.open("u1")) == ()


def test_what_is_due_in_quiet_hours_waits_for_their_end(stall: Shop, run: Run) -> None:
    stall.clock.set(DAY + "20:58:00+00:00")
    rules = RULES.replace("expires after 1 hour", "expires after 1 day")
    run(stall.running.client.activate(rules, "decide.sua"))
    run(stall.decide("on_event", event=created("e1", "A", DAY + "20:58:00+00:00")))
    stall.clock.set(DAY + "21:08:00+00:00")
    run(settled(lambda: stall.stores.timers.next_wake(), micros("2026-03-04T09:00:00+00:00")))
    assert run(stall.stores.outbox.last()) == 0
    stall.clock.set("2026-03-04T09:00:00+00:00")
    (told,) = run(stall.watch(0, 1))
    assert (told.decision.verdict, told.decision.plan) == (SEND, "remind")


async def settled(read: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    """Wait until the timers have brought something about."""
    async with asyncio.timeout(20):
        while await read() != wanted:
            await asyncio.sleep(0.01)


def test_an_event_of_the_future_waits_for_its_time(stall: Shop, run: Run) -> None:
    run(stall.facts.RecordEvents(record(created("e1", "A", DAY + "12:00:00+00:00"))))
    assert run(stall.stores.timers.open("u1")) == ()
    stall.clock.set(DAY + "12:00:00+00:00")
    run(settled(lambda: stall.stores.timers.next_wake(), micros(DAY + "12:10:00+00:00")))


def test_who_asks_about_an_event_of_the_future_takes_nothing_from_it(stall: Shop, run: Run) -> None:
    answer = run(stall.decide("on_event", event=created("e1", "A", DAY + "12:00:00+00:00")))
    assert not answer.scheduled and run(stall.stores.timers.open("u1")) == ()
    stall.clock.set(DAY + "12:00:00+00:00")
    run(settled(lambda: stall.stores.timers.next_wake(), micros(DAY + "12:10:00+00:00")))


def test_a_lease_that_ends_gives_back_what_was_granted(stall: Shop, run: Run) -> None:
    short = Duration(seconds=60)
    answers = [run(stall.decide(user=f"u{each}", lease_duration=short)) for each in range(3)]
    assert [each.plan for each in answers] == ["voucher", "voucher", "hello"]
    stall.clock.set(DAY + "10:01:00+00:00")
    run(settled(lambda: stall.stores.contacts.next_lapse(), None))
    assert run(stall.decide(user="u4")).plan == "voucher"
    assert run(stall.stores.contacts.find(answers[0].contact.contact_id)).state is State.RELEASED


def test_watching_goes_on_behind_the_last_id(stall: Shop, run: Run) -> None:
    run(stall.facts.RecordEvents(record(*(created(f"e{each}", f"o{each}") for each in range(5)))))
    stall.clock.set(DAY + "10:10:00+00:00")
    first = run(stall.watch(0, 3))
    rest = run(stall.watch(first[-1].id, 2))
    orders = [each.decision.contact.occurrence for each in (*first, *rest)]
    assert sorted(orders) == [f"remind/order=o{each}" for each in range(5)]


# ---- restarts


def test_what_waits_survives_a_restart(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "suasion.db"
    before = run(Shop.open(sqlite_stores(file), SetClock(TEN)))
    first = run(before.decide("on_event", event=created("e1", "A")))
    run(before.running.stop())
    after = run(Shop.open(sqlite_stores(file), SetClock(DAY + "10:10:00+00:00"), None))
    (told,) = run(after.watch(0, 1))
    assert (told.decision.verdict, told.decision.plan) == (SEND, "remind")
    assert run(after.decide("on_event", event=created("e1", "A"))) == first
    run(after.running.stop())


# ---- many


def test_a_batch_answers_each_and_lets_none_keep_the_others_back(stall: Shop, run: Run) -> None:
    requests = [
        pb.DecideRequest(subject=subject("u1"), decide="offer"),
        pb.DecideRequest(subject=subject("u2"), decide="offfer"),
        pb.DecideRequest(decide="offer"),
        pb.DecideRequest(subject=subject("u3"), decide="offer", as_of_time=at(TEN)),
        pb.DecideRequest(subject=subject("u4"), decide="on_event", event=cart("e1", user="u4")),
    ]
    results = run(stall.decisions.BatchDecide(pb.BatchDecideRequest(requests=requests))).results
    assert [each.WhichOneof("result") for each in results] == [
        "response",
        "error",
        "error",
        "error",
        "response",
    ]
    assert error_info(results[1].error).reason == "UNKNOWN_NAME"
    assert error_info(results[2].error).metadata["path"] == "requests[2].subject.user_id"
    assert error_info(results[3].error).metadata["path"] == "requests[3].as_of_time"
    assert results[4].response.plan == "nudge"


def test_a_stream_answers_in_order_and_goes_on_behind_errors(stall: Shop, run: Run) -> None:
    async def stream() -> list[pb.DecideResult]:
        async def requests() -> Any:
            for user in ("u1", "", "u2"):
                yield pb.StreamDecideRequest(request=pb.DecideRequest(subject=subject(user), decide="offer"))

        return [each.result async for each in stall.decisions.StreamDecide(requests())]

    answers = run(stream())
    assert [each.WhichOneof("result") for each in answers] == ["response", "error", "response"]
    assert answers[2].response.contact.user_id == "u2"


# ---- bad input


def without_time() -> Any:
    made = cart("e1")
    made.ClearField("event_time")
    return made


BAD: dict[str, tuple[pb.DecideRequest, str]] = {
    "nothing": (pb.DecideRequest(), "subject.user_id"),
    "no decide of several": (pb.DecideRequest(subject=subject("u1")), ""),
    "a user id without end": (pb.DecideRequest(subject=subject("u" * 300)), "subject.user_id"),
    "an event of somebody else": (pb.DecideRequest(subject=subject("u2"), event=cart("e1")), "event.user_id"),
    "an event without a time": (pb.DecideRequest(event=without_time()), "event.event_time"),
    "an event without an id": (pb.DecideRequest(event=cart("")), "event.event_id"),
    "an event that is not declared": (
        pb.DecideRequest(decide="on_event", event=event("e1", "cart_adds", TEN)),
        "event.type",
    ),
    "a field of another type": (
        pb.DecideRequest(decide="on_event", event=event("e1", "cart_add", TEN, price="30 EUR")),
        "event.fields_json.price",
    ),
    "facts that are no JSON": (
        pb.DecideRequest(subject=Subject(user_id="u1", facts_json=b"{"), decide="offer"),
        "subject.facts_json",
    ),
    "touches from a caller": (
        pb.DecideRequest(
            subject=Subject(user_id="u1", facts_json=b'{"touches": []}'), decide="offer", request_id="r1"
        ),
        "subject.facts_json.touches",
    ),
    "another instant for what is reserved": (
        pb.DecideRequest(subject=subject("u1"), decide="offer", as_of_time=at(TEN)),
        "as_of_time",
    ),
    "a lease of a week": (
        pb.DecideRequest(
            subject=subject("u1"), decide="offer", lease_duration=Duration(seconds=7 * 24 * 3600)
        ),
        "lease_duration",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_its_path_and_leaves_nothing(stall: Shop, run: Run, name: str) -> None:
    request, path = BAD[name]
    error = run(refused(stall.decisions.Decide(request)))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT and "Traceback" not in error.details()
    assert error_info(status_of(error)).metadata.get("path", "") == path
    assert run(stall.stores.contacts.contacts("u1", None, 9)) == []
    assert run(stall.stores.events.latest()) is None


def test_an_unknown_decide_is_named_with_what_was_meant(stall: Shop, run: Run) -> None:
    error = run(refused(stall.decide("offfer", event=cart("e1"))))
    assert (error.code(), error_info(status_of(error)).reason) == (
        grpc.StatusCode.NOT_FOUND,
        "UNKNOWN_NAME",
    )
    assert "did you mean `offer`?" in error.details()
    assert run(stall.stores.events.latest()) is None


def test_nobody_watches_from_before_the_beginning(stall: Shop, run: Run) -> None:
    error = run(refused(stall.decisions.Watch(pb.WatchRequest(after_id=-1)).read()))
    assert error_info(status_of(error)).metadata["path"] == "after_id"
