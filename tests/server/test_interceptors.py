"""What happens around every call."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb

from server.logs import JsonLines
from server.rpc.interceptors import in_order
from tests.server.conftest import BY_EACH_TRANSPORT, Run, Running, refused
from tests.server.messages import cart, error_info, profile, record, status_of, subject

pytestmark = BY_EACH_TRANSPORT
CANARY = "anna.canary@example.org"


def list_crowds(server: Running, user: str = "u1", request_id: str = "", **options: Any) -> Any:
    request = decisions_pb.ListCrowdsRequest(subject=subject(user), request_id=request_id)
    return server.client.decisions.ListCrowds(request, **options)


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    written = [JsonLines().format(each) for each in caplog.records if each.name.startswith("suasion")]
    return [json.loads(line) for line in written]


def test_the_order_is_this() -> None:
    assert [each.__name__ for each in in_order(None, pushes_back=True)] == [
        "with_request_id",
        "with_access_log",
        "with_statuses",
        "with_access",
        "with_deadline",
        "with_size_limit",
        "with_valid_request_id",
    ]


@pytest.mark.parametrize(
    ("in_request", "in_header", "wanted"), [("r-1", "h-1", "r-1"), ("", "h-1", "h-1"), ("", "", "")]
)
def test_a_call_has_the_id_of_its_request_or_header_or_a_new_one(
    shop: Running, run: Run, in_request: str, in_header: str, wanted: str
) -> None:
    async def trailers() -> dict[str, Any]:
        metadata = (("x-request-id", in_header),) if in_header else ()
        call = list_crowds(shop, request_id=in_request, metadata=metadata)
        await call
        return dict(await call.trailing_metadata())

    sent = run(trailers())["x-request-id"]
    assert sent == wanted or (not wanted and len(sent) == 32)


def test_a_refused_call_has_its_id_too(shop: Running, run: Run) -> None:
    error = run(refused(list_crowds(shop, user="", request_id="r-2")))
    assert dict(error.trailing_metadata())["x-request-id"] == "r-2"


def test_every_call_is_logged_in_one_line_without_what_was_asked(
    shop: Running, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run(shop.client.facts.UpsertProfiles(profile(CANARY, country=CANARY)))
    run(shop.client.facts.RecordEvents(record(cart("e1", "2026-03-03T12:00:00+00:00", user=CANARY))))
    run(list_crowds(shop, CANARY, request_id="r-3"))
    run(refused(shop.client.facts.UpsertProfiles(profile(CANARY, email_ok=CANARY))))
    assert [(each["method"].rpartition("/")[2], each["code"]) for each in lines(caplog)] == [
        ("UpsertProfiles", "OK"),
        ("RecordEvents", "OK"),
        ("ListCrowds", "OK"),
        ("UpsertProfiles", "INVALID_ARGUMENT"),
    ]
    assert lines(caplog)[2]["request_id"] == "r-3"
    assert CANARY not in caplog.text


def test_a_bug_of_ours_is_said_to_be_one_and_its_place_is_logged(
    shop: Running, run: Run, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch(user: str) -> Any:
        raise ValueError(f"no such user: {user}")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(shop.stores.profiles, "fetch", fetch)
    error = run(refused(list_crowds(shop, CANARY)))
    assert error.code() is grpc.StatusCode.INTERNAL
    assert error_info(status_of(error)).reason == "INTERNAL"
    bug = next(each for each in lines(caplog) if each["event"] == "bug")
    assert bug["exception"] == "ValueError" and "test_interceptors.py" in bug["at"][-1]
    assert CANARY not in caplog.text and CANARY not in str(status_of(error))


def test_a_deadline_ends_a_call_that_waits_for_a_store(
    shop: Running, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(user: str) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(shop.stores.profiles, "fetch", never)
    error = run(refused(list_crowds(shop, timeout=0.2)))
    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_a_call_without_a_deadline_gets_one(shop: Running, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(user: str) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(shop.stores.profiles, "fetch", never)
    monkeypatch.setattr("server.rpc.interceptors.LONGEST_UNARY_SECONDS", 0.01)
    error = run(refused(list_crowds(shop)))
    assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert error_info(status_of(error)).reason == "DEADLINE_EXCEEDED"


def test_a_stream_has_no_deadline_but_its_clients(
    shop: Running, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def heard() -> list[int]:
        stub: Any = health_pb2_grpc.HealthStub(shop.client.channel)
        call = stub.Watch(health_pb2.HealthCheckRequest(service=""))
        first = await call.read()
        error = await refused(list_crowds(shop))  # whatever has a deadline of ours is over now
        assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        await shop.service.endpoint.say_farewell()
        second = await call.read()
        call.cancel()
        return [first.status, second.status]

    async def never(user: str) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(shop.stores.profiles, "fetch", never)
    monkeypatch.setattr("server.rpc.interceptors.LONGEST_UNARY_SECONDS", 0.01)
    assert len(set(run(heard()))) == 2


def test_a_message_of_a_stream_that_is_too_large_is_refused(shop: Running, run: Run) -> None:
    async def ends() -> grpc.aio.AioRpcError:
        call = shop.client.facts.StreamEvents()
        event = cart("e1", "2026-03-03T12:00:00+00:00")
        event.fields_json = b" " * (5 * 2**20)
        await call.write(facts_pb.StreamEventsRequest(events=[event]))
        return await refused(call.read())

    error = run(ends())
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert error_info(status_of(error)).reason == "REQUEST_TOO_LARGE"


def test_a_cancelled_call_leaves_the_server_well(shop: Running, run: Run) -> None:
    async def cancel_many() -> None:
        calls = [list_crowds(shop, f"u{n}") for n in range(200)]
        for call in calls[::2]:
            call.cancel()
        for answer in await asyncio.gather(*calls[1::2]):
            assert answer.crowd_count == 3

    run(cancel_many())


def test_what_libraries_log_is_told_without_their_words() -> None:
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        raised = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("grpc", logging.ERROR, "server.py", 7, "about %s", (CANARY,), raised)
    line = JsonLines().format(record)
    assert json.loads(line)["exception"] == "ValueError" and CANARY not in line
