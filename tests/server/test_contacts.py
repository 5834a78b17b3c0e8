"""From the reservation of a contact to its outcome, over gRPC, on every embedded store."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from suasion.v1 import answer_pb2, contact_pb2, decision_service_pb2
from suasion.v1 import contact_service_pb2 as pb

from server.ports import State
from tests.server.clock import micros
from tests.server.conftest import Run, refused
from tests.server.decide_shop import DAY, TEN, Shop
from tests.server.messages import at, error_info, eur, event, profile, record, status_of, subject

SEND, BLOCK, HOLDOUT = answer_pb2.VERDICT_SEND, answer_pb2.VERDICT_BLOCK, answer_pb2.VERDICT_HOLDOUT
RESERVED, DISPATCHED = contact_pb2.CONTACT_STATE_RESERVED, contact_pb2.CONTACT_STATE_DISPATCHED
CONFIRMED, FAILED = contact_pb2.CONTACT_STATE_CONFIRMED, contact_pb2.CONTACT_STATE_FAILED
RELEASED, UNCERTAIN = contact_pb2.CONTACT_STATE_RELEASED, contact_pb2.CONTACT_STATE_UNCERTAIN


def calls(stall: Shop) -> Any:
    return stall.running.client.contacts


async def reserve(stall: Shop, plan: str = "hello", user: str = "u1", **more: Any) -> pb.ReserveResponse:
    request = pb.ReserveRequest(subject=subject(user), plan=plan, **more)
    answer: pb.ReserveResponse = await calls(stall).Reserve(request)
    return answer


async def dispatch(stall: Shop, id: str, request: str = "d1", **more: Any) -> contact_pb2.Contact:
    answer = await calls(stall).Dispatch(pb.DispatchRequest(contact_id=id, request_id=request, **more))
    contact: contact_pb2.Contact = answer.contact
    return contact


def reason_of(error: grpc.aio.AioRpcError) -> str:
    return error_info(status_of(error)).reason


def state_of(error: grpc.aio.AioRpcError) -> str:
    state: str = error_info(status_of(error)).metadata["state"]
    return state


# ---- reserving


def test_a_plan_is_reserved_with_what_it_says(stall: Shop, run: Run) -> None:
    answer = run(reserve(stall, request_id="r1"))
    assert (answer.verdict, answer.contact.state, answer.contact.plan) == (SEND, RESERVED, "hello")
    assert (answer.contact.channel, answer.contact.content) == ("email", "hello")
    assert answer.contact.occurrence == "hello/r1"
    assert not answer.provenance.advisory
    assert run(reserve(stall, request_id="r1")) == answer
    assert len(run(stall.stores.contacts.contacts("u1", None, 9))) == 1


def test_a_message_that_no_plan_describes_counts_in_caps(stall: Shop, run: Run) -> None:
    message = decision_service_pb2.Message(channel="push", tags=["news"])
    request = pb.ReserveRequest(subject=subject("u1"), message=message)
    answers = [run(calls(stall).Reserve(request)) for _ in range(4)]
    assert [each.verdict for each in answers] == [SEND, SEND, SEND, BLOCK]
    assert [each.code for each in answers[3].reasons] == ["cap"]
    assert not answers[3].HasField("contact")


def test_thirty_two_callers_at_once_get_what_a_cap_leaves(stall: Shop, run: Run) -> None:
    message = decision_service_pb2.Message(channel="push")

    async def all_at_once() -> list[int]:
        request = pb.ReserveRequest(subject=subject("u1"), message=message)
        return [
            each.verdict for each in await asyncio.gather(*(calls(stall).Reserve(request) for _ in range(32)))
        ]

    verdicts = run(all_at_once())
    assert (verdicts.count(SEND), verdicts.count(BLOCK)) == (3, 29)


def test_a_budget_is_taken_and_given_back(stall: Shop, run: Run) -> None:
    first, _ = (run(reserve(stall, "voucher", f"u{each}")) for each in range(2))
    third = run(reserve(stall, "voucher", "u3"))
    assert (third.verdict, [each.code for each in third.reasons]) == (BLOCK, ["budget"])
    contact = run(dispatch(stall, first.contact.contact_id))
    run(calls(stall).Fail(pb.FailRequest(contact_id=contact.contact_id, fencing_token=contact.fencing_token)))
    assert run(reserve(stall, "voucher", "u3")).verdict == SEND


def test_what_was_given_back_is_tried_again_under_its_occurrence(stall: Shop, run: Run) -> None:
    first = run(reserve(stall, request_id="r1")).contact
    error = run(refused(reserve(stall, occurrence=first.occurrence)))
    assert (reason_of(error), state_of(error)) == ("CONTACT_NOT_IN_STATE", "reserved")
    run(calls(stall).Release(pb.ReleaseRequest(contact_id=first.contact_id)))
    again = run(reserve(stall, occurrence=first.occurrence)).contact
    assert (again.occurrence, again.state) == (first.occurrence, RESERVED)
    error = run(refused(reserve(stall, "voucher", occurrence=first.occurrence)))
    assert error_info(status_of(error)).metadata["path"] == "occurrence"


def test_a_plan_says_what_it_says_when_a_decide_grants_it(stall: Shop, run: Run) -> None:
    run(stall.facts.UpsertProfiles(profile(nick="Anna")))
    run(stall.facts.RecordEvents(record(event("e1", "cart_add", TEN, price=eur("20.00")))))
    decided = run(stall.decide("greeting")).contact
    reserved = run(reserve(stall, "hi")).contact
    assert reserved.arguments == decided.arguments
    assert [each.value_json for each in decided.arguments] == [
        '"Anna"',
        '{"amount":"20.00","currency":"EUR"}',
    ]


def test_who_is_held_out_is_held_out_as_a_decide_does(stall: Shop, run: Run) -> None:
    held_out = 0
    for user in (f"u{each}" for each in range(16)):
        decided, reserved = run(stall.decide("experiment", user)), run(reserve(stall, "trial", user))
        assert reserved.verdict == decided.verdict
        assert reserved.contact.state == decided.contact.state
        if reserved.verdict == HOLDOUT:
            assert list(reserved.reasons) == list(decided.reasons)
            held_out += 1
    assert 0 < held_out < 16


def test_who_was_held_out_is_not_tried_again(stall: Shop, run: Run) -> None:
    users = (f"u{each}" for each in range(16))
    answers = ((user, run(reserve(stall, "trial", user))) for user in users)
    user, first = next(each for each in answers if each[1].verdict == HOLDOUT)
    again = run(refused(reserve(stall, "trial", user, occurrence=first.contact.occurrence)))
    assert (reason_of(again), state_of(again)) == ("CONTACT_NOT_IN_STATE", "held_out")
    assert len(run(stall.stores.contacts.contacts(user, None, 9))) == 1


def test_a_request_id_names_one_request(stall: Shop, run: Run) -> None:
    run(reserve(stall, request_id="r1"))
    for other in (reserve(stall, "voucher", request_id="r1"), reserve(stall, user="u2", request_id="r1")):
        error = run(refused(other))
        assert (error.code(), reason_of(error)) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")
    assert len(run(stall.stores.contacts.contacts("u1", None, 9))) == 1


# ---- states


def test_from_reservation_to_confirmation(stall: Shop, run: Run) -> None:
    contact = run(reserve(stall)).contact
    sent = run(dispatch(stall, contact.contact_id))
    assert (sent.state, sent.fencing_token) == (DISPATCHED, 1)
    assert sent.lease_expire_time == at(DAY + "10:05:00+00:00")
    assert run(dispatch(stall, contact.contact_id)) == sent, "a repeat"
    confirm = pb.ConfirmRequest(contact_id=contact.contact_id, fencing_token=1)
    done = run(calls(stall).Confirm(confirm)).contact
    assert (done.state, done.HasField("lease_expire_time")) == (CONFIRMED, False)
    assert run(calls(stall).Confirm(confirm)).contact == done, "a repeat"
    stall.clock.set("2026-03-04T10:00:00+00:00")
    assert run(calls(stall).History(pb.HistoryRequest(user_id="u1"))).contacts == [done]


def test_of_two_who_dispatch_at_once_one_may_send(stall: Shop, run: Run) -> None:
    id = run(reserve(stall)).contact.contact_id

    async def all_at_once() -> list[Any]:
        tries = (dispatch(stall, id, f"d{each}") for each in range(16))
        return await asyncio.gather(*tries, return_exceptions=True)

    outcomes = run(all_at_once())
    assert sum(isinstance(each, contact_pb2.Contact) for each in outcomes) == 1
    assert {reason_of(each) for each in outcomes if isinstance(each, grpc.aio.AioRpcError)} == {
        "CONTACT_NOT_IN_STATE"
    }


def test_a_reservation_whose_lease_has_ended_cannot_be_dispatched(stall: Shop, run: Run) -> None:
    id = run(reserve(stall, lease_duration=Duration(seconds=1))).contact.contact_id
    stall.clock.set(DAY + "10:00:01+00:00")
    error = run(refused(dispatch(stall, id)))
    assert state_of(error) == "released"


def test_what_nobody_tells_of_is_uncertain_and_counts(stall: Shop, run: Run) -> None:
    id = run(reserve(stall)).contact.contact_id
    run(dispatch(stall, id, lease_duration=Duration(seconds=1)))
    stall.clock.set(DAY + "10:00:01+00:00")
    (contact,) = run(calls(stall).History(pb.HistoryRequest(user_id="u1"))).contacts
    assert contact.state == UNCERTAIN
    history = run(stall.stores.contacts.history("u1", None))
    assert len(history.touches(micros(DAY + "10:01:00+00:00"))) == 1
    assert reason_of(run(refused(dispatch(stall, id, "d2")))) == "CONTACT_NOT_IN_STATE"
    again = run(dispatch(stall, id, "d2", deduplicates=True))
    assert (again.state, again.fencing_token) == (DISPATCHED, 2)


def test_a_late_repeat_does_not_dispatch_again(stall: Shop, run: Run) -> None:
    id = run(reserve(stall)).contact.contact_id
    run(dispatch(stall, id, deduplicates=True, lease_duration=Duration(seconds=1)))
    stall.clock.set(DAY + "10:00:01+00:00")
    error = run(refused(dispatch(stall, id, deduplicates=True)))
    assert (reason_of(error), state_of(error)) == ("CONTACT_NOT_IN_STATE", "uncertain")
    confirm = pb.ConfirmRequest(contact_id=id, fencing_token=1)
    assert run(calls(stall).Confirm(confirm)).contact.state == CONFIRMED


def test_who_was_overtaken_cannot_speak_for_who_came_after(stall: Shop, run: Run) -> None:
    id = run(reserve(stall)).contact.contact_id
    run(dispatch(stall, id, lease_duration=Duration(seconds=1)))
    stall.clock.set(DAY + "10:00:01+00:00")
    run(dispatch(stall, id, "d2", deduplicates=True))
    late = pb.FailRequest(contact_id=id, fencing_token=1)
    assert reason_of(run(refused(calls(stall).Fail(late)))) == "STALE_FENCING_TOKEN"
    assert (
        run(calls(stall).Confirm(pb.ConfirmRequest(contact_id=id, fencing_token=2))).contact.state
        == CONFIRMED
    )


def test_word_that_comes_late_settles_what_was_uncertain(stall: Shop, run: Run) -> None:
    id = run(reserve(stall)).contact.contact_id
    run(dispatch(stall, id, lease_duration=Duration(seconds=1)))
    stall.clock.set(DAY + "10:30:00+00:00")
    assert run(calls(stall).Fail(pb.FailRequest(contact_id=id, fencing_token=1))).contact.state == FAILED


@pytest.mark.parametrize("call", ["Confirm", "Fail"])
def test_what_was_never_dispatched_has_no_outcome(stall: Shop, run: Run, call: str) -> None:
    id = run(reserve(stall)).contact.contact_id
    request = {"Confirm": pb.ConfirmRequest, "Fail": pb.FailRequest}[call](contact_id=id, fencing_token=1)
    assert reason_of(run(refused(getattr(calls(stall), call)(request)))) == "CONTACT_NOT_IN_STATE"


def test_what_is_released_stays_so(stall: Shop, run: Run) -> None:
    id = run(reserve(stall)).contact.contact_id
    release = pb.ReleaseRequest(contact_id=id)
    assert run(calls(stall).Release(release)).contact.state == RELEASED
    assert run(calls(stall).Release(release)).contact.state == RELEASED
    assert reason_of(run(refused(dispatch(stall, id)))) == "CONTACT_NOT_IN_STATE"
    assert run(stall.stores.contacts.find(id)).state is State.RELEASED


# ---- outcomes, history


def test_an_outcome_is_an_event_of_the_rules_and_counts_once(stall: Shop, run: Run) -> None:
    id = run(reserve(stall)).contact.contact_id
    request = pb.RecordOutcomeRequest(contact_id=id, type="order_paid", fields_json=b'{"order": "A"}')
    first, second = (run(calls(stall).RecordOutcome(request)) for _ in range(2))
    assert (first.duplicate, second.duplicate, first.event_id) == (False, True, f"{id}/order_paid")
    stored = run(stall.stores.events.fetch("u1", {"order_paid": None}, micros(DAY + "10:00:00+00:00"))).events
    assert [each.id for each in stored["order_paid"]] == [first.event_id]
    request.type = "order_payed"
    assert run(refused(calls(stall).RecordOutcome(request))).code() is grpc.StatusCode.INVALID_ARGUMENT


def test_an_outcome_of_now_is_the_same_when_it_is_told_again_later(stall: Shop, run: Run) -> None:
    id = run(reserve(stall)).contact.contact_id
    request = pb.RecordOutcomeRequest(contact_id=id, type="order_paid", fields_json=b'{"order": "A"}')
    run(calls(stall).RecordOutcome(request))
    stall.clock.set(DAY + "10:00:01+00:00")
    assert run(calls(stall).RecordOutcome(request)).duplicate
    request.fields_json = b'{"order": "B"}'
    assert reason_of(run(refused(calls(stall).RecordOutcome(request)))) == "EVENT_ID_REUSED"
    request.event_time.CopyFrom(at(DAY + "10:00:01+00:00"))
    request.fields_json = b'{"order": "A"}'
    assert reason_of(run(refused(calls(stall).RecordOutcome(request)))) == "EVENT_ID_REUSED"
    stored = run(stall.stores.events.fetch("u1", {"order_paid": None}, micros(DAY + "11:00:00+00:00"))).events
    assert [each.time for each in stored["order_paid"]] == [micros(TEN)]


def test_history_comes_in_pages_newest_first(stall: Shop, run: Run) -> None:
    for second in range(5):
        stall.clock.set(f"{DAY}10:00:0{second}+00:00")
        run(reserve(stall, request_id=f"r{second}"))
    first = run(calls(stall).History(pb.HistoryRequest(user_id="u1", page_size=3)))
    rest = run(calls(stall).History(pb.HistoryRequest(user_id="u1", page_token=first.next_page_token)))
    told = [each.occurrence for each in (*first.contacts, *rest.contacts)]
    assert told == [f"hello/r{second}" for second in (4, 3, 2, 1, 0)]
    assert not rest.next_page_token
    assert not run(calls(stall).History(pb.HistoryRequest(user_id="u1", page_size=5))).next_page_token
    assert len(run(calls(stall).History(pb.HistoryRequest(user_id="u1", page_size=10**6))).contacts) == 5


def test_what_nobody_told_of_is_listed_until_somebody_tells(stall: Shop, run: Run) -> None:
    for second in range(3):
        stall.clock.set(f"{DAY}10:00:0{second}+00:00")
        id = run(reserve(stall, request_id=f"r{second}")).contact.contact_id
        run(calls(stall).Dispatch(pb.DispatchRequest(contact_id=id, request_id=f"d{second}")))
    assert not run(calls(stall).ListUncertain(pb.ListUncertainRequest())).contacts
    stall.clock.set(DAY + "10:05:02+00:00")
    run(stall.stores.contacts.lapse(stall.clock.now(), 3))
    first = run(calls(stall).ListUncertain(pb.ListUncertainRequest(page_size=2)))
    rest = run(calls(stall).ListUncertain(pb.ListUncertainRequest(page_token=first.next_page_token)))
    told = [(each.user_id, each.occurrence) for each in (*first.contacts, *rest.contacts)]
    assert told == [("u1", f"hello/r{second}") for second in range(3)]
    assert not rest.next_page_token
    late = rest.contacts[0]
    run(calls(stall).Confirm(pb.ConfirmRequest(contact_id=late.contact_id, fencing_token=late.fencing_token)))
    assert len(run(calls(stall).ListUncertain(pb.ListUncertainRequest())).contacts) == 2


def test_contacts_of_one_instant_are_told_the_last_granted_first(stall: Shop, run: Run) -> None:
    for number in range(20):
        run(reserve(stall, request_id=f"r{number}"))
    told = run(calls(stall).History(pb.HistoryRequest(user_id="u1"))).contacts
    assert [each.occurrence for each in told] == [f"hello/r{number}" for number in reversed(range(20))]


def test_fields_that_are_no_outcome_are_refused_with_their_path(stall: Shop, run: Run) -> None:
    id = run(reserve(stall)).contact.contact_id
    request = pb.RecordOutcomeRequest(contact_id=id, type="order_paid", fields_json=b'{"order": 7}')
    error = run(refused(calls(stall).RecordOutcome(request)))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error_info(status_of(error)).metadata["path"] == "fields_json.order"
