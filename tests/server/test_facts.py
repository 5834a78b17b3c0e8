"""How facts come in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import grpc
import orjson
import pytest
from suasion.v1 import answer_pb2
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as pb

from tests.server.conftest import RULES, Run, Running, refused
from tests.server.messages import NOON, at, cart, error_info, eur, event, profile, record, status_of, subject

RECORDED, DUPLICATE = pb.RecordEventResult.STATE_RECORDED, pb.RecordEventResult.STATE_DUPLICATE


def send(server: Running, run: Run, *events: pb.Event) -> Any:
    return run(server.client.facts.RecordEvents(record(*events)))


def states(response: Any) -> list[int]:
    return [result.state for result in response.results]


def now_of(server: Running, run: Run) -> Any:
    """The instant as of which the server decides."""
    request = decisions_pb.ListCrowdsRequest(subject=subject())
    return run(server.client.decisions.ListCrowds(request)).provenance.evaluate_time


# ---- events


def test_the_repeat_of_an_event_is_acknowledged_as_such(shop: Running, run: Run) -> None:
    assert states(send(shop, run, cart("e1", NOON))) == [RECORDED]
    again = send(shop, run, cart("e1", NOON), cart("e2", NOON))
    assert states(again) == [DUPLICATE, RECORDED]
    assert (again.recorded_count, again.duplicate_count) == (1, 1)
    assert states(send(shop, run, cart("e2", NOON))) == [DUPLICATE]


def test_the_layout_of_json_does_not_make_another_event(shop: Running, run: Run) -> None:
    plain = cart("e1", NOON)
    spaced = cart("e1", NOON)
    fields = dict(reversed(json.loads(plain.fields_json).items()))
    spaced.fields_json = json.dumps(fields, indent=3).encode()
    send(shop, run, plain)
    assert states(send(shop, run, spaced)) == [DUPLICATE]


def test_another_event_under_a_used_id_is_refused_by_name(shop: Running, run: Run) -> None:
    send(shop, run, cart("e1", NOON))
    error = run(refused(shop.client.facts.RecordEvents(record(cart("e1", NOON, "31.00")))))
    assert error.code() is grpc.StatusCode.ALREADY_EXISTS and "`e1`" in error.details()
    info = error_info(status_of(error))
    assert (info.reason, info.domain, info.metadata["event_id"]) == ("EVENT_ID_REUSED", "suasion", "e1")


def test_each_event_of_a_call_has_a_result_of_its_own(shop: Running, run: Run) -> None:
    wrong = event("e2", "cart_add", sku="a", price="lots")
    response = send(
        shop, run, cart("e1", NOON), wrong, event("e3", "cart_ad"), cart("", NOON), cart("e5", NOON)
    )
    assert states(response) == [RECORDED, 0, 0, 0, RECORDED]
    paths = [error_info(each.error).metadata["path"] for each in response.results if each.HasField("error")]
    assert paths == ["events[1].fields_json.price", "events[2].type", "events[3].event_id"]
    assert all(
        each.error.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
        for each in response.results
        if each.HasField("error")
    )
    assert states(send(shop, run, cart("e2", NOON), cart("e1", NOON))) == [RECORDED, DUPLICATE]


def test_undeclared_fields_are_counted_and_kept_for_rules_to_come(shop: Running, run: Run) -> None:
    loved = event("e1", "order_paid", total=eur("1.00"), colour="blue", size=3)
    assert send(shop, run, loved).results[0].undeclared_field_count == 2
    rules = RULES.replace("order_paid { total: money EUR }", "order_paid { total: money EUR  colour: text }")
    rules += 'crowd blue { did order_paid where colour is "blue" within 7 days }\n'
    run(shop.client.activate(rules))
    asked = decisions_pb.CheckCrowdsRequest(subject=subject(), crowds=["blue"])
    answer = run(shop.client.decisions.CheckCrowds(asked))
    assert answer.answers[0].answer == answer_pb2.ANSWER_YES


def test_what_a_later_version_cannot_read_is_unavailable_and_not_missing(shop: Running, run: Run) -> None:
    run(shop.client.facts.UpsertProfiles(profile(country="de", tier="plus")))
    rules = RULES.replace("country: text optional", "country: int optional")
    rules = rules.replace('user.country is "de"', "user.country is missing").replace(
        'user.country otherwise "world"', '"world"'
    )
    run(shop.client.activate(rules))
    asked = decisions_pb.CheckCrowdsRequest(subject=subject(), crowds=["german"])
    answer = run(shop.client.decisions.CheckCrowds(asked))
    assert answer.answers[0].answer == answer_pb2.ANSWER_UNKNOWN
    assert answer.provenance.unavailable == ["user.country"] and answer.provenance.degraded


def test_the_clock_of_events_shows_the_greatest_time_seen(shop: Running, run: Run) -> None:
    send(shop, run, cart("e1", "1997-06-01T00:00:00+00:00"), cart("e2", "1997-05-01T00:00:00+00:00"))
    assert now_of(shop, run) == at("1997-06-01T00:00:00+00:00")
    send(shop, run, cart("e3", "1997-05-01T00:00:00+00:00"))
    assert now_of(shop, run) == at("1997-06-01T00:00:00+00:00")


def test_a_refused_event_does_not_move_the_clock(shop: Running, run: Run) -> None:
    send(shop, run, cart("e1", "1997-06-01T00:00:00+00:00"))
    run(
        refused(
            shop.client.facts.RecordEvents(
                record(event("e2", "cart_add", "2030-01-01T00:00:00+00:00", price=3))
            )
        )
    )
    assert now_of(shop, run) == at("1997-06-01T00:00:00+00:00")


# ---- streams


async def messages(*requests: pb.StreamEventsRequest) -> AsyncIterator[pb.StreamEventsRequest]:
    for request in requests:
        yield request


def test_every_message_of_a_stream_is_answered_in_order(shop: Running, run: Run) -> None:
    async def stream() -> list[Any]:
        requests = messages(
            pb.StreamEventsRequest(events=[cart("e1", NOON), cart("e2", NOON)]),
            pb.StreamEventsRequest(),
            pb.StreamEventsRequest(events=[event("e3", "no_such_event")]),
            pb.StreamEventsRequest(events=[cart("e1", NOON), cart("e4", NOON)]),
        )
        return [response async for response in shop.client.facts.StreamEvents(requests)]

    responses = run(stream())
    assert [states(each) for each in responses] == [[RECORDED, RECORDED], [], [0], [DUPLICATE, RECORDED]]
    assert [each.recorded_count for each in responses] == [2, 0, 0, 1]


def test_what_a_stream_acknowledged_is_stored_before_it_ends(shop: Running, run: Run) -> None:
    async def half_a_stream() -> list[int]:
        call = shop.client.facts.StreamEvents()
        await call.write(pb.StreamEventsRequest(events=[cart("e1", NOON)]))
        await call.read()
        answer = await shop.client.facts.RecordEvents(record(cart("e1", NOON)))
        call.cancel()
        return states(answer)

    assert run(half_a_stream()) == [DUPLICATE]


def test_an_event_sent_by_many_at_once_is_recorded_once(shop: Running, run: Run) -> None:
    async def all_at_once() -> list[Any]:
        call = shop.client.facts.RecordEvents
        return await asyncio.gather(*(call(record(cart("e1", NOON))) for _ in range(64)))

    assert sum(response.recorded_count for response in run(all_at_once())) == 1


# ---- profiles


def test_an_upsert_keeps_what_it_does_not_name(shop: Running, run: Run) -> None:
    run(shop.client.facts.UpsertProfiles(profile(country="de", tier="plus", shoe_size=44)))
    response = run(shop.client.facts.UpsertProfiles(profile(id="u1", tier=None)))
    assert response.stored_count == 1 and not response.results[0].undeclared_field_count
    stored = run(shop.stores.profiles.fetch("u1"))
    assert stored == {"country": "de", "tier": None, "shoe_size": 44, "id": "u1"}


def test_each_profile_of_a_call_has_a_result_of_its_own(shop: Running, run: Run) -> None:
    changes = [
        pb.Profile(user_id="u1", attributes_json=b'{"tier":"plus","x":1}'),
        pb.Profile(user_id="u2", attributes_json=b'{"tier":"gold"}'),
        pb.Profile(user_id="u3", attributes_json=b'{"id":"u4"}'),
    ]
    response = run(shop.client.facts.UpsertProfiles(pb.UpsertProfilesRequest(profiles=changes)))
    assert response.stored_count == 1 and response.results[0].undeclared_field_count == 1
    paths = [error_info(each.error).metadata["path"] for each in response.results[1:]]
    assert paths == ["profiles[1].attributes_json.tier", "profiles[2].attributes_json.id"]
    assert run(shop.stores.profiles.fetch("u2")) == {}


# ---- lists


@pytest.mark.parametrize(
    ("mode", "on", "counts"),
    [
        ("MODE_UNSPECIFIED", {"u2"}, (1, 1, 1)),
        ("MODE_REPLACE", {"u2"}, (1, 1, 1)),
        ("MODE_ADD", {"u1", "u2"}, (2, 1, 0)),
        ("MODE_REMOVE", {"u1"}, (1, 0, 0)),
    ],
)
def test_a_list_is_replaced_added_to_or_taken_from(
    shop: Running, run: Run, mode: str, on: set[str], counts: tuple[int, int, int]
) -> None:
    load = shop.client.facts.LoadList
    run(load(pb.LoadListRequest(list="staff", user_ids=["u1"])))
    answer = run(load(pb.LoadListRequest(list="staff", user_ids=["u2"], mode=mode)))
    assert (answer.user_count, answer.added_count, answer.removed_count) == counts
    held = {user for user in ("u1", "u2") if run(shop.stores.lists.holds(user, ["staff"]))["staff"]}
    assert held == on


def test_the_version_of_a_list_is_told_and_may_be_expected(shop: Running, run: Run) -> None:
    load, get = shop.client.facts.LoadList, shop.client.facts.GetList
    assert run(get(pb.GetListRequest(list="staff"))).list_version == 0
    assert (
        run(load(pb.LoadListRequest(list="staff", user_ids=["u1"], expected_list_version=0))).list_version
        == 1
    )
    assert run(load(pb.LoadListRequest(list="staff", user_ids=["u2"], mode="MODE_ADD"))).list_version == 2
    error = run(refused(load(pb.LoadListRequest(list="staff", expected_list_version=1))))
    info = error_info(status_of(error))
    assert error.code() is grpc.StatusCode.ABORTED
    assert (info.reason, info.metadata["list_version"]) == ("LIST_HAS_CHANGED", "2")
    found = run(get(pb.GetListRequest(list="staff")))
    assert (found.user_count, found.list_version, found.HasField("load_time")) == (2, 2, True)


def test_stored_json_is_what_came_in(shop: Running, run: Run) -> None:
    strange: Any = {"sku": "é🎈\u2028\x7f", "price": eur("1.000000"), "note": {"deep": [1, 2.5, None, True]}}
    send(shop, run, event("e1", "cart_add", **strange))
    stored = run(shop.stores.events.fetch("u1", {"cart_add": None}, 2**60)).events["cart_add"]
    assert orjson.loads(stored[0].fields) == strange
