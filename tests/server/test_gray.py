"""A version that serves a crowd of its own, and for whom it does: on every store, asked and told in every way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import contact_service_pb2 as contacts_pb
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1 import rule_set_service_pb2 as pb

from server.stores import memory_stores
from tests.server.clock import SetClock
from tests.server.conftest import Run, Running, refused
from tests.server.decide_shop import TEN, Shop
from tests.server.messages import NOON, at, cart, error_info, event, profile, record, status_of, subject
from tests.server.test_failures import with_failing
from tests.server.test_releases import Versions, hashed, rules
from tests.stores import SERVED, SHARED, Open

CROWDS = """
input { page: text optional }
crowd beta { user.tier is "beta" }
crowd buyers { did paid within 7 days }
crowd insiders { user in staff }
crowd browsing { input.page is "home" }
"""


def nudging(name: str) -> str:
    return rules(name).replace("hello, nudge", "nudge, hello")


A, B, C = nudging("a"), nudging("b") + CROWDS, nudging("c") + CROWDS


class Gray(Versions):
    """Two versions, `old` and `new`, of which one serves a crowd."""

    def __init__(self, running: Running, run: Run) -> None:
        super().__init__(running, run)
        self.running = running
        self.old, self.new = self.publish(A), self.publish(B)
        self.activate(self.old)

    def tell(self, *users: str, tier: str = "beta") -> None:
        for user in users:
            self.run(self.facts.UpsertProfiles(profile(user, tier=tier)))

    def by(self, user: str, /, **facts: Any) -> str:
        """What decides about a user: `old` or `new`."""
        asked = decisions_pb.MatchPlanRequest(subject=subject(user, **facts))
        return self.named(self.run(self.decisions.MatchPlan(asked)))

    def named(self, answer: Any) -> str:
        return {self.old: "old", self.new: "new"}[answer.provenance.version]


@pytest.fixture(params=SERVED)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    return SERVED[request.param](request, tmp_path)


@pytest.fixture
def gray(opened: Open, run: Run) -> Iterator[Gray]:
    running = run(Running.start(opened(), clock="events"))
    yield Gray(running, run)
    run(running.stop())


@pytest.fixture
def small(run: Run) -> Iterator[Gray]:
    running = run(Running.start(memory_stores(), clock="events"))
    yield Gray(running, run)
    run(running.stop())


def test_who_is_in_the_crowd_is_served_by_the_version_that_has_it(gray: Gray) -> None:
    gray.tell("u1")
    gray.tell("u2", tier="free")
    release = gray.activate(gray.new, crowd="beta").release
    assert (release.share, release.crowd, release.rest_version) == (1, "beta", gray.old)
    assert [gray.by(user) for user in ("u1", "u2", "u3")] == ["new", "old", "old"]
    gray.tell("u2")
    gray.tell("u1", tier="free")
    assert [gray.by(user) for user in ("u1", "u2", "u3")] == ["old", "new", "old"]


def test_a_share_of_a_crowd_is_of_those_in_it(gray: Gray) -> None:
    members = [f"u{n}" for n in range(40)]
    gray.tell(*members)
    gray.activate(gray.new, crowd="beta", share=0.5)
    assert [gray.by(user) == "new" for user in members] == [hashed(gray.new, user) < 0.5 for user in members]
    assert {gray.by(f"v{n}") for n in range(20)} == {"old"}
    gray.activate(gray.new, crowd="beta")
    assert {gray.by(user) for user in members} == {"new"}


def test_what_comes_with_a_request_counts(gray: Gray) -> None:
    gray.activate(gray.new, crowd="beta")
    assert [gray.by("u1"), gray.by("u1", user={"tier": "beta"}), gray.by("u1")] == ["old", "new", "old"]
    gray.tell("u1")
    assert [gray.by("u1", user={"tier": "free"}), gray.by("u1")] == ["old", "new"]


def test_what_users_did_counts_as_soon_as_it_is_known(gray: Gray) -> None:
    gray.activate(gray.new, crowd="buyers")
    assert gray.by("u1") == "old"
    bought = event("e1", "paid", NOON)
    decided = gray.run(gray.decisions.Decide(decisions_pb.DecideRequest(event=bought)))
    assert (gray.named(decided), gray.by("u1")) == ("new", "new")
    again = gray.run(gray.decisions.Decide(decisions_pb.DecideRequest(event=bought)))
    assert again == decided
    gray.run(gray.facts.RecordEvents(record(event("e2", "paid", "2026-03-20T12:00:00+00:00", user="u2"))))
    assert [gray.by("u1"), gray.by("u2")] == ["old", "new"]


def test_a_list_is_a_crowd_and_one_that_nobody_knows_of_lets_nobody_in(gray: Gray, run: Run) -> None:
    gray.activate(gray.new, crowd="staff")
    assert gray.by("u1") == "old"  # never loaded: unknown
    run(gray.facts.LoadList(facts_pb.LoadListRequest(list="staff", user_ids=["u1"])))
    assert [gray.by("u1"), gray.by("u2")] == ["new", "old"]
    gray.activate(gray.new, crowd="insiders")
    assert [gray.by("u1"), gray.by("u2")] == ["new", "old"]


def test_every_question_is_answered_by_the_version_of_the_user(gray: Gray, run: Run) -> None:
    gray.tell("in")
    gray.activate(gray.new, crowd="beta")
    asked: Any = decisions_pb
    for user, version in (("in", "new"), ("out", "old")):
        who, decisions = subject(user), gray.decisions
        answers = [
            run(decisions.MatchPlan(asked.MatchPlanRequest(subject=who))),
            run(decisions.Decide(asked.DecideRequest(subject=who, request_id=user))),
            run(decisions.Decide(asked.DecideRequest(subject=who, reserve=False))),
            run(decisions.CheckCrowds(asked.CheckCrowdsRequest(subject=who, crowds=["staff"]))),
            run(decisions.ListCrowds(asked.ListCrowdsRequest(subject=who))),
            run(decisions.CheckContact(asked.CheckContactRequest(subject=who, plan="hello"))),
            run(
                gray.running.client.contacts.Reserve(
                    contacts_pb.ReserveRequest(subject=who, plan="hello", request_id=f"r-{user}")
                )
            ),
        ]
        assert [gray.named(each) for each in answers] == [version] * len(answers)


def test_of_many_users_each_is_answered_by_their_version(gray: Gray, run: Run) -> None:
    gray.tell("in")
    gray.activate(gray.new, crowd="beta")
    users = [subject("in"), subject("out")]
    listed = run(gray.decisions.BatchListCrowds(decisions_pb.BatchListCrowdsRequest(subjects=users)))
    versions = [each.crowds.version or listed.provenance.version for each in listed.results]
    assert versions == [gray.new, gray.old]
    requests = [decisions_pb.DecideRequest(subject=each, request_id=each.user_id) for each in users]
    decided = run(gray.decisions.BatchDecide(decisions_pb.BatchDecideRequest(requests=requests)))
    assert [gray.named(each.response) for each in decided.results] == ["new", "old"]
    streamed = run(stream(gray, requests))
    assert [gray.named(each.result.response) for each in streamed] == ["new", "old"]


async def stream(gray: Gray, requests: list[Any]) -> list[Any]:
    asked = [decisions_pb.StreamDecideRequest(request=each) for each in requests]
    return [each async for each in gray.decisions.StreamDecide(iter(asked))]


def test_an_event_opens_what_the_version_of_its_user_has(gray: Gray, run: Run) -> None:
    gray.tell("in")
    gray.activate(gray.new, crowd="beta")
    run(gray.facts.RecordEvents(record(cart("e1", NOON, user="in"), cart("e2", NOON, user="out"))))
    waiting = run(counts(gray))
    assert waiting == {(gray.new, "nudge"): 1, (gray.old, "nudge"): 1}


async def counts(gray: Gray) -> Any:
    return await gray.running.stores.timers.counts()


def test_what_comes_due_by_itself_is_decided_by_the_version_of_its_user(opened: Open, run: Run) -> None:
    """And a plan that waits stays with the version that opened it, when its user leaves the crowd."""
    clock = SetClock(NOON)
    gray = Gray(run(Running.start(opened(), clock=clock)), run)
    run(gray.facts.RecordEvents(record(cart("e1", NOON, user="joins"))))
    gray.tell("leaves")
    gray.activate(gray.new, crowd="beta")
    run(gray.facts.RecordEvents(record(cart("e2", NOON, user="leaves"))))
    gray.tell("joins")
    gray.tell("leaves", tier="free")
    clock.set("2026-03-03T14:00:00+00:00")
    told = {each.user_id: each.decision for each in run(Shop(gray.running, clock).watch(0, 2))}
    versions = {user: (gray.named(each), each.plan, each.plan_version) for user, each in told.items()}
    assert versions == {"joins": ("new", "nudge", gray.old), "leaves": ("old", "nudge", gray.new)}
    run(gray.running.stop())


def test_it_is_told_whom_a_version_serves(gray: Gray, run: Run) -> None:
    gray.activate(gray.new, crowd="beta", share=0.5)
    listed = run(gray.rules.List(pb.RuleSetServiceListRequest())).versions
    served = {each.version: (each.share, each.crowd, each.except_crowd) for each in listed}
    assert served == {gray.new: (0.5, "beta", ""), gray.old: (1, "", "beta")}
    shown = run(gray.rules.Get(pb.RuleSetServiceGetRequest(version=gray.new))).rule_set
    assert (shown.active, shown.share, shown.crowd) == (True, 0.5, "beta")


@pytest.mark.parametrize("adapter", SHARED)
def test_a_crowd_outlives_the_server(
    adapter: str, request: pytest.FixtureRequest, tmp_path: Path, run: Run
) -> None:
    open = SHARED[adapter](request, tmp_path)
    first = run(Running.start(open(), clock="events"))
    gray = Gray(first, run)
    gray.tell("in")
    gray.activate(gray.new, crowd="beta", share=0.999)
    run(first.stop())
    second = run(Running.start(open(), clock="events"))
    run(second.service.releases.resume())
    release = second.service.active.release
    assert release is not None and (release.crowd, release.rest) == ("beta", gray.old)
    asked = decisions_pb.MatchPlanRequest(subject=subject("in"))
    assert run(second.client.decisions.MatchPlan(asked)).provenance.version == gray.new
    run(second.stop())


# ---- orders, on one store


def test_what_is_no_crowd_of_the_version_is_refused(small: Gray, run: Run) -> None:
    error = run(refused(small.activating(small.new, crowd="betta")))
    assert error_info(status_of(error)).reason == "UNKNOWN_NAME" and "`beta`" in error.details()
    small.activate(small.new)
    assert small.refusal(small.activating(small.old, crowd="beta")) == "UNKNOWN_NAME"


@pytest.mark.parametrize("later", [False, True])
def test_a_crowd_that_looks_at_requests_is_refused(small: Gray, run: Run, later: bool) -> None:
    when = {"activate_time": at("2099-01-01T00:00:00+00:00")} if later else {}
    error = run(refused(small.activating(small.new, crowd="browsing", **when)))
    assert error_info(status_of(error)).reason == "CROWD_OF_REQUESTS"
    assert "`input.page`" in error.details()


def test_a_crowd_wants_another_version_for_the_rest(small: Gray) -> None:
    small.activate(small.new)
    assert small.refusal(small.activating(small.new, crowd="beta")) == "NO_VERSION_FOR_THE_REST"


def test_what_decides_for_nobody_has_no_crowd(small: Gray, run: Run) -> None:
    error = run(refused(small.activating(small.new, shadow=True, crowd="beta")))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT and "crowd" in error.details()


def test_a_shadow_leaves_the_crowd_as_it_is(small: Gray) -> None:
    small.tell("in")
    small.activate(small.new, crowd="beta")
    release = small.activate(small.publish(C), shadow=True, sample=0.5).release
    assert (release.version, release.crowd, release.rest_version) == (small.new, "beta", small.old)
    assert [small.by("in"), small.by("out")] == ["new", "old"]


def test_rolling_back_ends_a_crowd_and_brings_one_back(small: Gray) -> None:
    small.tell("in")
    small.activate(small.new, crowd="beta")
    small.activate(small.publish(C))
    assert small.roll_back().release.crowd == "beta" and small.by("in") == "new"
    assert small.roll_back().release.crowd == "" and small.by("in") == "old"


def test_a_crowd_serves_at_the_time_that_was_set(run: Run) -> None:
    clock = SetClock(TEN)
    running = run(Running.start(memory_stores(), clock=clock, timers=False))
    gray = Gray(running, run)
    gray.tell("in")
    due = Timestamp()
    due.FromMicroseconds(clock.now() + 60 * 10**6)
    schedule = gray.activate(gray.new, crowd="beta", share=0.999, activate_time=due).schedule
    assert (schedule.crowd, schedule.share) == ("beta", 0.999)
    assert gray.by("in") == "old"
    clock.put(clock.now() + 60 * 10**6)
    run(running.service.schedules.start_due())
    assert [gray.by("in"), gray.by("out")] == ["new", "old"]
    run(running.stop())


def test_what_is_known_by_no_store_is_served_as_before(run: Run) -> None:
    stores, failing = with_failing(memory_stores(), "profiles", "fetch")
    running = run(Running.start(stores, clock="events", timers=False))
    gray = Gray(running, run)
    gray.tell("in")
    gray.activate(gray.new, crowd="beta")
    failing.left = 1
    assert [gray.by("in"), gray.by("in")] == ["old", "new"]
    run(running.stop())


def test_facts_that_only_the_version_below_can_read_are_for_that_one(small: Gray) -> None:
    strict = B.replace("tier: text optional", "tier: choice(beta, free) optional").replace('"beta"', "beta")
    new = small.publish(strict)
    small.activate(new, crowd="beta")
    assert small.by("u1", user={"tier": "gold"}) == "old"


def test_a_share_alone_reads_nothing(run: Run) -> None:
    stores, failing = with_failing(memory_stores(), "profiles", "fetch")
    running = run(Running.start(stores, clock="events", timers=False))
    gray = Gray(running, run)
    gray.activate(gray.new, share=0.999)
    failing.left = 1
    hello = decisions_pb.CheckContactRequest(subject=subject("u1"), plan="hello")
    assert gray.named(run(gray.decisions.CheckContact(hello))) == "new" and failing.left == 1
    run(running.stop())
