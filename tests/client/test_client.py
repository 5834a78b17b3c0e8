"""The client says what the server does, and keeps asking only where that is safe."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub

from server.rpc.errors import BUG, KINDS, Kind
from suasion_client import (
    AsyncClient,
    Backfill,
    BatchDecide,
    CheckContact,
    CheckCrowds,
    Client,
    Confirm,
    Conflict,
    ContactState,
    DeadlinePassed,
    Decide,
    Decision,
    Dispatch,
    Erased,
    EraseUser,
    Event,
    Fail,
    GetList,
    History,
    InvalidRequest,
    ListCrowds,
    ListHorizons,
    ListMode,
    ListState,
    LoadList,
    MatchPlan,
    Money,
    NotAllowed,
    NotFound,
    OutOfReach,
    Profile,
    ProfileResult,
    RecordEvents,
    RecordOutcome,
    Release,
    Reserve,
    ServerBug,
    SetHorizon,
    SuasionError,
    UpsertProfiles,
    User,
    Verdict,
)
from suasion_client.asking import OUT_OF_REACH
from suasion_client.errors import error_of
from suasion_client.request import Request
from suasion_client.values import json_of
from tests.server.test_process import ROOT, SHOP, Serve, serve

__all__ = ["serve"]
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def cart(id: str, user: str = "u1", time: datetime = NOON) -> Event:
    return Event(id, "cart_add", user, time, {"sku": "a", "price": Money("30.00", "EUR")})


def test_facts_go_in_and_answers_come_out(serve: Serve) -> None:
    with Client(serve(str(SHOP), "--clock", "events").address) as suasion:
        (kept,) = suasion.ask(UpsertProfiles([Profile("u1", {"country": "de", "email_ok": True, "slip": 1})]))
        assert kept == ProfileResult("u1", error=None, undeclared=1)
        first, wrong = suasion.ask(RecordEvents([cart("e1"), Event("e2", "cart_ad", "u1", NOON)]))
        assert not first.known and first.error is None
        assert isinstance(wrong.error, InvalidRequest) and wrong.error.violations[0].path == "events[1].type"
        assert suasion.ask(RecordEvents([cart("e1"), cart("e3")]))[0].known
        (old,) = suasion.ask(Backfill([cart("e0", time=NOON - timedelta(days=9))]))
        assert not old.known and old.error is None
        suasion.ask(SetHorizon("cart_add", NOON - timedelta(days=30)))
        horizons = suasion.ask(ListHorizons())
        assert (horizons["cart_add"], horizons["order_paid"]) == (NOON - timedelta(days=30), None)
        assert suasion.ask(LoadList("staff", ["boss"])) == 1
        assert suasion.ask(LoadList("staff", ["aide"], ListMode.ADD)) == 2
        assert suasion.ask(GetList("staff")) == ListState(users=2, version=2, loaded=NOON)
        with pytest.raises(Conflict, match="its version is 2"):
            suasion.ask(LoadList("staff", [], expected_version=1))
        assert suasion.ask(EraseUser("aide")) == Erased(attributes=0, events=0, lists=1, contacts=0)
        found = suasion.ask(CheckCrowds("u1", ["hot_cart", "staff"]))
        assert found.answers == {"hot_cart": True, "staff": False} and found.provenance.at == NOON
        french = suasion.ask(ListCrowds(User("u1", {"country": "fr"})))
        assert "german" not in french.answers and french.answers["rescue"]
        best = suasion.ask(MatchPlan("u1"))
        assert (best.verdict, best.plan) == (Verdict.BLOCK, "coupon") and best.contact is None
        assert "do_not_contact" in suasion.ask(CheckContact("u1", "coupon")).reasons[0].text


def test_a_decision_is_granted_once_and_what_timers_decide_is_watched(serve: Serve) -> None:
    with Client(serve(str(SHOP), "--clock", "events").address) as suasion:
        for name in ("staff", "do_not_contact"):
            suasion.ask(LoadList(name, []))
        request = Decide("u1", event=cart("e1"))
        first, again = suasion.ask(request), suasion.ask(request)
        assert first == again and (first.verdict, first.plan) == (Verdict.SEND, "hello")
        assert first.contact and first.contact.state is ContactState.RESERVED
        assert first.contact.lease_until == NOON + timedelta(minutes=5)
        with pytest.raises(Conflict) as caught:
            suasion.ask(Decide("u1", event=cart("e1", time=NOON + timedelta(hours=1))))
        assert caught.value.reason == "EVENT_ID_REUSED"
        many = suasion.ask(BatchDecide([Decide("u8"), Decide("u9", "bes")]))
        assert isinstance(many[0], Decision) and many[0].plan == "hello"
        assert isinstance(many[1], NotFound) and many[1].metadata["name"] == "bes"
        suasion.ask(RecordEvents([cart("e2", "u2"), cart("e3", "u2")]))
        suasion.ask(RecordEvents([cart("e4", "u3", NOON + timedelta(hours=3))]))
        # What was opened for u1 comes due in the same instant: who is first is not said.
        decided = next(each for each in suasion.watch() if each.user == "u2")
        assert decided.decision.plan == "nudge"


def test_a_contact_is_led_to_what_became_of_it(serve: Serve) -> None:
    with Client(serve(str(SHOP), "--clock", "events").address) as suasion:
        for name in ("staff", "do_not_contact"):
            suasion.ask(LoadList(name, []))
        granted = suasion.ask(Decide("u1", event=cart("e1"), lease=timedelta(minutes=1))).contact
        assert granted and granted.lease_until == NOON + timedelta(minutes=1)
        request = Dispatch(granted.id, lease=timedelta(minutes=2))
        sending, again = suasion.ask(request), suasion.ask(request)
        assert sending == again and (sending.state, sending.fencing_token) == (ContactState.DISPATCHED, 1)
        assert sending.lease_until == NOON + timedelta(minutes=2)
        for refused in (Dispatch(granted.id), Release(granted.id), Confirm(granted.id, 2)):
            with pytest.raises(Conflict):
                suasion.ask(refused)
        confirmed = suasion.ask(Confirm(granted.id, sending.fencing_token))
        assert (confirmed.state, confirmed.lease_until) == (ContactState.CONFIRMED, None)
        outcome = RecordOutcome(granted.id, "order_paid", NOON, {"total": Money("5.00", "EUR")})
        assert [suasion.ask(outcome).known, suasion.ask(outcome).known] == [False, True]
        assert suasion.ask(History("u1")).contacts == (confirmed,)
        with pytest.raises(NotFound):
            suasion.ask(Dispatch("nobody's"))


def test_what_does_not_go_out_is_given_back(serve: Serve) -> None:
    with Client(serve(str(SHOP), "--clock", "events").address) as suasion:
        for name in ("staff", "do_not_contact"):
            suasion.ask(LoadList(name, []))
        suasion.ask(RecordEvents([cart("e1", "u9")]))  # it is noon
        first = suasion.ask(Reserve("u1", "hello"))
        assert first.verdict is Verdict.SEND and first.contact and first.reasons == ()
        assert suasion.ask(Release(first.contact.id)).state is ContactState.RELEASED
        second = suasion.ask(Reserve("u1", "hello", occurrence=first.contact.occurrence)).contact
        assert second and second.occurrence == first.contact.occurrence
        sending = suasion.ask(Dispatch(second.id))
        failed = suasion.ask(Fail(second.id, sending.fencing_token))
        assert failed.state is ContactState.FAILED
        newest = suasion.ask(History("u1", most=1))
        older = suasion.ask(History("u1", after=newest.next))
        states = [each.state for each in (*newest.contacts, *older.contacts)]
        assert sorted(states) == [ContactState.FAILED, ContactState.RELEASED] and older.next == ""


def test_the_client_for_asyncio_does_the_same(serve: Serve) -> None:
    async def asked(address: str) -> Any:
        async with AsyncClient(address) as suasion:
            await suasion.ask(RecordEvents([cart("e1"), cart("e2")]))
            with pytest.raises(NotFound, match="did you mean `hot_cart`") as caught:
                await suasion.ask(CheckCrowds("u1", ["hot_car"]))
            assert caught.value.reason == "UNKNOWN_NAME" and caught.value.request_id
            return (await suasion.ask(CheckCrowds("u1", ["hot_cart"]))).answers

    assert asyncio.run(asked(serve(str(SHOP), "--clock", "events").address)) == {"hot_cart": True}


@pytest.mark.parametrize("kind", [*KINDS.values(), BUG], ids=lambda kind: kind.reason)
def test_every_refusal_of_the_server_has_its_place_in_the_tree(kind: Kind) -> None:
    status = status_pb2.Status(code=kind.code.value[0], message="no")
    status.details.add().Pack(error_details_pb2.ErrorInfo(reason=kind.reason, metadata={"a": "b"}))
    error = error_of(status)
    assert type(error) is not SuasionError and (error.reason, error.metadata) == (kind.reason, {"a": "b"})
    assert isinstance(error, ServerBug) is (kind is BUG)


# ---- servers that do not behave


class Unwilling(grpc.GenericRpcHandler):
    """Answers with these codes, one call after the other, and then as asked."""

    def __init__(self, *codes: grpc.StatusCode) -> None:
        self.codes = list(codes)
        self.asked: list[bytes] = []

    def service(self, details: Any) -> Any:
        responses = {
            "ListCrowds": pb.ListCrowdsResponse(),
            "LoadList": facts_pb.LoadListResponse(user_count=7),
        }
        response = responses[details.method.rpartition("/")[2]].SerializeToString()

        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            self.asked.append(request)
            if self.codes:
                context.abort(self.codes.pop(0), "not now")
            return response

        return grpc.unary_unary_rpc_method_handler(answer)


@contextmanager
def serving(handler: Unwilling) -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None)


UNAVAILABLE = grpc.StatusCode.UNAVAILABLE


def test_what_is_safe_to_repeat_is_repeated_while_there_is_time() -> None:
    handler = Unwilling(UNAVAILABLE, grpc.StatusCode.CANCELLED, UNAVAILABLE)
    with serving(handler) as address, Client(address, seconds=60) as suasion:
        assert suasion.ask(ListCrowds("u1")).answers == {}
    assert len(handler.asked) == 4 and len(set(handler.asked)) == 1


def test_what_is_not_safe_to_repeat_is_asked_once() -> None:
    handler = Unwilling(UNAVAILABLE)
    with serving(handler) as address, Client(address, seconds=60) as suasion:
        with pytest.raises(OutOfReach):
            suasion.ask(LoadList("staff", []))
        assert len(handler.asked) == 1
        assert suasion.ask(LoadList("staff", [])) == 7


def test_the_service_config_has_grpc_repeat_the_same() -> None:
    text = (ROOT / "suasion_client" / "service_config.json").read_text(encoding="utf-8")
    (config,) = json.loads(text)["methodConfig"]
    assert set(config["retryPolicy"]["retryableStatusCodes"]) == {
        *(each.name for each in OUT_OF_REACH),
        "RESOURCE_EXHAUSTED",  # of which the server says when to repeat it
    }
    named = {(each["service"], each.get("method")) for each in config["name"]}
    for each in Request.__subclasses__():
        service, _, method = f"suasion.v1.{each.method}".partition("/")
        assert each.repeatable is bool(named & {(service, None), (service, method)}), each
    handler = Unwilling(UNAVAILABLE, grpc.StatusCode.CANCELLED)
    with (
        serving(handler) as address,
        grpc.insecure_channel(address, options=[("grpc.service_config", text)]) as channel,
    ):
        DecisionServiceStub(channel).ListCrowds(pb.ListCrowdsRequest(), timeout=60)  # type: ignore[no-untyped-call]
    assert len(handler.asked) == 3


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (grpc.StatusCode.INTERNAL, ServerBug),
        (grpc.StatusCode.ABORTED, Conflict),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, OutOfReach),
        (grpc.StatusCode.DEADLINE_EXCEEDED, DeadlinePassed),
        (grpc.StatusCode.UNIMPLEMENTED, ServerBug),
    ],
)
def test_other_failures_are_not_repeated(code: grpc.StatusCode, kind: type[SuasionError]) -> None:
    handler = Unwilling(code)
    with serving(handler) as address, Client(address, seconds=60) as suasion:
        with pytest.raises(kind, match="not now"):
            suasion.ask(ListCrowds("u1"))
        assert len(handler.asked) == 1


def test_a_server_that_is_gone_is_out_of_reach() -> None:
    with Client("127.0.0.1:1", seconds=0.3) as suasion, pytest.raises(OutOfReach):
        suasion.ask(ListCrowds("u1"))

    async def asked() -> None:
        async with AsyncClient("127.0.0.1:1", seconds=0.3) as suasion:
            await suasion.ask(ListCrowds("u1"))

    with pytest.raises(OutOfReach):
        asyncio.run(asked())


def test_values_are_written_as_facts_are() -> None:
    facts = {"a": Money("1.50", "EUR"), "b": NOON, "c": timedelta(hours=2), "d": None, "e": [1, "x"]}
    assert json_of(facts) == (
        b'{"a": {"amount": "1.50", "currency": "EUR"}, "b": "2026-03-03T12:00:00+00:00", "c": "7200s", '
        b'"d": null, "e": [1, "x"]}'
    )
    with pytest.raises(TypeError, match="a fact cannot be a set"):
        json_of({"a": {1}})
    with pytest.raises(ValueError, match="an instant needs a zone"):
        cart("e1", time=datetime(2026, 1, 1)).message()


def test_what_is_no_request_and_no_token_is_told_before_anything_is_sent() -> None:
    nobody: Any = "127.0.0.1:1"
    with Client(nobody) as suasion:
        with pytest.raises(TypeError, match="'hi' is no request"):
            suasion.ask("hi")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="a Profile is wanted, not User"):
            suasion.ask(UpsertProfiles([User("u1")]))  # type: ignore[list-item]
    with Client(nobody, token="a\nb") as suasion, pytest.raises(NotAllowed, match="no header may have"):
        suasion.ask(MatchPlan("u1"))
