"""A plan that waits is decided by the version that opened it, under the policies that are active by then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from suasion.v1 import answer_pb2
from suasion.v1 import contact_service_pb2 as contacts_pb
from suasion.v1 import rule_set_service_pb2 as rules_pb

from dsl.source import Source
from server.ports import By, RuleFiles
from server.stores import memory_stores
from server.usecases.versions import Versions
from tests.server.clock import SetClock
from tests.server.conftest import Run
from tests.server.decide_shop import DAY, RULES, TEN, Shop
from tests.server.messages import event, record
from tests.stores import SERVED

SEND, BLOCK = answer_pb2.VERDICT_SEND, answer_pb2.VERDICT_BLOCK
AT_TEN_PAST, AT_TWENTY_PAST = DAY + "10:10:00+00:00", DAY + "10:20:00+00:00"
NEW = RULES.replace('send sms "remind"', 'send sms "new"').replace("wait 10 minutes", "wait 20 minutes")


@pytest.fixture(params=SERVED)
def stall(request: pytest.FixtureRequest, tmp_path: Path, run: Run) -> Iterator[Shop]:
    opened = run(Shop.open(SERVED[request.param](request, tmp_path)(), SetClock(TEN)))
    yield opened
    run(opened.running.stop())


async def ordered(stall: Shop, id: str, user: str = "u1") -> None:
    happened = event(id, "order_created", TEN, user, order=id)
    await stall.facts.RecordEvents(record(happened))


async def activate(stall: Shop, text: str, **options: Any) -> str:
    answer = await stall.running.client.activate(text, "decide.sua", **options)
    return str(answer.rule_set.version)


async def waited_across(stall: Shop, new: str) -> tuple[str, str, Any]:
    """Both versions, and what is decided at ten past of an order that was made under the first."""
    old = (await stall.running.client.rules.Get(rules_pb.RuleSetServiceGetRequest())).rule_set.version
    await ordered(stall, "o1")
    version = await activate(stall, new)
    stall.clock.set(AT_TEN_PAST)
    (answer,) = await stall.watch(0, 1)
    return old, version, answer.decision


def test_what_waits_is_decided_by_the_version_that_opened_it(stall: Shop, run: Run) -> None:
    old, new, decision = run(waited_across(stall, NEW))
    assert (decision.verdict, decision.plan, decision.contact.content) == (SEND, "remind", "remind")
    assert (decision.plan_version, decision.provenance.version, decision.contact.version) == (old, new, new)


def test_what_comes_later_is_decided_by_the_new_version(stall: Shop, run: Run) -> None:
    async def both() -> list[Any]:
        await ordered(stall, "o1")
        await activate(stall, NEW)
        await ordered(stall, "o2", "u2")
        stall.clock.set(AT_TEN_PAST)
        (first,) = await stall.watch(0, 1)
        stall.clock.set(AT_TWENTY_PAST)
        return [first, *await stall.watch(first.id, 1)]

    first, second = run(both())
    assert (first.user_id, first.decision.contact.content) == ("u1", "remind")
    assert (second.user_id, second.decision.contact.content) == ("u2", "new")
    assert second.decision.plan_version == ""


def test_occurrences_of_one_plan_are_decided_each_by_its_own_version(stall: Shop, run: Run) -> None:
    async def both() -> list[Any]:
        await ordered(stall, "o1")
        await activate(stall, NEW)
        await ordered(stall, "o2")
        stall.clock.set(AT_TEN_PAST)
        (first,) = await stall.watch(0, 1)
        contact, contacts = first.decision.contact.contact_id, stall.running.client.contacts
        sent = await contacts.Dispatch(contacts_pb.DispatchRequest(contact_id=contact, request_id="d1"))
        token = sent.contact.fencing_token
        await contacts.Confirm(contacts_pb.ConfirmRequest(contact_id=contact, fencing_token=token))
        stall.clock.set(AT_TWENTY_PAST)
        return [first, *await stall.watch(first.id, 1)]

    contacts = [each.decision.contact for each in run(both())]
    assert [(each.occurrence, each.content) for each in contacts] == [
        ("remind/order=o1", "remind"),
        ("remind/order=o2", "new"),
    ]


def test_policies_are_the_active_ones(stall: Shop, run: Run) -> None:
    _, _, decision = run(waited_across(stall, NEW.replace("cap push 3 per day", "cap all 0 per day")))
    assert decision.verdict == BLOCK and decision.plan == "remind"
    assert [reason.rule for reason in decision.reasons] == ["policy gentle"]


def test_a_renamed_plan_is_decided_under_its_new_name(stall: Shop, run: Run) -> None:
    renamed = NEW.replace("plan remind {", "plan recall was remind {").replace(
        "nudge, remind", "nudge, recall"
    )
    old, _, decision = run(waited_across(stall, renamed))
    assert (decision.plan, decision.contact.content, decision.plan_version) == ("recall", "remind", old)
    assert decision.contact.occurrence == "remind/order=o1"


def test_what_cannot_be_pinned_is_decided_by_the_active_plan(stall: Shop, run: Run) -> None:
    other = NEW.replace("profile user { id: text key", "profile user { number: text key").replace(
        "wait 20 minutes", "wait 10 minutes"
    )
    _, _, decision = run(waited_across(stall, other))
    assert (decision.contact.content, decision.plan_version) == ("new", "")


def test_what_waits_by_a_revoked_version_is_decided_by_the_active_one(stall: Shop, run: Run) -> None:
    async def revoked() -> Any:
        old = (await stall.running.client.rules.Get(rules_pb.RuleSetServiceGetRequest())).rule_set.version
        await ordered(stall, "o1")
        await activate(stall, NEW.replace("wait 20 minutes", "wait 10 minutes"))
        await stall.running.client.rules.Revoke(rules_pb.RuleSetServiceRevokeRequest(version=old))
        stall.clock.set(AT_TEN_PAST)
        (answer,) = await stall.watch(0, 1)
        return answer.decision

    decision = run(revoked())
    assert (decision.contact.content, decision.plan_version) == ("new", "")


def test_a_retired_plan_ends_when_it_comes_due(stall: Shop, run: Run) -> None:
    async def retired() -> None:
        await ordered(stall, "o1")
        without = NEW.replace("plan remind {", "plan other {").replace("nudge, remind", "nudge, other")
        await activate(stall, without, retire_plans=True)
        stall.clock.set(AT_TEN_PAST)
        async with asyncio.timeout(20):
            while await stall.stores.timers.open("u1"):
                await asyncio.sleep(0.01)

    run(retired())
    assert run(stall.stores.outbox.last()) == 0


def test_a_plan_of_another_version_is_compiled_once_and_beside_the_calls(run: Run) -> None:
    async def ask() -> None:
        versions = Versions(memory_stores().rules, SetClock(TEN))
        old, new = [
            await versions.publish(RuleFiles((Source("decide.sua", each),), ()), By())
            for each in (RULES, NEW)
        ]
        active = await versions.serving(new.name)
        await versions.serving(old.name)
        asking = [asyncio.create_task(versions.pinned(active, old.name, {"remind"})) for _ in range(9)]
        await asyncio.sleep(0)  # each of them has begun
        assert not any(each.done() for each in asking)
        first, *others = await asyncio.gather(*asking)
        assert first.plan_versions == {"remind": old.name} and set(others) == {first}
        assert await versions.pinned(active, old.name, {"remind"}) is first

    run(ask())
