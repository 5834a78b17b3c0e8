"""What is answered while a store does not answer: the failure matrix, cell by cell, over a database that is killed and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from suasion.v1 import answer_pb2
from suasion.v1 import contact_service_pb2 as contacts_pb
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.subject_pb2 import Subject

from cli.private.mariadb import MariaDb
from server.ports import Stores, StoreUnavailable
from server.stores import mariadb_stores, memory_stores
from server.usecases.failures import Failures, OnFailure
from tests.backing import running
from tests.server.conftest import Run, Running, refused

RULES = """
settings { timezone "UTC"  currency EUR }
profile user { id: text key  tier: choice(free, pro) optional }
event paid { }
crowd pros { user.tier is pro }
policy gentle { cap push 1 per day }
plan nudge { send push "nudge"  obey gentle }
plan gift { budget 5 total  send email "gift" }
plan receipt { kind transactional  send push "receipt"  obey gentle }
plan terms { kind legal  send push "terms"  obey gentle }
plan thanks { for pros  on paid wait 1 day  send email "thanks" }
decide nudges { among nudge, gift }
decide receipts { among receipt }
decide thanking { among thanks }
"""
SEND, BLOCK, NONE = answer_pb2.VERDICT_SEND, answer_pb2.VERDICT_BLOCK, answer_pb2.VERDICT_NONE
KINDS = {"nudge": "marketing", "gift": "marketing", "receipt": "transactional", "terms": "legal"}
WHO = Subject(user_id="u1")


@pytest.fixture(params=[Failures(), Failures(*[OnFailure.REFUSE] * 5)], ids=["answer", "refuse"])
def shop(
    request: pytest.FixtureRequest, mariadb_server: MariaDb, mariadb_url: str, tmp_path: Path, run: Run
) -> Iterator[Running]:
    stores = mariadb_stores(mariadb_url, tmp_path / "last-good")
    started = run(Running.start(stores, failures=request.param))
    run(started.client.activate(RULES))
    profile = facts_pb.Profile(user_id="u1", attributes_json=b'{"tier": "pro"}')
    run(started.client.facts.UpsertProfiles(facts_pb.UpsertProfilesRequest(profiles=[profile])))
    yield started
    running(mariadb_server)
    run(started.stop())


def questions(client: Any) -> dict[str, Any]:
    """A question of every kind, none of which was asked before."""
    reserve = {
        f"reserve {plan}": client.contacts.Reserve(
            contacts_pb.ReserveRequest(subject=WHO, plan=plan, request_id=plan)
        )
        for plan in KINDS
    }
    check = {
        f"check {plan}": client.decisions.CheckContact(pb.CheckContactRequest(subject=WHO, plan=plan))
        for plan in KINDS
    }
    return {
        **reserve,
        **check,
        "check pros": client.decisions.CheckCrowds(pb.CheckCrowdsRequest(subject=WHO, crowds=["pros"])),
        "list": client.decisions.ListCrowds(pb.ListCrowdsRequest(subject=WHO)),
        "match": client.decisions.MatchPlan(pb.MatchPlanRequest(subject=WHO, decide="nudges")),
        "decide nudges": client.decisions.Decide(
            pb.DecideRequest(subject=WHO, decide="nudges", request_id="n")
        ),
        "decide receipts": client.decisions.Decide(
            pb.DecideRequest(subject=WHO, decide="receipts", request_id="r")
        ),
    }


async def asked(client: Any) -> dict[str, Any]:
    """Answers, or the code with which there is none."""
    answers = {}
    for name, call in questions(client).items():
        try:
            answers[name] = await call
        except grpc.aio.AioRpcError as error:
            answers[name] = error.code()
    return answers


async def until_back(client: Any) -> dict[str, Any]:
    """The first answers of which none is without its facts."""
    while True:
        answers = await asked(client)
        if not any(
            isinstance(each, grpc.StatusCode) or each.provenance.degraded for each in answers.values()
        ):
            return answers
        await asyncio.sleep(0.05)


def test_each_kind_is_answered_as_it_is_to_be_and_all_are_when_the_database_is_back(
    shop: Running, mariadb_server: MariaDb, run: Run, request: pytest.FixtureRequest
) -> None:
    mariadb_server.kill()
    answers = run(asked(shop.client))
    if "refuse" in request.node.name:
        assert set(answers.values()) == {grpc.StatusCode.UNAVAILABLE}
    else:
        assert_degraded(answers)
    event = facts_pb.Event(event_id="e1", type="paid", user_id="u1", fields_json=b"{}")
    event.event_time.GetCurrentTime()
    failed = run(refused(shop.client.facts.RecordEvents(facts_pb.RecordEventsRequest(events=[event]))))
    assert failed.code() is grpc.StatusCode.UNAVAILABLE, "what is not written down is not acknowledged"
    mariadb_server.start()
    answers = run(until_back(shop.client))
    assert answers["check pros"].answers[0].answer == answer_pb2.ANSWER_YES
    assert answers["reserve gift"].contact.contact_id and not answers["reserve gift"].provenance.advisory
    kept = run(shop.client.contacts.History(contacts_pb.HistoryRequest(user_id="u1"))).contacts
    pushed = [contact for contact in kept if contact.plan in ("nudge", "receipt", "terms")]
    assert len(pushed) == 1, "the cap is held again, and what was answered without it was not kept"


def assert_degraded(answers: dict[str, Any]) -> None:
    assert all(each.provenance.degraded and each.provenance.advisory for each in answers.values())
    assert answers["check pros"].answers[0].answer == answer_pb2.ANSWER_UNKNOWN
    assert answers["match"].verdict == BLOCK
    for plan, kind in KINDS.items():
        for question in ("reserve", "check"):
            told = answers[f"{question} {plan}"]
            if kind == "marketing":
                if (question, plan) != ("check", "gift"):
                    assert told.verdict == BLOCK
                    assert {each.code for each in told.reasons} == {"unavailable"}
            else:
                assert told.verdict == SEND
    for plan in KINDS:
        assert not answers[f"reserve {plan}"].HasField("contact"), "nothing unsent is called sent"
    assert answers["decide nudges"].verdict == BLOCK
    assert answers["decide receipts"].verdict == SEND and not answers["decide receipts"].HasField("contact")


class FailsOnce:
    """A store of which one call of one method fails."""

    def __init__(self, store: Any, method: str) -> None:
        self._store = store
        self._method = method
        self.left = 0

    def __getattr__(self, method: str) -> Any:
        if method == self._method and self.left:
            self.left -= 1
            return self._fail
        return getattr(self._store, method)

    async def _fail(self, *words: Any, **named: Any) -> Any:
        raise StoreUnavailable("it fails once")


def with_failing(stores: Stores, name: str, method: str) -> tuple[Stores, FailsOnce]:
    failing: Any = FailsOnce(getattr(stores, name), method)
    changed: Any = {name: failing}
    return replace(stores, **changed), failing


def test_what_an_event_opens_is_not_lost_where_its_trigger_could_not_be_judged(run: Run) -> None:
    stores, profiles = with_failing(memory_stores(), "profiles", "fetch")
    shop = run(Running.start(stores, clock="events", timers=False))
    rules = RULES.replace("on paid wait", "on paid when user.tier is pro wait")
    run(shop.client.activate(rules))
    profile = facts_pb.Profile(user_id="u1", attributes_json=b'{"tier": "pro"}')
    run(shop.client.facts.UpsertProfiles(facts_pb.UpsertProfilesRequest(profiles=[profile])))
    for number, call in enumerate(("record", "decide")):
        profiles.left = 1
        event = facts_pb.Event(event_id=f"e{number}", type="paid", user_id="u1", fields_json=b"{}")
        event.event_time.FromSeconds(1_770_000_000 + number)
        if call == "record":
            run(shop.client.facts.RecordEvents(facts_pb.RecordEventsRequest(events=[event])))
        else:
            run(shop.client.decisions.Decide(pb.DecideRequest(subject=WHO, event=event, decide="thanking")))
        assert profiles.left == 0
        assert len(run(stores.events.unjudged(2**60, 9))) == number + 1
    run(shop.stop())


def test_a_block_for_want_of_facts_is_not_the_answer_of_later(run: Run) -> None:
    stores, ledger = with_failing(memory_stores(), "contacts", "used")
    shop = run(Running.start(stores, timers=False))
    run(shop.client.activate(RULES))
    wish = contacts_pb.ReserveRequest(subject=WHO, plan="gift", request_id="r1")
    ledger.left = 1
    assert run(shop.client.contacts.Reserve(wish)).verdict == BLOCK
    first = run(shop.client.contacts.Reserve(wish))
    assert first.verdict == SEND
    assert run(shop.client.contacts.Reserve(wish)) == first
    run(shop.stop())
