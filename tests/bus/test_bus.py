"""Events in from a real RabbitMQ, orders and decisions out, on every store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.json_format import Parse
from suasion.v1 import contact_pb2
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb

from tests.bus.broker import as_json, next_of
from tests.bus.conftest import Shop
from tests.server.clock import micros
from tests.server.conftest import Run
from tests.server.decide_shop import DAY, TEN
from tests.server.messages import at, eur, event
from tests.stores import ADAPTERS

FORMATS: dict[str, Callable[[facts_pb.Event], bytes]] = {
    "application/json": as_json,
    "application/x-protobuf": facts_pb.Event.SerializeToString,
}


def created(id: str, order: str, user: str = "u1") -> facts_pb.Event:
    return event(id, "order_created", TEN, user, order=order)


async def reminded(shop: Shop) -> Any:
    """The next order to the SMS queue."""
    return await shop.next("orders.sms")


@pytest.mark.parametrize("stores", ADAPTERS, indirect=True)
@pytest.mark.parametrize("content_type", FORMATS)
def test_an_event_comes_in_and_an_order_goes_out_when_it_is_due(
    shop: Shop, run: Run, content_type: str
) -> None:
    async def story() -> tuple[Any, Any]:
        decisions = await shop.broker.listen("decisions", "send")
        await shop.broker.tell(FORMATS[content_type](created("e1", "A")), "orders", content_type)
        await shop.until("recorded", 1)
        (waiting,) = await shop.stores.timers.open("u1")
        assert waiting.due == micros(DAY + "10:10:00+00:00")
        shop.clock.set(DAY + "10:10:00+00:00")
        return await reminded(shop), await next_of(decisions)

    order, decision = run(story())
    contact = Parse(order.body, contact_pb2.Contact())
    assert (contact.user_id, contact.channel, contact.content) == ("u1", "sms", "remind")
    assert (contact.plan, contact.occurrence) == ("remind", "remind/order=A")
    assert contact.state == contact_pb2.CONTACT_STATE_RESERVED
    assert contact.lease_expire_time == at(DAY + "10:15:00+00:00")
    assert (order.message_id, order.type) == (contact.contact_id, "suasion.v1.Contact")
    assert order.content_type == "application/json"
    told = Parse(decision.body, pb.WatchResponse())
    assert (decision.message_id, decision.type) == (str(told.id), "suasion.v1.WatchResponse")
    assert told.decision.contact == contact
    assert [told] == run(watched(shop))


async def watched(shop: Shop) -> list[pb.WatchResponse]:
    """What is told to those who watch over gRPC; they are told still."""
    call = shop.running.client.decisions.Watch(pb.WatchRequest(after_id=0))
    answer = await call.read()
    call.cancel()
    return [answer]


def test_a_plan_that_need_not_wait_is_ordered_at_once(shop: Shop, run: Run) -> None:
    async def story() -> Any:
        await shop.broker.tell(as_json(event("e1", "cart_add", TEN, price=eur("30.00"))))
        return await shop.next("orders.push")

    assert json.loads(run(story()).body)["plan"] == "nudge"


def test_what_is_delivered_twice_counts_once(shop: Shop, run: Run) -> None:
    async def story() -> None:
        for _ in range(3):
            await shop.broker.tell(as_json(created("e1", "A")))
        await shop.until("known", 2)

    run(story())
    assert shop.figure("recorded") == 1
    assert len(run(shop.stores.timers.open("u1"))) == 1


MALFORMED: dict[str, tuple[bytes, str, str]] = {
    "no JSON": (b"{", "application/json", "this is not JSON"),
    "no object": (b"[]", "application/json", "expected an object in braces"),
    "no time": (b'{"event": "order_created", "event_id": "e", "user_id": "u"}', "", "time: expected a text"),
    "no message": (b"\xff", "application/x-protobuf", "this is no `suasion.v1.Event`"),
    "no format": (b"<event/>", "text/xml", "content_type: one of"),
    "no such event": (as_json(event("e", "order_creatd", TEN)), "", "type: unknown event `order_creatd`"),
    "no such field": (
        as_json(event("e", "order_created", TEN, order=7)),
        "",
        "fields_json.order: expected a text",
    ),
    "no user": (as_json(event("e", "order_created", TEN, "", order="A")), "", "user_id: this is required"),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_what_can_never_be_recorded_goes_to_the_dead_letters_with_the_reason(
    shop: Shop, run: Run, kind: str
) -> None:
    body, content_type, reason = MALFORMED[kind]

    async def story() -> Any:
        await shop.broker.tell(body, "orders", content_type)
        await shop.broker.tell(as_json(created("e1", "A")), "orders")
        await shop.until("recorded", 1)
        return await shop.broker.next("dead")

    letter = run(story())
    assert letter.body == body
    assert letter.headers["suasion-reason"].startswith(reason)
    assert letter.headers["suasion-line"] == "orders"
    assert shop.figure("refused") == 1


def test_another_event_under_a_known_id_is_a_dead_letter(shop: Shop, run: Run) -> None:
    async def story() -> Any:
        await shop.broker.tell(as_json(created("e1", "A")))
        await shop.broker.tell(as_json(created("e1", "B")))
        return await shop.broker.next("dead")

    assert "`e1`" in run(story()).headers["suasion-reason"]


def test_of_many_at_once_each_is_recorded(shop: Shop, run: Run) -> None:
    async def story() -> None:
        events = [created(f"e{number}", f"o{number}", f"u{number % 50}") for number in range(1000)]
        await asyncio.gather(*(shop.broker.tell(as_json(each)) for each in events))
        await shop.until("recorded", 1000)

    run(story())


# ---- out


def test_an_order_that_nobody_takes_is_tried_again(shop: Shop, run: Run) -> None:
    async def story() -> Any:
        await shop.broker.cut("sms")
        await shop.broker.tell(as_json(created("e1", "A")))
        await shop.until("recorded", 1)
        shop.clock.set(DAY + "10:10:00+00:00")
        await shop.until("not_taken", 1)
        assert shop.figure("sent") == 0
        shop.clock.set(DAY + "10:10:05+00:00")
        return await reminded(shop)

    assert json.loads(run(story()).body)["occurrence"] == "remind/order=A"
    assert shop.figure("not_taken") == 1


def test_an_order_whose_lease_has_ended_is_not_sent(shop: Shop, run: Run) -> None:
    async def story() -> None:
        await shop.broker.cut("sms")
        await shop.broker.tell(as_json(created("e1", "A")))
        await shop.until("recorded", 1)
        shop.clock.set(DAY + "10:10:00+00:00")
        await shop.until("not_taken", 1)
        shop.clock.set(DAY + "10:15:00+00:00")
        await shop.until("lapsed", 1)

    run(story())


def test_what_was_asked_is_answered_and_not_sent(shop: Shop, run: Run) -> None:
    async def story() -> Any:
        asked = pb.DecideRequest(decide="on_event", event=event("e1", "cart_add", TEN, price=eur("1.00")))
        answer = await shop.running.client.decisions.Decide(asked)
        assert answer.contact.channel == "push"
        await shop.broker.tell(as_json(event("e2", "cart_add", TEN, "u2", price=eur("1.00"))))
        return await shop.next("orders.push")

    assert json.loads(run(story()).body)["user_id"] == "u2"
