"""Every method survives empty, huge, wrongly typed and hostile input: the right status, a reason, nothing stored."""

from __future__ import annotations

import json
from asyncio import gather
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb

from tests.server import bad_contacts
from tests.server.attack import METHODS, Findings, attacks, told
from tests.server.bad_contacts import RESERVE, reserve
from tests.server.bad_requests import (
    BACKFILL,
    CANARY,
    CHECK,
    CHECK_MANY,
    CONTACT,
    DICTIONARY,
    HORIZON,
    INVALID,
    LIST,
    LIST_MANY,
    LOAD,
    MATCH,
    RECORD,
    TABLE,
    UPSERT,
    Bad,
    check_crowds,
    check_many,
    check_rules,
    contact,
    horizon,
    list_many,
    load,
    upsert,
)
from tests.server.conftest import BY_EACH_TRANSPORT, RULES, Client, Run, Running, refused
from tests.server.messages import NOON, cart, error_info, record, status_of, subject


def call_of(client: Client, method: str) -> Callable[[Any], Any]:
    service, _, name = method.partition(".")
    call: Callable[[Any], Any] = getattr(getattr(client, service), name)
    return call


def stored(server: Running, run: Run) -> Any:
    """All that a refused request could have left behind."""
    stores = server.stores
    return (
        run(stores.events.fetch("u1", {"cart_add": None}, 2**60)).events,
        run(stores.profiles.fetch("u1")),
        run(stores.events.horizons()),
        run(stores.lists.holds("u1", ["staff"])),
        run(stores.rules.newest()),
        run(stores.contacts.contacts("u1", None, 9)),
    )


@BY_EACH_TRANSPORT
@pytest.mark.parametrize("bad", [*TABLE, *bad_contacts.TABLE], ids=lambda bad: f"{bad.method}: {bad.name}")
def test_bad_input_is_refused_with_a_reason_and_leaves_nothing(shop: Running, run: Run, bad: Bad) -> None:
    before = stored(shop, run)
    error = run(refused(call_of(shop.client, bad.method)(bad.request)))
    status = status_of(error)
    info = error_info(status)
    assert (error.code(), info.reason, info.metadata.get("path", "")) == (bad.code, bad.reason, bad.path)
    assert error.details() and "Traceback" not in error.details()
    assert CANARY not in str(status) and CANARY not in error.details()
    assert stored(shop, run) == before


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_hostile_values_in_every_field_of_every_method_are_refused_in_words(
    shop: Running, run: Run, method: Any
) -> None:
    """In small; `python -m tests.server.attack` tells a server on SQLite more, and looks at what it has stored and how it bears it."""
    findings = Findings()

    async def all_at_once() -> None:
        requests = list(attacks(method.input_type))
        errors = await gather(*(told(shop.client.channel, method, each) for each in requests))
        for request, error in zip(requests, errors, strict=True):
            findings.answered(method, request, error)
        assert errors[0] is not None and errors[0].code() is INVALID  # bytes that are no message

    run(all_at_once())
    assert findings.wrong == []


def test_a_stream_of_bytes_that_are_no_message_ends_as_the_callers_mistake(shop: Running, run: Run) -> None:
    async def stream() -> grpc.aio.AioRpcError:
        method: Any = shop.client.channel.stream_stream("/suasion.v1.FactService/StreamEvents")
        call = method(iter([b"\xff\xff"]))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call.read()
        return caught.value

    assert run(stream()).code() is INVALID


def test_a_message_of_a_stream_that_has_too_much_ends_it(shop: Running, run: Run) -> None:
    async def stream() -> grpc.aio.AioRpcError:
        request = facts_pb.StreamEventsRequest(events=[cart(f"e{n}", NOON) for n in range(1001)])
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await shop.client.facts.StreamEvents(iter([request])).read()
        return caught.value

    error = run(stream())
    assert (error.code(), error_info(status_of(error)).metadata["path"]) == (INVALID, "events")


@pytest.mark.parametrize(
    "method",
    [
        *(CHECK, LIST, MATCH, CONTACT, RESERVE, CHECK_MANY, LIST_MANY, DICTIONARY),
        *(UPSERT, RECORD, BACKFILL, HORIZON, LOAD),
    ],
)
def test_without_rules_there_is_nothing_to_answer_by(bare: Running, run: Run, method: str) -> None:
    requests = {
        CHECK: check_crowds(subject()),
        LIST: decisions_pb.ListCrowdsRequest(subject=subject()),
        MATCH: decisions_pb.MatchPlanRequest(subject=subject()),
        CONTACT: contact(plan="x"),
        RESERVE: reserve(),
        CHECK_MANY: check_many(),
        LIST_MANY: list_many(),
        DICTIONARY: decisions_pb.GetCrowdDictionaryRequest(),
        UPSERT: upsert("u1", b"{}"),
        RECORD: record(cart("e1", NOON)),
        BACKFILL: facts_pb.BackfillRequest(events=[cart("e1", NOON)]),
        HORIZON: horizon("cart_add"),
        LOAD: load(),
    }
    error = run(refused(call_of(bare.client, method)(requests[method])))
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert error_info(status_of(error)).reason == "NO_ACTIVE_RULES"


def test_a_decide_has_to_be_named_when_there_are_many(shop: Running, run: Run) -> None:
    run(shop.client.activate(RULES + "decide second { among hello }\n"))
    error = run(refused(shop.client.decisions.MatchPlan(decisions_pb.MatchPlanRequest(subject=subject()))))
    assert error.code() is INVALID and "`best`, `second`" in error.details()


def test_hundreds_of_violations_fit_into_a_status(shop: Running, run: Run) -> None:
    wrong = {"events": [{"event": "x" * 200, "time": "never"} for _ in range(500)]}
    error = run(refused(shop.client.decisions.CheckCrowds(check_crowds(subject(**wrong)))))
    assert error.code() is INVALID
    broken = "".join(f"crowd c{n} {{ user.{'é' * 90}{n} }}\n" for n in range(300))
    error = run(refused(shop.client.activate(broken)))
    assert error.code() is INVALID and error_info(status_of(error)).reason == "RULES_DO_NOT_COMPILE"


@pytest.mark.parametrize(
    "text", ["", "\x00\x01", "crowd", "{" * 50_000, "crowd a { " + "(" * 50_000, "é" * 10_000]
)
def test_texts_that_are_no_rules_are_checked_and_not_feared(bare: Running, run: Run, text: str) -> None:
    answer = run(bare.client.rules.Check(check_rules(("a.sua", text))))
    assert answer.valid is (text == "")
    assert bool(answer.diagnostics) is (text != "")
    assert len(json.dumps([each.rendered for each in answer.diagnostics])) < 10**6


def test_a_file_may_be_called_what_it_likes(bare: Running, run: Run) -> None:
    answer = run(bare.client.rules.Check(check_rules(("../../etc/passwd", RULES))))
    assert answer.valid
