"""A candidate that decides beside what serves: nobody notices, and what it would have answered is on record."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import grpc
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from google.protobuf.message import Message
from suasion.v1 import answer_pb2
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1 import rule_set_service_pb2 as rules_pb
from typer.testing import CliRunner

from cli.main import application
from server.adapters.log.columns import SCHEMA
from server.adapters.log.parquet import write_file
from server.archives import decision_archive
from server.ports import Record, StoreUnavailable, WhenFull
from server.replay.open_loop import OpenJob
from server.replay.report import CrowdMoves, Loop
from server.replay.tally import Tally
from server.replay.verify import Redecide, Result
from server.stores import memory_stores
from server.usecases.active_rules import ActiveRules
from server.usecases.failures import Failures, OnFailure
from server.usecases.shadow import Answer, ShadowDecisions
from server.wiring import decision_log
from tests.log.records import stored
from tests.log.test_serving import DAY, NOON, RULES, cart
from tests.server.clock import SetClock
from tests.server.conftest import Run, Running, run
from tests.server.messages import profile, record, subject

__all__ = ["run"]
OTHER = """
profile user { id: text key  country: text optional  region: text optional  language: text optional }
list staff
crowd strangers { user.country is missing }
"""
NEW = "\nevent wish { sku: text }\ncrowd wishing { did wish within 30 days }\nlist vips\n"
CANDIDATE = (
    RULES.replace("cap all 2 per day", "cap all 1 in any 7 days")
    .replace('plan hello { send push "hello"', 'plan hello { for wishing send push "hello"')
    .replace("once per contact", "once per user")
    .replace("wait 2 hours unless order_paid", "wait 1 hour unless order_paid")
    .replace("user.country is", "user.region is")
    .replace("  country: text optional", "  country: text optional\n  region: text optional")
    + NEW
)
USERS = [f"user{number}" for number in range(12)]
IDS = re.compile(rb"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")


async def ask(running: Running, clock: SetClock) -> list[Message]:
    """All that is answered, in order."""
    decisions, facts = running.client.decisions, running.client.facts
    await facts.LoadList(facts_pb.LoadListRequest(list="staff", user_ids=["boss"]))
    answers: list[Message] = []
    for user in USERS:
        await facts.UpsertProfiles(profile(user, country="de", region="de", email="a@example.org"))
        for number in range(3):
            event = cart(f"{user}-{number}", f"{DAY}0{7 + number}:00:00+00:00")
            event.user_id = user
            await facts.RecordEvents(record(event))
        clock.set(NOON)
        answers.append(
            await decisions.CheckCrowds(pb.CheckCrowdsRequest(subject=subject(user), crowds=["german"]))
        )
        answers.append(await decisions.ListCrowds(pb.ListCrowdsRequest(subject=subject(user))))
        for decide in ("best", "plain"):
            answers.append(
                await decisions.MatchPlan(pb.MatchPlanRequest(subject=subject(user), decide=decide))
            )
            answers.append(
                await decisions.Decide(
                    pb.DecideRequest(subject=subject(user), decide=decide, request_id=f"{user}-{decide}")
                )
            )
        event = cart(f"{user}-now", NOON, contact="+49 1")
        event.user_id = user
        asked = pb.DecideRequest(event=event, decide="best", request_id=f"{user}-event")
        answers.append(await decisions.Decide(asked))
        answers.append(
            await decisions.CheckContact(pb.CheckContactRequest(subject=subject(user), plan="nudge"))
        )
    return answers


async def lived(directory: Path, **shadow: Any) -> tuple[list[bytes], list[Any]]:
    """What is answered, and what the ledger holds then."""
    clock = SetClock(NOON)
    log = decision_log(str(directory), full=WhenFull.BLOCK, mask=False)
    running = await Running.start(memory_stores(), clock=clock, log=log, timers=False)
    version = (await running.client.activate(RULES)).rule_set.version
    if shadow:
        beside = await running.client.activate(CANDIDATE, shadow=True, **shadow)
        assert (beside.release.version, beside.release.shadow_sample) == (version, shadow["sample"])
    answers = await ask(running, clock)
    await running.service.shadows.settled()
    counts = running.service.shadows.counts
    assert (counts.dropped, counts.failed) == (0, 0)
    histories = [await running.stores.contacts.history(user, None) for user in USERS]
    await running.stop()
    return [IDS.sub(b"id", each.SerializeToString(deterministic=True)) for each in answers], [
        [(touch.activity, touch.channel, touch.time) for touch in each.touches(clock.now())]
        for each in histories
    ]


def test_nobody_is_answered_otherwise_and_every_answer_has_its_shadow(run: Run, tmp_path: Path) -> None:
    alone, ledger = run(lived(tmp_path / "alone"))
    beside, same_ledger = run(lived(tmp_path / "beside", sample=1.0))
    assert beside == alone
    assert same_ledger == ledger and any(ledger)
    rows = stored(decision_archive(tmp_path / "beside"))
    shadows = {row["shadow_of"]: row for row in rows if row["shadow_of"]}
    live = {row["decision_id"]: row for row in rows if not row["shadow_of"]}
    assert len(live) == len(stored(decision_archive(tmp_path / "alone"))) == len(alone)
    assert shadows.keys() == live.keys()
    for id, row in shadows.items():
        assert row["version"] != live[id]["version"]
        for column in ("time", "user", "kind", "asked"):
            assert row[column] == live[id][column]
        assert row["advisory"] and row["reservation_id"] is None
    before = stored(decision_archive(tmp_path / "alone"))
    assert told(live.values()) == told(before)
    assert any(row["verdict"] != live[id]["verdict"] for id, row in shadows.items())


def told(rows: Iterable[Mapping[str, Any]]) -> list[bytes]:
    """Records without what differs from one time to the next: ids, and how long it took."""
    return sorted(IDS.sub(b"id", orjson.dumps({**row, "latency_us": 0})) for row in rows)


def test_the_shadow_lacks_nothing_that_it_looks_at(run: Run, tmp_path: Path) -> None:
    run(lived(tmp_path, sample=1.0))
    archive = decision_archive(tmp_path)
    redecide, rows = Redecide(archive), stored(archive)
    assert {redecide(row).result for row in rows} == {Result.SAME}
    crowds = [row for row in rows if row["shadow_of"] and row["kind"] == "check_crowds"]
    assert {orjson.loads(row["facts"])["user"]["region"] for row in crowds} == {"de"}
    assert all(orjson.loads(row["outcome"])["yes"] == ["german"] for row in crowds)


def test_a_sample_is_of_the_same_users_each_time(run: Run, tmp_path: Path) -> None:
    of: list[set[str]] = []
    for name in "ab":
        run(lived(tmp_path / name, sample=0.5))
        rows = stored(decision_archive(tmp_path / name))
        of.append({row["user"] for row in rows if row["shadow_of"]})
        asked = {row["user"] for row in rows if row["shadow_of"] is None}
        assert asked == set(USERS)
    assert of[0] == of[1] and 0 < len(of[0]) < len(USERS)


def test_what_the_candidate_does_not_know_is_answered_without_it(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        log = decision_log(str(tmp_path), full=WhenFull.BLOCK, mask=False)
        running = await Running.start(memory_stores(), clock=SetClock(NOON), log=log)
        await running.client.activate(RULES)
        await running.client.activate(
            'plan other { send push "o" }\ndecide others { among other }', shadow=True
        )
        answer = await running.client.decisions.MatchPlan(
            pb.MatchPlanRequest(subject=subject("u1"), decide="plain")
        )
        assert answer.verdict
        assert running.service.shadows.counts.asked == 0
        await running.stop()

    run(scenario())
    assert [row["shadow_of"] for row in stored(decision_archive(tmp_path))] == [None]


def test_the_next_release_ends_it(run: Run) -> None:
    async def scenario() -> None:
        running = await Running.start(memory_stores(), clock=SetClock(NOON))
        live = (await running.client.activate(RULES)).rule_set.version
        beside = await running.client.activate(CANDIDATE, shadow=True, sample=0.25)
        assert beside.release.shadow_version == beside.rule_set.version != live
        acts = await running.client.rules.ListAudit(rules_pb.RuleSetServiceListAuditRequest())
        assert acts.acts[0].deed == rules_pb.DEED_SHADOWED
        after = await running.client.rules.Activate(rules_pb.RuleSetServiceActivateRequest(version=live))
        assert (after.release.shadow_version, running.service.active.beside("u")) == ("", None)
        await running.stop()

    run(scenario())


def test_a_rollback_brings_back_who_served_and_nobody_beside(run: Run) -> None:
    async def scenario() -> None:
        running = await Running.start(memory_stores(), clock=SetClock(NOON))
        live = (await running.client.activate(RULES)).rule_set.version
        await running.client.activate(CANDIDATE, shadow=True, sample=1.0)
        await running.client.activate(OTHER)
        back = await running.client.rules.Rollback(rules_pb.RuleSetServiceRollbackRequest())
        assert (back.release.version, back.release.shadow_version) == (live, "")
        assert running.service.active.beside("u") is None
        await running.stop()

    run(scenario())


@pytest.mark.parametrize("deed", ["Revoke", "Archive"])
def test_who_decides_beside_is_not_taken_away_unnoticed(run: Run, deed: str) -> None:
    async def scenario() -> None:
        running = await Running.start(memory_stores(), clock=SetClock(NOON))
        live = (await running.client.activate(RULES)).rule_set.version
        beside = (await running.client.activate(CANDIDATE, shadow=True, sample=1.0)).rule_set.version
        rules, request = (
            running.client.rules,
            getattr(rules_pb, f"RuleSetService{deed}Request")(version=beside),
        )
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await getattr(rules, deed)(request)
        assert "decides beside what serves" in str(refused.value.details())
        await rules.Activate(rules_pb.RuleSetServiceActivateRequest(version=live))
        await getattr(rules, deed)(request)
        again = rules_pb.RuleSetServiceActivateRequest(version=beside, shadow=True, sample=1.0)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await rules.Activate(again)
        assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
        await running.stop()

    run(scenario())


class ListsAway:
    """A store of lists that says nothing of who is on them."""

    def __init__(self, lists: Any) -> None:
        self._lists = lists

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lists, name)

    async def holds(self, user: str, names: Iterable[str]) -> Mapping[str, bool]:
        raise StoreUnavailable("lists")


def test_a_store_that_the_candidate_alone_looks_at_may_be_away(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        stores = memory_stores()
        stores = replace(stores, lists=cast(Any, ListsAway(stores.lists)))
        log = decision_log(str(tmp_path), full=WhenFull.BLOCK, mask=False)
        running = await Running.start(stores, log=log, failures=Failures(*[OnFailure.REFUSE] * 5))
        await running.client.activate(OTHER)
        await running.client.activate(
            OTHER.replace("is missing", "is missing or user in staff"), shadow=True, sample=1
        )
        asked = pb.CheckCrowdsRequest(subject=subject("u1"), crowds=["strangers"])
        answer = await running.client.decisions.CheckCrowds(asked)
        assert [each.answer for each in answer.answers] == [answer_pb2.ANSWER_YES]
        await running.service.shadows.settled()
        assert running.service.shadows.counts.recorded == 1
        await running.stop()

    run(scenario())
    live, beside = sorted(stored(decision_archive(tmp_path)), key=lambda row: row["shadow_of"] is not None)
    assert (live["unavailable"], beside["unavailable"]) == ([], ["list staff"])


def test_for_want_of_room_it_is_dropped_and_counted() -> None:
    async def scenario() -> None:
        shadows = ShadowDecisions(ActiveRules(), decision_log(""), room=2)
        for _ in range(5):
            shadows.answered("decide", {"decide": "best"}, None)  # type: ignore[arg-type]
        assert (shadows.counts.asked, shadows.counts.dropped) == (5, 3)

    asyncio.run(scenario())


class Slow(ShadowDecisions):
    """Has worked long each time, and the third time until it may go on."""

    def __init__(self) -> None:
        super().__init__(ActiveRules(), decision_log(""))
        self.together: list[int] = []
        self.loop, self.is_third, self.may_go_on = (
            asyncio.get_running_loop(),
            asyncio.Event(),
            threading.Event(),
        )

    def _records(self, answers: Sequence[Answer]) -> tuple[list[Record | None], float]:
        self.together.append(len(answers))
        if len(self.together) == 3:
            self.loop.call_soon_threadsafe(self.is_third.set)
            self.may_go_on.wait()
        return [None for _ in answers], 1.0


def test_whoever_is_slow_takes_one_answer_at_a_time_and_what_is_in_hand_at_the_end_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scenario() -> None:
        shadows = Slow()
        for _ in range(30):
            shadows.answered("decide", {"decide": "best"}, cast(Any, None))
        running = asyncio.create_task(shadows.run())
        await shadows.is_third.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        shadows.may_go_on.set()
        assert shadows.together == [20, 1, 1]
        assert (shadows.counts.failed, shadows.counts.dropped) == (21, 9)

    monkeypatch.setattr("server.usecases.shadow.RESTS", 0)
    asyncio.run(scenario())


@pytest.mark.parametrize("form", ["file", "segment"])
def test_what_was_put_on_record_before_there_were_shadows_is_read(
    run: Run, tmp_path: Path, form: str
) -> None:
    run(lived(tmp_path))
    (file,) = tmp_path.glob("decisions-*.parquet")
    table = pq.read_table(file)
    earlier = table.drop_columns(["shadow_of"])
    if form == "file":
        write_file(earlier, file)
    else:
        file.unlink()
        with (
            pa.OSFile(str(file.with_suffix(".arrows")), "wb") as sink,
            pa.ipc.new_stream(sink, earlier.schema) as stream,
        ):
            stream.write_table(earlier)
    rows = stored(decision_archive(tmp_path))
    assert len(rows) == table.num_rows and {row["shadow_of"] for row in rows} == {None}
    assert set(rows[0]) == set(SCHEMA.names)


def test_a_replay_reports_of_the_pairs(run: Run, tmp_path: Path) -> None:
    run(lived(tmp_path, sample=1.0))
    rows = stored(decision_archive(tmp_path))
    base, candidate = (
        next(row["version"] for row in rows if bool(row["shadow_of"]) is beside) for beside in (False, True)
    )
    words = ["replay", base, candidate, "--log", str(tmp_path), "--shadow", "--format", "json"]
    shown = CliRunner().invoke(application(words), words)
    report = orjson.loads(shown.stdout)["data"]
    live = {row["decision_id"]: row for row in rows if not row["shadow_of"]}
    moved = Counter(
        (live[row["shadow_of"]]["verdict"], row["verdict"])
        for row in rows
        if row["shadow_of"] and row["verdict"]
    )
    assert sum(report["statuses"].values()) == len(live) == len(rows) / 2
    assert {(each["before"], each["after"]): each["decisions"] for each in report["verdicts"]} == moved
    assert not report["left_out"]


def test_what_the_live_version_alone_looks_at_is_on_record_too(run: Run, tmp_path: Path) -> None:
    """Also after another candidate decided beside it."""
    first, second = (OTHER.replace("country is", f"{name} is") for name in ("region", "language"))

    async def scenario() -> list[str]:
        log = decision_log(str(tmp_path), full=WhenFull.BLOCK, mask=False)
        running = await Running.start(memory_stores(), log=log)
        versions = [(await running.client.activate(OTHER)).rule_set.version]
        for user in ("u1", "u2"):
            await running.client.facts.UpsertProfiles(
                profile(user, **{"country": "de"} if user == "u2" else {})
            )
        for candidate in (first, second):
            beside = await running.client.activate(candidate, shadow=True, sample=1)
            versions.append(beside.rule_set.version)
            for user in ("u1", "u2"):
                asked = pb.CheckCrowdsRequest(subject=subject(user), crowds=["strangers"])
                await running.client.decisions.CheckCrowds(asked)
            await running.service.shadows.settled()
        await running.stop()
        return versions

    live, *candidates = run(scenario())
    archive = decision_archive(tmp_path)
    assert {row["beside"] for row in stored(archive)} == {None, live}
    for candidate in candidates:
        tally = Tally()
        for part in archive.parts():
            tally.merge(OpenJob(archive, live, candidate, {}, shadow=True)()(part))
        report = tally.report(live, candidate, Loop.OPEN, "UTC")
        assert report.crowds == (CrowdMoves("strangers", 1, 0),)
        assert not report.notes
        assert [(each.why, each.records) for each in report.left_out] == [
            ("another candidate decided beside", 2)
        ]
