"""Flow control: limits of a file, and who is sent away when there is too much."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
from google.rpc import error_details_pb2
from suasion.v1 import answer_pb2
from suasion.v1 import contact_service_pb2 as contacts_pb
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from typer.testing import CliRunner

from cli.exit_codes import ExitCode
from cli.main import application
from server.ports import DEFAULT_WORKSPACE
from server.rpc.access import NEEDED, Admission, admission
from server.rpc.calls import Call
from server.rpc.limits import Bucket, Limit, Limits
from server.rpc.priority import ASKING, by_rules
from server.rpc.turns import AT_ONCE, WAITING
from server.stores import memory_stores
from suasion_client import AsyncClient, ListCrowds
from tests.reliability.rolling import SERVICE_CONFIG
from tests.server.conftest import Run, Running, refused
from tests.server.messages import error_info, status_of, subject
from tests.server.test_process import SHOP, Serve, Served, serve

__all__ = ["serve"]
RULES = """
settings { timezone "UTC"  currency EUR }
profile user { id: text key  country: text optional }
crowd french { country in ("fr", "be") }
plan receipt { kind transactional  obey nothing  count nothing  send email "receipt" }
plan hello { obey nothing  send email "hello" }
decide receipts { among receipt }
decide hellos { among hello }
"""
OVERLOADED = "OVERLOADED"
LEGAL = pb.Message(kind=pb.MESSAGE_KIND_LEGAL)


def retry_seconds(error: grpc.aio.AioRpcError) -> float:
    again = error_details_pb2.RetryInfo()
    assert any(detail.Unpack(again) for detail in status_of(error).details)
    return again.retry_delay.ToTimedelta().total_seconds()


# ---- limits


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[limit]", "cannot read"),
        ("at_once = 3", "has `at_once`, where `[[limit]]` is wanted"),
        ("[[limit]]\nburst = 3", "limit 1 of `{file}` lacks `per_second`"),
        ("[[limit]]\nper_second = 0", "`per_second` of limit 1 of `{file}` is not a number above 0"),
        ("[[limit]]\nper_second = true", "is not a number above 0"),
        ("[[limit]]\nper_second = nan", "is not a number above 0"),
        ("[[limit]]\nper_second = 1\nmethod = 3", "`method` of limit 1 of `{file}` is not a text"),
        ("[[limit]]\nper_second = 1\nmethod = 'Decide'", "no method such as `DecisionService/Decide`"),
        ("[[limit]]\nper_second = 1\n[[limit]]\nper_minute = 1", "limit 2 of `{file}` has `per_minute`"),
    ],
)
def test_limits_that_cannot_be_meant_are_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "limits.toml"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(application(["serve"]), ["serve", str(SHOP), "--limits", str(file)])
    assert result.exit_code == ExitCode.USAGE and words.format(file=file) in result.stderr


def test_a_bucket_lets_through_what_its_definition_says() -> None:
    """Against the plain definition: tokens that come in evenly, up to `burst`."""
    bucket, tokens, then = Bucket(Limit(per_second=4, burst=3)), 3.0, 0.0
    for number, (now, count) in enumerate(
        [(0.0, 1), (0.0, 2), (0.1, 1), (0.25, 1), (0.3, 1), (0.6, 1), (0.6, 1), (5.0, 3), (5.0, 1), (5.5, 2)]
    ):
        tokens, then = min(3.0, tokens + 4 * (now - then)), now
        wait = bucket.take("w", count, now)
        assert wait == pytest.approx(max(0.0, (count - tokens) / 4)), number
        tokens -= 0 if wait else count
    assert bucket.take("v", 3, 5.5) == 0


def test_more_than_a_burst_goes_through_once_and_is_paid_off() -> None:
    bucket = Bucket(Limit(per_second=10, burst=5))
    assert bucket.take("w", 20, 0.0) == 0
    assert bucket.take("w", 1, 0.0) == pytest.approx(1.6)


def test_a_limit_is_per_workspace_and_method_and_says_when_to_come_again(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "limits.toml"
    file.write_text(
        '[[limit]]\nmethod = "DecisionService/ListCrowds"\nper_second = 0.001\nburst = 2\n', encoding="utf-8"
    )

    async def asked() -> None:
        running = await Running.start(memory_stores(), limits=Limits(file))
        await running.client.activate(RULES)
        ask: Any = running.client.decisions.ListCrowds
        request = pb.ListCrowdsRequest(subject=subject())
        await ask(request)
        await ask(request)
        error = await refused(ask(request))
        assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert error_info(status_of(error)).reason == "TOO_MANY_CALLS"
        assert 900 < retry_seconds(error) <= 1000
        other = await refused(ask(request, metadata=(("suasion-workspace", "other"),)))
        assert (
            other.code() is grpc.StatusCode.NOT_FOUND
        )  # which is not served here, but has a limit of its own
        await running.client.decisions.MatchPlan(pb.MatchPlanRequest(subject=subject(), decide="hellos"))
        many = pb.BatchListCrowdsRequest(subjects=[subject()] * 5)
        await running.client.decisions.BatchListCrowds(many)
        await running.stop()

    run(asked())


@pytest.mark.parametrize("by_client", [True, False], ids=["our client", "gRPC with the service config"])
def test_who_is_told_when_to_come_again_does_so(run: Run, tmp_path: Path, by_client: bool) -> None:
    file = tmp_path / "limits.toml"
    file.write_text("[[limit]]\nper_second = 4\nburst = 1\n", encoding="utf-8")

    async def asked() -> None:
        limits = Limits(file)
        running = await Running.start(memory_stores(), limits=limits)
        await running.client.activate(RULES)
        options = (("grpc.service_config", SERVICE_CONFIG),)
        async with (
            AsyncClient(running.address, seconds=60) as suasion,
            grpc.aio.insecure_channel(running.address, options=options) as channel,
        ):
            decisions: Any = DecisionServiceStub(channel)  # type: ignore[no-untyped-call]
            for _ in range(3):
                if by_client:
                    await suasion.ask(ListCrowds("u1"))
                else:
                    await decisions.ListCrowds(pb.ListCrowdsRequest(subject=subject()), timeout=60)
        assert limits.refused
        await running.stop()

    run(asked())


def test_limits_change_while_the_server_runs(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.rpc.limits.LOOK_SECONDS", 0.01)
    file = tmp_path / "limits.toml"
    file.write_text("", encoding="utf-8")

    async def until(refuses: bool, ask: Any) -> None:
        async with asyncio.timeout(60):
            while refuses is not await is_refused(ask(pb.ListCrowdsRequest(subject=subject()))):
                await asyncio.sleep(0.01)

    async def asked() -> None:
        running = await Running.start(memory_stores(), limits=Limits(file))
        await running.client.activate(RULES)
        ask = running.client.decisions.ListCrowds
        await until(False, ask)
        file.write_text("[[limit]]\nper_second = 0.001\nburst = 1\n", encoding="utf-8")
        await until(True, ask)
        file.write_text("[[limit", encoding="utf-8")
        await asyncio.sleep(0.05)
        assert await is_refused(ask(pb.ListCrowdsRequest(subject=subject())))
        file.unlink()
        await asyncio.sleep(0.05)
        assert await is_refused(ask(pb.ListCrowdsRequest(subject=subject())))
        file.write_text("[[limit]]\nper_second = 1000000\n", encoding="utf-8")
        await until(False, ask)
        await running.stop()

    run(asked())


async def is_refused(call: Any) -> bool:
    try:
        await call
    except grpc.aio.AioRpcError as error:
        assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        return True
    return False


# ---- turns


def test_every_question_is_said_to_go_first_or_not() -> None:
    """A new method of these services has to be thought of."""
    asking = {method for method in NEEDED if method.startswith("/suasion.v1.DecisionService/")}
    streams = {"StreamDecide", "Watch"}
    asking = {each for each in asking if each.rpartition("/")[2] not in streams}
    asking.discard("/suasion.v1.DecisionService/GetCrowdDictionary")
    assert asking | {"/suasion.v1.ContactService/Reserve"} == set(ASKING)


@pytest.mark.parametrize(
    ("method", "request_", "wanted"),
    [
        ("DecisionService/Decide", pb.DecideRequest(decide="receipts"), True),
        ("DecisionService/Decide", pb.DecideRequest(decide="hellos"), False),
        ("DecisionService/Decide", pb.DecideRequest(decide="no_such"), False),
        (
            "DecisionService/MatchPlan",
            pb.MatchPlanRequest(),
            True,
        ),  # none is named: some plan is no marketing
        ("DecisionService/CheckContact", pb.CheckContactRequest(plan="receipt"), True),
        ("DecisionService/CheckContact", pb.CheckContactRequest(plan="hello"), False),
        ("DecisionService/CheckContact", pb.CheckContactRequest(message=LEGAL), True),
        ("DecisionService/CheckContact", pb.CheckContactRequest(message=pb.Message(channel="sms")), False),
        ("ContactService/Reserve", contacts_pb.ReserveRequest(plan="receipt"), True),
        ("ContactService/Reserve", contacts_pb.ReserveRequest(message=LEGAL), True),
        ("ContactService/Dispatch", contacts_pb.DispatchRequest(), True),
        ("DecisionService/BatchDecide", pb.BatchDecideRequest(), False),
        ("DecisionService/ListCrowds", pb.ListCrowdsRequest(), False),
        ("FactService/RecordEvents", facts_pb.RecordEventsRequest(), True),
    ],
)
def test_what_goes_first_is_what_the_rules_do_not_call_marketing(
    run: Run, method: str, request_: Any, wanted: bool
) -> None:
    async def asked() -> list[bool]:
        running = await Running.start(memory_stores())
        call = Call(f"/suasion.v1.{method}", request_, cast(Any, None))
        goes_first = by_rules({DEFAULT_WORKSPACE: running.service.active})
        admission.set(Admission("", DEFAULT_WORKSPACE))
        before = goes_first(call)
        await running.client.activate(RULES)
        after = goes_first(call)
        await running.stop()
        return [before, after]

    before, after = run(asked())
    assert after is wanted and before is (wanted and f"/suasion.v1.{method}" not in ASKING)


def test_what_is_transactional_is_answered_under_overload_and_marketing_sent_away(
    serve: Serve, tmp_path: Path
) -> None:
    """Many questions about marketing are there before the first about receipts, and the disk is somebody else's meanwhile."""
    rules = tmp_path / "rules.sua"
    rules.write_text(RULES, encoding="utf-8")
    disk = tmp_path / "suasion.db"
    served = serve(str(rules), "--store", f"sqlite:{disk}", "--no-access-log")
    before = resident(served.process.pid)
    marketing, receipts = 2700, 60
    answers, errors = asyncio.run(flooded(served, disk, marketing, receipts))
    assert answers["receipts"] == receipts
    shed = [error for error in errors if error_info(status_of(error)).reason == OVERLOADED]
    assert len(shed) == len(errors) > 0
    assert {retry_seconds(error) for error in shed} == {1.0}
    assert answers["hellos"] + len(shed) == marketing
    assert answers["hellos"] >= AT_ONCE + WAITING - receipts  # for which those that waited make room
    assert resident(served.process.pid) - before < 2**26


async def flooded(
    served: Served, disk: Path, marketing: int, receipts: int
) -> tuple[Counter[str], list[grpc.aio.AioRpcError]]:
    """Nobody can write until the first was sent away and receipts are asked about, however fast the server is."""
    answers: Counter[str] = Counter()
    errors: list[grpc.aio.AioRpcError] = []
    sent_away = asyncio.Event()
    own = (("grpc.use_local_subchannel_pool", 1),)
    channels = [grpc.aio.insecure_channel(served.address, options=own) for _ in range(10)]
    await asyncio.gather(*(channel.channel_ready() for channel in channels))
    stubs: list[Any] = [DecisionServiceStub(each) for each in channels]  # type: ignore[no-untyped-call]

    async def ask(stub: Any, decide: str, number: int) -> None:
        request = pb.DecideRequest(subject=subject(f"{decide}{number}"), decide=decide)
        try:
            answer = await stub.Decide(request, timeout=120)
        except grpc.aio.AioRpcError as error:
            errors.append(error)
            sent_away.set()
        else:
            assert answer.verdict == answer_pb2.VERDICT_SEND
            answers[decide] += 1

    with closing(sqlite3.connect(disk, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        flood = asyncio.gather(*(ask(stubs[each % 9], "hellos", each) for each in range(marketing)))
        await sent_away.wait()
        more = asyncio.gather(*(ask(stubs[9], "receipts", each) for each in range(receipts)))
        await asyncio.sleep(0)  # each of them begins
        other.execute("ROLLBACK")
        await asyncio.gather(flood, more)
    for channel in channels:
        await channel.close()
    return answers, errors


def resident(process: int) -> int:
    """Bytes at the most so far."""
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def test_who_gave_up_waiting_is_not_worked_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """All places are taken by calls that hang; those behind them pass their deadline. Then one that goes on is answered."""

    async def asked() -> None:
        running = await Running.start(memory_stores())
        await running.client.activate(RULES)
        go_on, begun = asyncio.Event(), []

        async def fetch(user: str) -> dict[str, Any]:
            begun.append(user)
            await go_on.wait()
            return {}

        monkeypatch.setattr(running.stores.profiles, "fetch", fetch)
        ask = running.client.decisions.ListCrowds
        hanging = [
            asyncio.ensure_future(ask(pb.ListCrowdsRequest(subject=subject(f"h{each}"))))
            for each in range(AT_ONCE)
        ]
        async with asyncio.timeout(60):
            while len(begun) < AT_ONCE:
                await asyncio.sleep(0.01)
        late = [
            refused(ask(pb.ListCrowdsRequest(subject=subject(f"l{each}")), timeout=0.2)) for each in range(20)
        ]
        codes = {error.code() for error in await asyncio.gather(*late)}
        assert codes == {grpc.StatusCode.DEADLINE_EXCEEDED}
        go_on.set()
        await asyncio.gather(*hanging, ask(pb.ListCrowdsRequest(subject=subject("last"))))
        assert len(begun) == AT_ONCE + 1 and begun[-1] == "last"
        await running.stop()

    run(asked())
