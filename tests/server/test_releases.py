"""Which version decides for whom: shares, going back, giving up, and what waits meanwhile."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1 import rule_set_service_pb2 as pb

from tests.server.conftest import Run, Running, refused
from tests.server.messages import NOON, cart, error_info, event, profile, record, status_of, subject
from tests.stores import SERVED

BASE = """
profile user { id: text key  tier: text optional }
event cart_add { sku: text  price: money EUR }
event paid { }
list staff
"""
WAITING = 'plan nudge { on cart_add wait 2 hours unless paid  send push "%s" }\n'


def rules(name: str) -> str:
    """A version that can be told from others by the message that it sends."""
    return (
        BASE
        + f'plan hello {{ send push "{name}" }}\n'
        + WAITING % name
        + "decide best { among hello, nudge }\n"
    )


A, B, C = rules("a"), rules("b"), rules("c")
WITHOUT = BASE + 'plan hello { send push "x" }\ndecide best { among hello }\n'


@pytest.fixture(params=SERVED)
def server(request: pytest.FixtureRequest, tmp_path: Path, run: Run) -> Iterator[Running]:
    running = run(Running.start(SERVED[request.param](request, tmp_path)(), clock="events"))
    yield running
    run(running.stop())


class Versions:
    """What an operator does, against one server."""

    def __init__(self, server: Running, run: Run) -> None:
        self.rules, self.decisions, self.facts, self.run = (
            server.client.rules,
            server.client.decisions,
            server.client.facts,
            run,
        )

    def publish(self, text: str, **options: Any) -> str:
        sources = pb.Sources(files=[pb.SourceFile(name="shop.sua", text=text)])
        request = pb.RuleSetServicePublishRequest(sources=sources, **options)
        return str(self.run(self.rules.Publish(request)).rule_set.version)

    def activate(self, version: str, **options: Any) -> Any:
        return self.run(self.rules.Activate(pb.RuleSetServiceActivateRequest(version=version, **options)))

    def activating(self, version: str, **options: Any) -> Any:
        return self.rules.Activate(pb.RuleSetServiceActivateRequest(version=version, **options))

    def roll_back(self, **options: Any) -> Any:
        return self.run(self.rules.Rollback(pb.RuleSetServiceRollbackRequest(**options)))

    def revoking(self, version: str, **options: Any) -> Any:
        return self.rules.Revoke(pb.RuleSetServiceRevokeRequest(version=version, **options))

    def refusal(self, call: Any) -> str:
        error = self.run(refused(call))
        assert error.code() in (grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.NOT_FOUND)
        return error_info(status_of(error)).reason

    def versions(self, users: range) -> list[str]:
        """By user, the version that decides."""

        async def ask() -> list[str]:
            asked = (
                self.decisions.MatchPlan(decisions_pb.MatchPlanRequest(subject=subject(f"u{n}")))
                for n in users
            )
            return [answer.provenance.version for answer in await asyncio.gather(*asked)]

        return list(self.run(ask()))

    def everybody(self) -> str:
        """The version that decides for everybody."""
        (version,) = set(self.versions(range(20)))
        return version


@pytest.fixture
def shop(server: Running, run: Run) -> Versions:
    return Versions(server, run)


# ---- publishing


def test_a_published_version_decides_for_nobody(shop: Versions, run: Run) -> None:
    version = shop.publish(A)
    shown = run(shop.rules.Get(pb.RuleSetServiceGetRequest(version=version))).rule_set
    assert (shown.active, shown.share, shown.epoch) == (False, 0, 0)
    assert (
        shop.refusal(shop.decisions.MatchPlan(decisions_pb.MatchPlanRequest(subject=subject())))
        == "NO_ACTIVE_RULES"
    )
    assert shop.activate(version).rule_set.active and shop.everybody() == version


def test_what_is_only_to_be_validated_is_not_kept(shop: Versions, run: Run) -> None:
    version = shop.publish(A, validate_only=True)
    assert shop.refusal(shop.activating(version)) == "UNKNOWN_VERSION"
    assert not run(shop.rules.List(pb.RuleSetServiceListRequest())).versions


def test_versions_are_listed_in_pages_of_which_none_is_lost(shop: Versions, run: Run) -> None:
    published = {shop.publish(rules(f"v{n}")) for n in range(7)}
    seen: list[str] = []
    token = ""
    while True:
        page = run(shop.rules.List(pb.RuleSetServiceListRequest(page_size=3, page_token=token)))
        seen += [each.version for each in page.versions]
        if not (token := page.next_page_token):
            break
    assert len(seen) == 7 and set(seen) == published


@pytest.mark.parametrize("request_", [{"page_size": -1}, {"page_token": "é"}, {"page_token": "AAAA"}])
def test_a_page_that_cannot_be_is_refused(shop: Versions, run: Run, request_: dict[str, Any]) -> None:
    error = run(refused(shop.rules.List(pb.RuleSetServiceListRequest(**request_))))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT


# ---- shares


def test_a_candidate_serves_its_share_and_raising_it_only_adds_users(shop: Versions) -> None:
    old, new = shop.publish(A), shop.publish(B)
    shop.activate(old)
    users, before = range(1000), set[int]()
    for share in (0.1, 0.25, 0.5):
        answer = shop.activate(new, share=share)
        assert (answer.release.share, answer.release.rest_version) == (share, old)
        taken = {n for n, version in enumerate(shop.versions(users)) if version == new}
        assert before <= taken
        assert taken == {n for n in users if hashed(new, f"u{n}") < share}
        before = taken
    assert shop.activate(new).release.rest_version == "" and shop.everybody() == new


def hashed(version: str, user: str) -> float:
    """Where a user stands between 0 and 1, by SEMANTICS."""
    digest = hashlib.sha256(f"release {version}\x1f{user}".encode()).hexdigest()
    return int(digest[:13], 16) / 2**52


def test_another_candidate_takes_the_place_of_the_first(shop: Versions) -> None:
    a, b, c = map(shop.publish, (A, B, C))
    shop.activate(a)
    shop.activate(b, share=0.3)
    assert shop.activate(c, share=0.2).release.rest_version == a
    assert set(shop.versions(range(200))) == {a, c}


def test_a_share_wants_another_version_for_the_rest(shop: Versions) -> None:
    version = shop.publish(A)
    assert shop.refusal(shop.activating(version, share=0.1)) == "NO_VERSION_FOR_THE_REST"
    shop.activate(version)
    assert shop.refusal(shop.activating(version, share=0.1)) == "NO_VERSION_FOR_THE_REST"


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1, float("nan"), float("inf")])
def test_a_share_that_is_none_is_refused(shop: Versions, run: Run, share: float) -> None:
    shop.activate(shop.publish(A))
    error = run(refused(shop.activating(shop.publish(B), share=share)))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT and "share" in error.details()


def test_facts_are_accepted_if_a_version_that_serves_does(shop: Versions, run: Run) -> None:
    newer = (
        B.replace("event paid { }", "event paid { }\nevent refund { }")
        .replace("tier: text optional", "tier: choice(free, plus) optional")
        .replace("list staff", "list staff\nlist testers")
    )
    load = facts_pb.LoadListRequest(list="testers", user_ids=["u1"])
    shop.activate(shop.publish(A))
    assert (
        run(refused(shop.facts.RecordEvents(record(event("e1", "refund"))))).code()
        is grpc.StatusCode.INVALID_ARGUMENT
    )
    assert shop.refusal(shop.facts.LoadList(load)) == "UNKNOWN_NAME"
    shop.activate(shop.publish(newer), share=0.1)
    assert (
        run(shop.facts.RecordEvents(record(event("e1", "refund"), event("e2", "paid")))).recorded_count == 2
    )
    assert run(shop.facts.UpsertProfiles(profile(tier="gold"))).stored_count == 1
    assert run(shop.facts.LoadList(load)).user_count == 1
    refusal = run(refused(shop.facts.RecordEvents(record(event("e3", "refudn")))))
    assert refusal.code() is grpc.StatusCode.INVALID_ARGUMENT


# ---- going back


def test_rolling_back_goes_one_version_further_each_time(shop: Versions) -> None:
    a, b, c = map(shop.publish, (A, B, C))
    for version in (a, b, c):
        shop.activate(version)
    back = shop.roll_back()
    assert (back.rule_set.version, back.previous_version) == (b, c)
    assert (back.release.epoch, back.release.restored_epoch) == (4, 2)
    assert shop.roll_back().rule_set.version == a and shop.everybody() == a
    assert shop.refusal(shop.rules.Rollback(pb.RuleSetServiceRollbackRequest())) == "NOTHING_TO_ROLL_BACK_TO"


def test_rolling_back_takes_a_candidate_away_whatever_its_share(shop: Versions) -> None:
    a, b = map(shop.publish, (A, B))
    shop.activate(a)
    for share in (0.1, 0.5, 1.0):
        shop.activate(b, share=share)
    assert shop.roll_back().rule_set.version == a and shop.everybody() == a


def test_rolling_back_brings_shares_back(shop: Versions) -> None:
    a, b, c = map(shop.publish, (A, B, C))
    shop.activate(a)
    shop.activate(b, share=0.5)
    shop.activate(c)
    release = shop.roll_back().release
    assert (release.version, release.share, release.rest_version) == (b, 0.5, a)


def test_a_release_is_rolled_back_once_however_often_it_is_asked(shop: Versions) -> None:
    a, b, c = map(shop.publish, (A, B, C))
    epochs = [shop.activate(version).release.epoch for version in (a, b, c)]
    assert shop.roll_back(epoch=epochs[-1]).rule_set.version == b
    again = shop.rules.Rollback(pb.RuleSetServiceRollbackRequest(epoch=epochs[-1]))
    assert shop.refusal(again) == "ANOTHER_RELEASE" and shop.everybody() == b


def test_what_was_revoked_is_passed_over(shop: Versions, run: Run) -> None:
    a, b, c = map(shop.publish, (A, B, C))
    for version in (a, b, c):
        shop.activate(version)
    run(shop.revoking(b))
    assert shop.roll_back().rule_set.version == a


# ---- giving up


def test_a_revoked_version_cannot_be_activated(shop: Versions, run: Run) -> None:
    a, b = map(shop.publish, (A, B))
    shop.activate(a)
    run(shop.revoking(b))
    assert shop.refusal(shop.activating(b)) == "VERSION_REVOKED"
    assert shop.refusal(shop.activating(b, share=0.1)) == "VERSION_REVOKED"
    listed = run(shop.rules.List(pb.RuleSetServiceListRequest())).versions
    assert {each.version: (each.share, each.revoked) for each in listed} == {a: (1, False), b: (0, True)}


def test_a_version_that_serves_is_not_revoked(shop: Versions) -> None:
    a, b = map(shop.publish, (A, B))
    shop.activate(a)
    shop.activate(b, share=0.1)
    assert [shop.refusal(shop.revoking(version)) for version in (a, b)] == ["VERSION_SERVES"] * 2
    assert shop.refusal(shop.revoking("f" * 64)) == "UNKNOWN_VERSION"


def test_what_waits_by_a_revoked_version_is_moved_or_ended(shop: Versions, run: Run) -> None:
    a, b, c = map(shop.publish, (A, B, C))
    for version, user in ((a, "u1"), (b, "u2")):
        shop.activate(version)
        run(shop.facts.RecordEvents(record(cart(f"e-{user}", NOON, user=user))))
    shop.activate(c)
    moved = run(shop.revoking(a))
    assert (moved.moved_count, moved.ended_count) == (1, 0)
    ended = run(shop.revoking(b, end_waiting=True))
    assert (ended.moved_count, ended.ended_count) == (0, 1)


# ---- plans that users wait for


def test_a_plan_that_users_wait_for_is_not_dropped_by_the_way(shop: Versions, run: Run) -> None:
    shop.activate(shop.publish(A))
    run(shop.facts.RecordEvents(record(*(cart(f"e{n}", NOON, user=f"u{n}") for n in range(3)))))
    without = shop.publish(WITHOUT)
    error = run(refused(shop.activating(without)))
    info = error_info(status_of(error))
    assert (info.reason, dict(info.metadata)) == ("PLANS_WOULD_BE_DROPPED", {"nudge": "3"})
    assert "`nudge` (3 waiting)" in error.details()
    assert shop.activate(without, retire_plans=True).rule_set.version == without


def test_a_plan_may_go_on_under_another_name(shop: Versions, run: Run) -> None:
    shop.activate(shop.publish(A))
    run(shop.facts.RecordEvents(record(cart("e1", NOON))))
    renamed = A.replace("plan nudge {", "plan remind was nudge {").replace("hello, nudge", "hello, remind")
    assert shop.activate(shop.publish(renamed)).rule_set.active


# ---- differences


def test_versions_and_files_are_compared(shop: Versions, run: Run) -> None:
    old = shop.publish(A)
    files = pb.Sources(files=[pb.SourceFile(name="new.sua", text="# moved\n\n" + B)])
    request = pb.RuleSetServiceDiffRequest(
        before=pb.VersionOrSources(version=old), after=pb.VersionOrSources(sources=files)
    )
    answer = run(shop.rules.Diff(request))
    assert answer.version_before == old and answer.version_after == shop.publish(B)
    hello, nudge = answer.changes
    assert (hello.kind, hello.rule, list(hello.dependants)) == (
        pb.CHANGE_KIND_CHANGED,
        "plan hello",
        ["decide best"],
    )
    assert (hello.location_before, hello.location_after) == ("shop.sua:6", "new.sua:8")
    assert (
        hello.text_before == 'plan hello { send push "a" }'
        and hello.text_after == 'plan hello { send push "b" }'
    )
    assert nudge.rule == "plan nudge"


def test_a_comparison_wants_two_sides(shop: Versions, run: Run) -> None:
    error = run(refused(shop.rules.Diff(pb.RuleSetServiceDiffRequest())))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT and "before" in error.details()
