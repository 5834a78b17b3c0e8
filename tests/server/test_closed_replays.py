"""A server that is asked to live again what it has on record, by two versions, each with its own sends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import grpc
import pytest
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import replay_service_pb2 as replays_pb
from suasion.v1.replay_service_pb2_grpc import ReplayServiceStub

from server.ports import WhenFull
from server.stores import memory_stores
from server.usecases import replays
from server.wiring import decision_log
from tests.server.clock import SetClock
from tests.server.conftest import Run, Running
from tests.server.messages import event, subject
from tests.server.test_replays import sources, told

RULES = """
settings { timezone "UTC"  currency EUR }
profile user { id: text key }
event order { number: text }
policy gentle default { cap all 2 in any 7 days }
plan thanks { on order  send push "thanks" }
decide best { among thanks }
"""
CANDIDATE = RULES.replace("cap all 2", "cap all 1")
DAYS = [f"2026-03-{day:02}T12:00:00+00:00" for day in (1, 2, 3)]
CLOSED = replays_pb.REPLAY_LOOP_CLOSED


async def recording(directory: Path) -> Running:
    """A server that was told of three orders."""
    clock = SetClock(DAYS[0])
    log = decision_log(str(directory), full=WhenFull.BLOCK, mask=False)
    running = await Running.start(memory_stores(), clock=clock, log=log)
    await running.client.activate(RULES)
    for number, day in enumerate(DAYS):
        clock.set(day)
        order = event(f"o{number}", "order", day, number=str(number))
        await running.client.decisions.Decide(pb.DecideRequest(subject=subject(), event=order))
    while log.counts().stored < len(DAYS):
        await asyncio.sleep(0)
    return running


def closed(running: Running, base: str = RULES, candidate: str = CANDIDATE, **options: Any) -> Any:
    stub: Any = ReplayServiceStub(running.client.channel)  # type: ignore[no-untyped-call]
    request = replays_pb.ReplayRequest(
        base=sources(base), candidate=sources(candidate), **{"loop": CLOSED, **options}
    )
    return stub.Replay(request)


def test_each_version_lives_with_its_own_sends(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        running = await recording(tmp_path)
        lives = replays_pb.ReplayLives(knowledge=replays_pb.REPLAY_KNOWLEDGE_BOTH)
        progress, report = await told(closed(running, lives=lives, coverage=True))
        assert (progress[0].done_count, progress[-1].done_count) == (0, 3)
        assert {each.record_count for each in progress} == {3}
        assert report.loop == CLOSED
        assert [(each.name, each.before, each.after) for each in report.sends] == [("push", 2, 1)]
        assert [(each.rule, each.decision_count) for each in report.blamed] == [("policy gentle", 1)]
        cap = next(each for each in report.coverage if each.text == "cap all 1 in any 7 days")
        assert (cap.yes_count, cap.no_count, report.covered_decision_count) == (2, 1, 3)
        await running.stop()

    run(scenario())


@pytest.mark.parametrize(
    ("base", "lived"), [(RULES, 2), (CANDIDATE, 1), (RULES.replace("cap all 2", "cap all 3"), 3)]
)
def test_where_the_base_sent_otherwise_a_note_says_so(
    base: str, lived: int, run: Run, tmp_path: Path
) -> None:
    """Of the three that are on record nobody said that they went out, so that the cap of two let go of the first."""

    async def scenario() -> None:
        running = await recording(tmp_path)
        _, report = await told(closed(running, base, CANDIDATE.replace("cap all 1", "cap all 4")))
        (note,) = [each for each in report.notes if "on record" in each] or [""]
        assert note.startswith(f"3 sends are on record, and the base's life has {lived}: ") == (lived != 3)
        await running.stop()

    run(scenario())


def test_a_candidate_follows_the_base_at_an_instant(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        running = await recording(tmp_path)
        lives = replays_pb.ReplayLives(decide="best")
        lives.switch_time.FromJsonString("2026-03-03T00:00:00Z")
        _, report = await told(closed(running, RULES, RULES.replace("cap all 2", "cap all 9"), lives=lives))
        assert [(each.name, each.before, each.after) for each in report.sends] == [("push", 2, 3)]
        await running.stop()

    run(scenario())


def test_it_ends_with_whoever_asked(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        running = await recording(tmp_path)
        first = closed(running)
        await anext(aiter(first))
        first.cancel()
        report = None
        while report is None:  # until it has let go
            try:
                _, report = await told(closed(running))
            except grpc.aio.AioRpcError as error:
                assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert report.changed_count == 1
        await running.stop()

    run(scenario())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"lives": {"decide": "bset"}}, "unknown decide `bset`; did you mean `best`?"),
        ({"lives": {"knowledge": 7}}, "lives.knowledge"),
        ({"lives": {"switch_time": {"seconds": 10**12}}}, "lives.switch_time"),
        ({"loop": replays_pb.REPLAY_LOOP_OPEN, "lives": {}}, "lives: they are of REPLAY_LOOP_CLOSED"),
        ({"loop": replays_pb.REPLAY_LOOP_VERIFY}, "loop: REPLAY_LOOP_OPEN or REPLAY_LOOP_CLOSED is wanted"),
    ],
)
def test_what_cannot_be_meant_is_refused(options: Any, said: str, run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        running = await recording(tmp_path)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await closed(running, **options).read()
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert said in (caught.value.details() or "")
        await running.stop()

    run(scenario())


def test_a_server_lives_only_so_many_events_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        running = await recording(tmp_path)
        monkeypatch.setattr(replays, "MOST_EVENTS", 2)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await closed(running).read()
        assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
        assert "3 events" in (caught.value.details() or "")
        await running.stop()

    run(scenario())
