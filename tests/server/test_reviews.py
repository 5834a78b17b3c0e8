"""Nothing serves that nobody else has approved, and nothing is forgotten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from suasion.v1 import rule_set_service_pb2 as pb

from server.rpc.endpoint import Access
from server.stores import memory_stores, sqlite_stores
from server.wiring import jwt_tokens
from tests.server.conftest import Run, Running, refused
from tests.server.messages import error_info, status_of
from tests.server.papers import secret_file, token


def rules(name: str) -> str:
    return f'plan hello {{ send push "{name}" }}\ndecide best {{ among hello }}\n'


class House:
    """A server of several people, each of whom may do everything, if they are let."""

    def __init__(self, running: Running, run: Run) -> None:
        self.running = running
        self.run = run
        self.rules = running.client.rules

    def call(self, name: str, who: str, **fields: Any) -> Any:
        """What a call of somebody comes to."""
        request = getattr(pb, f"RuleSetService{name}Request")(**fields)
        # A token each time: two tokens of one subject are one person.
        headers = (("authorization", f"Bearer {token(sub=who, jti=str(id(request)))}"),)
        return self.run(getattr(self.rules, name)(request, metadata=headers))

    def refusal(self, name: str, who: str, **fields: Any) -> tuple[grpc.StatusCode, str]:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            self.call(name, who, **fields)
        return caught.value.code(), error_info(status_of(caught.value)).reason

    def publish(self, who: str, text: str) -> str:
        sources = pb.Sources(files=[pb.SourceFile(name="a.sua", text=text)])
        version: str = self.call("Publish", who, sources=sources).rule_set.version
        return version

    def approved(self, text: str, by: str = "anna", other: str = "bea") -> str:
        version = self.publish(by, text)
        self.call("Submit", by, version=version)
        self.call("Approve", other, version=version)
        return version

    def state(self, version: str) -> str:
        review = self.call("Get", "anyone", version=version).rule_set.review
        return str(pb.ReviewState.Name(review.state)).removeprefix("REVIEW_STATE_").lower()

    def audit(self, version: str = "") -> list[tuple[str, str, str]]:
        acts = self.call("ListAudit", "anyone", version=version).acts
        return [
            (pb.Deed.Name(each.deed).removeprefix("DEED_").lower(), each.actor, each.version) for each in acts
        ]


PRECONDITION, DENIED = grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.PERMISSION_DENIED


@pytest.fixture
def house(run: Run, tmp_path: Path) -> Iterator[House]:
    access = Access(jwt_tokens([secret_file(tmp_path)]))
    running = run(Running.start(memory_stores(), clock="events", access=access, timers=False))
    yield House(running, run)
    run(running.stop())


def test_a_version_serves_once_somebody_else_has_approved_it(house: House) -> None:
    version = house.publish("anna", rules("a"))
    assert house.refusal("Activate", "oscar", version=version) == (PRECONDITION, "NOT_APPROVED")
    house.call("Submit", "anna", version=version, reason="for spring")
    assert house.refusal("Activate", "oscar", version=version) == (PRECONDITION, "NOT_APPROVED")
    review = house.call("Approve", "bea", version=version, reason="read twice").review
    assert (review.state, list(review.authors), review.reviewer) == (
        pb.REVIEW_STATE_APPROVED,
        ["anna"],
        "bea",
    )
    assert house.call("Activate", "oscar", version=version, reason="go").release.epoch == 1
    acts = house.call("ListAudit", "anyone", version=version).acts
    assert [(pb.Deed.Name(each.deed), each.actor, each.reason, each.epoch) for each in acts] == [
        ("DEED_ACTIVATED", "oscar", "go", 1),
        ("DEED_APPROVED", "bea", "read twice", 0),
        ("DEED_SUBMITTED", "anna", "for spring", 0),
        ("DEED_PUBLISHED", "anna", "", 0),
    ]


@pytest.mark.parametrize("author", ["publisher", "submitter"])
def test_nobody_approves_what_they_have_written(house: House, author: str) -> None:
    version = house.publish("publisher", rules("a"))
    house.call("Submit", "submitter", version=version)
    assert house.refusal("Approve", author, version=version) == (DENIED, "SELF_APPROVAL")
    assert house.state(version) == "submitted"
    house.call("Approve", "bea", version=version)


def test_who_has_written_it_once_does_not_approve_it_later(house: House) -> None:
    version = house.publish("anna", rules("a"))
    house.call("Submit", "anna", version=version)
    house.call("Reject", "bea", version=version, reason="too loud")
    house.call("Submit", "carl", version=version)
    assert house.refusal("Approve", "anna", version=version) == (DENIED, "SELF_APPROVAL")
    house.call("Approve", "bea", version=version)


def test_what_was_edited_is_another_version_that_nobody_has_approved(house: House) -> None:
    version = house.approved(rules("a"))
    edited = house.publish("anna", rules("b"))
    assert edited != version
    assert house.refusal("Activate", "oscar", version=edited) == (PRECONDITION, "NOT_APPROVED")
    sources = pb.Sources(files=[pb.SourceFile(name="a.sua", text=rules("c"))])
    assert house.refusal("Activate", "oscar", sources=sources) == (PRECONDITION, "NOT_APPROVED")
    sources.files[0].text = "# the same, laid out anew\n" + rules("a").replace(" ", "  ")
    assert house.call("Activate", "oscar", sources=sources).rule_set.version == version


def test_an_approval_can_be_taken_back_until_it_serves_everybody(house: House) -> None:
    first, second = house.approved(rules("a")), house.approved(rules("b"))
    house.call("Activate", "oscar", version=first)
    house.call("Activate", "oscar", version=second, share=0.1)
    house.call("Reject", "bea", version=second, reason="complaints")
    assert house.refusal("Activate", "oscar", version=second) == (PRECONDITION, "NOT_APPROVED")
    assert house.call("Rollback", "oscar").rule_set.version == first


def test_going_back_goes_to_what_was_approved_once(house: House) -> None:
    first, second = house.approved(rules("a")), house.approved(rules("b"))
    for version in (first, second):
        house.call("Activate", "oscar", version=version)
    house.call("Reject", "bea", version=first, reason="it is old")
    assert house.call("Rollback", "oscar", reason="alarm").rule_set.version == first
    assert house.audit()[:2] == [("restored", "oscar", first), ("rolled_back", "oscar", second)]


def test_what_served_before_approvals_were_wanted_does_not_come_back(run: Run, tmp_path: Path) -> None:
    access = Access(jwt_tokens([secret_file(tmp_path)]))
    stores = memory_stores()
    running = run(Running.start(stores, clock="events", access=access, approvals=False, timers=False))
    house = House(running, run)
    never = house.publish("anna", rules("a"))
    house.call("Activate", "oscar", version=never)
    run(running.stop())
    running = run(Running.start(stores, clock="events", access=access, timers=False))
    run(running.service.releases.resume())
    house = House(running, run)
    house.call("Activate", "oscar", version=house.approved(rules("b")))
    assert house.refusal("Rollback", "oscar") == (PRECONDITION, "NOTHING_TO_ROLL_BACK_TO")
    run(running.stop())


STEPS = ("Submit", "Approve", "Reject", "Archive")
WAYS = {  # to each state, and which steps lead on from there
    "checked": ((), {"Submit", "Archive"}),
    "submitted": (("Submit",), {"Approve", "Reject", "Archive"}),
    "approved": (("Submit", "Approve"), {"Reject", "Archive"}),
    "rejected": (("Submit", "Reject"), {"Submit", "Archive"}),
    "archived": (("Archive",), set[str]()),
}


@pytest.mark.parametrize("state", WAYS)
def test_from_each_state_only_its_steps_lead_on(house: House, state: str) -> None:
    way, onward = WAYS[state]
    for step in STEPS:
        version = house.publish("anna", rules(step))
        for each in way:
            house.call(each, "anna" if each == "Submit" else "bea", version=version, reason="so")
        assert house.state(version) == state
        if step in onward:
            house.call(step, "bea", version=version, reason="so")
        else:
            wanted = (PRECONDITION, "VERSION_NOT_IN_STATE")
            assert house.refusal(step, "bea", version=version, reason="so") == wanted, step


def test_what_is_archived_comes_back_unapproved(house: House) -> None:
    serving, version = house.approved(rules("a")), house.approved(rules("b"))
    house.call("Activate", "oscar", version=serving)
    assert house.refusal("Archive", "oscar", version=serving) == (PRECONDITION, "VERSION_SERVES")
    house.call("Archive", "oscar", version=version)
    assert house.refusal("Activate", "oscar", version=version) == (PRECONDITION, "VERSION_NOT_IN_STATE")
    assert house.publish("carl", rules("b")) == version and house.state(version) == "checked"
    assert house.refusal("Approve", "carl", version=version)[1] == "VERSION_NOT_IN_STATE"
    house.call("Submit", "dora", version=version)
    assert house.refusal("Approve", "carl", version=version) == (DENIED, "SELF_APPROVAL")


def test_of_many_who_judge_at_once_one_does(house: House, run: Run) -> None:
    version = house.publish("anna", rules("a"))
    house.call("Submit", "anna", version=version)

    async def judged() -> list[grpc.StatusCode]:
        calls = []
        for n in range(16):
            headers = (("authorization", f"Bearer {token(sub=f'bea {n}')}"),)
            request = pb.RuleSetServiceApproveRequest(version=version)
            calls.append(house.rules.Approve(request, metadata=headers))
        return [await call.code() for call in calls]

    codes = run(judged())
    assert codes.count(grpc.StatusCode.OK) == 1 and codes.count(PRECONDITION) == 15
    assert [deed for deed, *_ in house.audit(version)] == ["approved", "submitted", "published"]


@pytest.mark.parametrize("step", [*STEPS, "ListAudit"])
def test_strangers_and_nonsense_are_refused(house: House, step: str) -> None:
    if step == "ListAudit":
        assert house.call("ListAudit", "anna", version="f" * 64).acts == []
        assert house.refusal("ListAudit", "anna", page_token="x")[1] == "INVALID_REQUEST"
        return
    assert house.refusal(step, "anna", version="f" * 64, reason="so")[1] == "UNKNOWN_VERSION"
    assert house.refusal(step, "anna", version="", reason="so")[1] == "INVALID_REQUEST"
    assert house.refusal(step, "anna", version="f" * 64, reason="x" * 2001)[1] == "INVALID_REQUEST"


def test_a_rejection_says_why(house: House) -> None:
    assert house.refusal("Reject", "bea", version=house.publish("anna", rules("a")))[1] == "INVALID_REQUEST"


def test_the_audit_comes_in_pages(house: House) -> None:
    for n in range(3):
        house.approved(rules(f"v{n}"))
    first = house.call("ListAudit", "anna", page_size=5)
    rest = house.call("ListAudit", "anna", page_size=5, page_token=first.next_page_token)
    ids = [each.id for each in (*first.acts, *rest.acts)]
    assert ids == list(range(9, 0, -1)) and not rest.next_page_token


@pytest.mark.parametrize("place", ["a word", "a comment"])
def test_a_flipped_byte_in_a_stored_version_is_refused_at_activation(
    run: Run, tmp_path: Path, place: str
) -> None:
    access = Access(jwt_tokens([secret_file(tmp_path)]))
    stores = sqlite_stores(tmp_path / "shop.db")
    running = run(Running.start(stores, clock="events", access=access, timers=False))
    house = House(running, run)
    version = house.approved("# a comment\n" + rules("a word"))
    with sqlite3.connect(tmp_path / "shop.db") as database:
        changed = database.execute(
            "UPDATE rule_sets SET files = replace(files, ?, ?)", (place, place.replace("o", "p", 1))
        )
        assert changed.rowcount == 1
    assert house.refusal("Activate", "oscar", version=version) == (PRECONDITION, "VERSION_NOT_REPRODUCIBLE")
    assert run(stores.rules.newest()) is None
    run(running.stop())


def test_without_tokens_one_person_publishes_and_activates(run: Run) -> None:
    running = run(Running.start(memory_stores(), clock="events", timers=False))
    run(running.client.activate(rules("a")))
    version = run(running.client.rules.Get(pb.RuleSetServiceGetRequest())).rule_set.version
    acts = run(running.client.rules.ListAudit(pb.RuleSetServiceListAuditRequest())).acts
    assert [(each.deed, each.actor) for each in acts] == [(pb.DEED_ACTIVATED, ""), (pb.DEED_PUBLISHED, "")]
    request = pb.RuleSetServiceArchiveRequest(version=version)
    assert run(refused(running.client.rules.Archive(request))).code() is PRECONDITION
    run(running.stop())
