"""Scenarios in which messages go out, with what production has: MariaDB, copies in Redis, RabbitMQ, and stubs of the channels."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import Parse
from suasion.v1 import answer_pb2, contact_pb2
from suasion.v1 import contact_service_pb2 as pb
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb

from tests.bus.broker import as_json
from tests.bus.conftest import Shop
from tests.server.conftest import Run
from tests.server.decide_shop import DAY
from tests.server.messages import event, profile, subject
from tests.stores import ADAPTERS

RULES = (Path(__file__).parent / "scenarios.sua").read_text(encoding="utf-8")
SEND, BLOCK, NONE = answer_pb2.VERDICT_SEND, answer_pb2.VERDICT_BLOCK, answer_pb2.VERDICT_NONE


@pytest.fixture
def shop(
    request: pytest.FixtureRequest, rabbitmq_url: str, name: str, tmp_path: Path, run: Run
) -> Iterator[Any]:
    stores = ADAPTERS["redis"](request, tmp_path)
    opened = run(Shop.open(stores, rabbitmq_url, name, rules=RULES))
    yield opened
    run(opened.close())


def hour(time: str) -> str:
    return f"{DAY}{time}+00:00"


async def tell(shop: Shop, *events: facts_pb.Event) -> None:
    """Over the broker, until they are recorded or known."""
    before = shop.figure("recorded") + shop.figure("known")
    for each in events:
        await shop.broker.tell(as_json(each), "orders")
    async with asyncio.timeout(120):
        while shop.figure("recorded") + shop.figure("known") < before + len(events):
            await asyncio.sleep(0.01)


async def send(shop: Shop, channel: str) -> contact_pb2.Contact:
    """What the stub of a channel does with its next order: it goes out."""
    ordered = Parse((await shop.next(f"orders.{channel}")).body, contact_pb2.Contact())
    contacts = shop.running.client.contacts
    dispatch = pb.DispatchRequest(contact_id=ordered.contact_id, request_id=f"d-{ordered.contact_id}")
    contact = (await contacts.Dispatch(dispatch)).contact
    confirm = pb.ConfirmRequest(contact_id=contact.contact_id, fencing_token=contact.fencing_token)
    done: contact_pb2.Contact = (await contacts.Confirm(confirm)).contact
    return done


async def decided(shop: Shop, number: int) -> list[decisions_pb.WatchResponse]:
    """The first so many things that were decided by themselves."""
    call = shop.running.client.decisions.Watch(decisions_pb.WatchRequest(after_id=0))
    async with asyncio.timeout(120):
        found = [await call.read() for _ in range(number)]
    call.cancel()
    return found


async def left(shop: Shop, channel: str) -> int:
    """Orders that wait in the queue of a channel."""
    count = (await (await shop.broker.until_there(f"orders.{channel}")).declare()).message_count
    return count or 0


def test_1_an_order_that_is_unpaid_for_ten_minutes_is_reminded_of_once(shop: Shop, run: Run) -> None:
    created = [event(f"c{user}", "order_created", hour("10:00:00"), user, order=user) for user in "abc"]
    paid = {"b": "10:09:59", "c": "10:10:00"}

    async def story() -> tuple[Any, Any]:
        shop.clock.set(hour("10:00:00"))
        await tell(shop, *created, *created)
        for user, time in paid.items():
            await tell(shop, event(f"p{user}", "order_paid", hour(time), user, order=user))
        shop.clock.set(hour("10:10:00"))
        return await send(shop, "sms"), await decided(shop, 3)

    sent, all_three = run(story())
    assert (sent.user_id, sent.occurrence) == ("a", "pay_reminder/order=a")
    assert {each.user_id: each.decision.verdict for each in all_three} == {"a": SEND, "b": NONE, "c": NONE}
    assert run(left(shop, "sms")) == 0


def test_11_who_waits_finishes_on_their_version_and_comes_again_on_the_next(shop: Shop, run: Run) -> None:
    new = RULES.replace("welcome_1", "welcome_2").replace(
        "cap all 9 per day", "never email when user.opted_out"
    )

    def at_ten(number: int) -> str:
        return (datetime(2026, 3, 3, 10, tzinfo=UTC) + timedelta(days=number)).isoformat()

    async def day(number: int, *users: str) -> None:
        """Some sign up on it."""
        shop.clock.set(at_ten(number))
        await tell(shop, *(event(f"s{user}{number}", "signed_up", at_ten(number), user) for user in users))

    async def story() -> list[Any]:
        await shop.running.client.facts.UpsertProfiles(profile("u2", opted_out=True))
        await day(0, "u1", "u2")
        await shop.running.client.activate(new, "decide.sua")
        await day(1)
        first = await send(shop, "email")
        await decided(shop, 2)
        for number in (29, 30):  # to be welcomed a day later
            await day(number, "u1")
        await decided(shop, 3)
        await day(31)
        again = await send(shop, "email")
        return [first, again, await decided(shop, 4)]

    first, again, found = run(story())
    assert (first.user_id, first.content, again.content) == ("u1", "welcome_1", "welcome_2")
    told = [(each.user_id, each.decision.verdict) for each in found]
    assert sorted(told[:2]) == [("u1", SEND), ("u2", BLOCK)], "the contact policy is the newest"
    assert [each.code for each in found[2].decision.reasons] == ["once"]
    assert told[2:] == [("u1", BLOCK), ("u1", SEND)] and run(left(shop, "email")) == 0


def test_12_wechat_first_and_sms_where_it_cannot_be(shop: Shop, run: Run) -> None:
    async def story() -> list[Any]:
        shop.clock.set(hour("10:00:00"))
        await shop.running.client.facts.UpsertProfiles(profile("unbound", wechat_bound=False))
        users = ("reads", "late", "fails", "unbound")
        await tell(
            shop, *(event(f"s{each}", "parcel_sent", hour("10:00:00"), each, parcel=each) for each in users)
        )
        wechat = [await send(shop, "wechat") for _ in range(3)]
        sms = [await send(shop, "sms")]
        await tell(shop, event("f", "unread", hour("10:00:00"), "fails", parcel="fails"))
        sms.append(await send(shop, "sms"))
        await tell(shop, event("r", "read", hour("10:09:00"), "reads", parcel="reads"))
        for each in ("fails", "unbound"):
            await tell(shop, event(f"r{each}", "read", hour("10:01:00"), each, parcel=each))
        shop.clock.set(hour("10:10:00"))
        sms.append(await send(shop, "sms"))
        shop.clock.set(hour("10:13:00"))
        await tell(shop, event("l", "read", hour("10:13:00"), "late", parcel="late"))
        return [{each.user_id for each in wechat}, [(each.user_id, each.content) for each in sms]]

    wechat, sms = run(story())
    assert wechat == {"reads", "late", "fails"}
    assert sms == [("unbound", "parcel"), ("fails", "parcel"), ("late", "parcel_waits")]
    assert run(left(shop, "sms")) == run(left(shop, "wechat")) == 0


def test_12_two_contacts_are_one_message_and_a_late_receipt_tells_of_a_duplicate(
    shop: Shop, run: Run
) -> None:
    contacts, decisions = shop.running.client.contacts, shop.running.client.decisions

    async def verdict(channel: str) -> Any:
        message = decisions_pb.Message(channel=channel)
        return await decisions.CheckContact(
            decisions_pb.CheckContactRequest(subject=subject("u1"), message=message)
        )

    async def story() -> Any:
        caps = "cap all 2 per day  cap sms 1 per day  cap wechat 1 per day"
        await shop.running.client.activate(RULES.replace("cap all 9 per day", caps), "decide.sua")
        shop.clock.set(hour("10:00:00"))
        await tell(shop, event("s", "parcel_sent", hour("10:00:00"), "u1", parcel="p"))
        first = await send(shop, "wechat")
        shop.clock.set(hour("10:10:00"))
        second = await send(shop, "sms")
        verdicts = [await verdict(channel) for channel in ("email", "sms", "wechat")]
        shop.clock.set(hour("10:13:00"))
        receipt = pb.RecordOutcomeRequest(
            contact_id=first.contact_id, type="read", fields_json=b'{"parcel": "p"}', event_id="r"
        )
        await contacts.RecordOutcome(receipt)
        await contacts.RecordOutcome(receipt)
        history = (await contacts.History(pb.HistoryRequest(user_id="u1"))).contacts
        return first, second, verdicts, history

    first, second, verdicts, history = run(story())
    assert (first.completes, second.completes) == ("", first.occurrence)
    assert [each.verdict for each in verdicts] == [SEND, BLOCK, BLOCK]
    assert [[reason.code for reason in each.reasons] for each in verdicts] == [["allowed"], ["cap"], ["cap"]]
    assert {each.contact_id: each.duplicate for each in history} == {
        first.contact_id: False,
        second.contact_id: True,
    }
    (duplicates,) = [
        each.read() for each in shop.running.service.figures if each.name == "suasion.contacts.duplicates"
    ]
    assert duplicates == 1


def test_12_who_opts_out_between_is_not_sent_to_and_the_contact_is_given_back(shop: Shop, run: Run) -> None:
    async def story() -> Any:
        await shop.running.client.activate(
            RULES.replace("cap all 9 per day", "never wechat when user.opted_out"), "decide.sua"
        )
        shop.clock.set(hour("10:00:00"))
        await tell(shop, event("s", "parcel_sent", hour("10:00:00"), "u1", parcel="p"))
        order = Parse((await shop.next("orders.wechat")).body, contact_pb2.Contact())
        await shop.running.client.facts.UpsertProfiles(profile("u1", opted_out=True))
        message = decisions_pb.Message(channel=order.channel, tags=order.tags)
        check = decisions_pb.CheckContactRequest(subject=subject("u1"), message=message)
        verdict = (await shop.running.client.decisions.CheckContact(check)).verdict
        released = await shop.running.client.contacts.Release(pb.ReleaseRequest(contact_id=order.contact_id))
        return verdict, released.contact.state, await shop.stores.contacts.history("u1", None)

    verdict, state, history = run(story())
    assert (verdict, state) == (BLOCK, contact_pb2.CONTACT_STATE_RELEASED)
    assert history.standing == ()


def test_12_what_waits_in_a_saturated_queue_expires(shop: Shop, run: Run) -> None:
    """Nobody takes SMS; those for WeChat go out, and an SMS whose time is over is given back and dropped by the broker."""

    async def story() -> Any:
        shop.clock.set(hour("10:00:00"))
        orders = [
            event(f"c{each}", "order_created", hour("10:00:00"), f"u{each}", order=f"o{each}")
            for each in range(50)
        ]
        await tell(shop, *orders)
        shop.clock.set(hour("10:10:00"))
        await decided(shop, 50)
        await tell(shop, event("s", "parcel_sent", hour("10:10:00"), "w", parcel="p"))
        wechat = await send(shop, "wechat")
        shop.clock.set(hour("10:15:00"))
        async with asyncio.timeout(120):
            while any(
                [(await shop.stores.contacts.history(f"u{each}", None)).standing for each in range(50)]
            ):
                await asyncio.sleep(0.05)
        return wechat

    assert run(story()).user_id == "w"
