"""A server that is asked what another version would have answered to what it has on record."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import grpc
import pytest
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import replay_service_pb2 as replays_pb
from suasion.v1 import rule_set_service_pb2 as rules_pb
from suasion.v1.replay_service_pb2_grpc import ReplayServiceStub

from server.ports import WhenFull
from server.stores import memory_stores
from server.wiring import decision_log
from tests.server.clock import SetClock
from tests.server.conftest import RULES, Run, Running
from tests.server.messages import subject

NOON = "2026-03-03T12:00:00+00:00"
CANDIDATE = RULES.replace('"de"', '"at"')


def sources(text: str) -> rules_pb.VersionOrSources:
    file = rules_pb.SourceFile(name="shop.sua", text=text)
    return rules_pb.VersionOrSources(sources=rules_pb.Sources(files=[file]))


async def recording(directory: Path, questions: int = 20) -> Running:
    """A server that was asked for crowds so often."""
    log = decision_log(str(directory), full=WhenFull.BLOCK, mask=False)
    running = await Running.start(memory_stores(), clock=SetClock(NOON), log=log)
    await running.client.activate(RULES)
    for number in range(questions):
        country = ("de", "fr")[number % 2]
        asked = subject(f"u{number}", user={"country": country})
        await running.client.decisions.CheckCrowds(pb.CheckCrowdsRequest(subject=asked, crowds=["german"]))
    while log.counts().stored < questions:
        await asyncio.sleep(0)
    return running


def replay(running: Running, base: Any, candidate: Any) -> Any:
    stub: Any = ReplayServiceStub(running.client.channel)  # type: ignore[no-untyped-call]
    return stub.Replay(replays_pb.ReplayRequest(base=base, candidate=candidate))


async def told(call: Any) -> tuple[list[Any], Any]:
    """Progress, and the report."""
    answers = [each async for each in call]
    assert [each.WhichOneof("progress_or_report") for each in answers[-1:]] == ["report"]
    return [each.progress for each in answers[:-1]], answers[-1].report


def test_a_candidate_is_replayed_with_progress(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        running = await recording(tmp_path)
        version = running.service.active.all()[0].version
        base = rules_pb.VersionOrSources(version=version)
        progress, report = await told(replay(running, base, sources(CANDIDATE)))
        assert progress[0].done_count == 0 and len(progress) >= 2
        assert report.base_version == version and report.loop == replays_pb.REPLAY_LOOP_OPEN
        assert (report.decision_count, report.changed_count, report.same_count) == (20, 10, 10)
        assert (report.user_count, report.changed_user_count) == (20, 10)
        examples = [
            example.decide_time.ToNanoseconds() for blamed in report.blamed for example in blamed.examples
        ]
        first, last = report.first_decide_time.ToNanoseconds(), report.last_decide_time.ToNanoseconds()
        assert 0 < first <= min(examples) <= max(examples) <= last
        assert [(each.crowd, each.entered_count, each.left_count) for each in report.crowds] == [
            ("german", 0, 10)
        ]

        [blamed] = report.blamed
        assert (blamed.rule, blamed.decision_count, report.currency_code) == ("crowd german", 10, "EUR")
        assert blamed.examples[0].before.crowds == ["german"]
        assert [(each.after, each.decision_count, each.user_count) for each in blamed.moves] == [
            ("not in german", 10, 10)
        ]

        _, report = await told(replay(running, base, base))
        assert report.loop == replays_pb.REPLAY_LOOP_VERIFY and report.same_count == 20
        again = report.first_decide_time.ToNanoseconds(), report.last_decide_time.ToNanoseconds()
        assert again == (first, last) and report.time_zone
        await running.stop()

    run(scenario())


def test_others_are_answered_meanwhile_and_a_second_replay_is_not(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        running = await recording(tmp_path)
        first = replay(running, sources(RULES), sources(CANDIDATE))
        await anext(aiter(first))  # it is under way
        second = replay(running, sources(RULES), sources(CANDIDATE))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await anext(aiter(second))
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        await running.client.decisions.ListCrowds(pb.ListCrowdsRequest(subject=subject("u1")))
        await told(first)
        await told(replay(running, sources(RULES), sources(CANDIDATE)))
        await running.stop()

    run(scenario())


def test_it_ends_with_whoever_asked(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        running = await recording(tmp_path)
        first = replay(running, sources(RULES), sources(CANDIDATE))
        await anext(aiter(first))
        first.cancel()
        report = None
        while report is None:  # until it has let go
            try:
                _, report = await told(replay(running, sources(RULES), sources(CANDIDATE)))
            except grpc.aio.AioRpcError as error:
                assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert report.changed_count == 10
        await running.stop()

    run(scenario())


@pytest.mark.parametrize(
    ("base", "code", "reason"),
    [
        (rules_pb.VersionOrSources(version="f" * 64), grpc.StatusCode.NOT_FOUND, "unknown rule-set version"),
        (rules_pb.VersionOrSources(), grpc.StatusCode.INVALID_ARGUMENT, "one of `version` and `sources`"),
        (sources("plan {"), grpc.StatusCode.INVALID_ARGUMENT, "compile"),
    ],
)
def test_versions_have_to_be_there(
    base: Any, code: grpc.StatusCode, reason: str, run: Run, tmp_path: Path
) -> None:
    async def scenario() -> None:
        running = await recording(tmp_path, 1)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await replay(running, base, sources(RULES)).read()
        assert caught.value.code() is code and reason in (caught.value.details() or "")
        await running.stop()

    run(scenario())


def test_without_a_log_there_is_nothing_to_replay(shop: Running, run: Run) -> None:
    async def scenario() -> None:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await replay(shop, sources(RULES), sources(CANDIDATE)).read()
        assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
        assert "--log DIR" in (caught.value.details() or "")

    run(scenario())
