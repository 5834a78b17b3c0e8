"""A server that puts its decisions on record: each can be decided again from there, and nothing private is in it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import orjson
import pytest
from google.protobuf.message import Message
from suasion.v1 import contact_service_pb2 as contacts_pb
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.subject_pb2 import Subject
from typer.testing import CliRunner
from typer.testing import Result as Ran

from cli.client import Client
from cli.exit_codes import ExitCode
from cli.main import application
from server.adapters.log.parquet import ParquetSink
from server.archives import decision_archive
from server.ports import WhenFull
from server.replay.verify import Redecide, Result
from server.stores import memory_stores
from server.usecases.housekeeping import Housekeeping
from server.usecases.versions import Versions
from server.wiring import decision_log
from tests.log.records import stored
from tests.log.test_otlp import Collector
from tests.log.test_otlp import collector as sink
from tests.replay.logs import files, serving
from tests.server.clock import SetClock
from tests.server.conftest import Run, Running, run
from tests.server.messages import at, eur, event, profile, record, subject
from tests.server.test_process import Serve, serve
from tests.server.test_telemetry import Collector as Spans
from tests.server.test_telemetry import collector as spans

__all__ = ["run", "serve", "sink", "spans"]
SHOP = Path(__file__).parent / "shop.sua"
RULES = SHOP.read_text(encoding="utf-8")
DAY = "2026-03-03T"
NOON = DAY + "12:00:00+00:00"
MAIL, PHONE = "anna.canary@example.org", "+49 151 2345 6789"


def cart(id: str, time: str, contact: str = "none") -> facts_pb.Event:
    return event(id, "cart_add", time, sku="a", price=eur("30.00"), contact=contact, undeclared=contact)


# ---- every kind of question


async def ask_everything(running: Running, clock: SetClock) -> None:
    decisions, facts = running.client.decisions, running.client.facts
    await running.client.activate(RULES)
    await facts.LoadList(facts_pb.LoadListRequest(list="staff", user_ids=["boss"]))
    await facts.UpsertProfiles(profile(email=MAIL, phone=PHONE, country="de", undeclared=MAIL))
    await facts.RecordEvents(record(cart("e1", DAY + "08:00:00+00:00"), cart("e2", DAY + "08:30:00+00:00")))
    for user in ("u1", "u2", "boss"):
        whom = subject(user, input={"page": "checkout"})
        await decisions.CheckCrowds(
            pb.CheckCrowdsRequest(subject=whom, crowds=["german", "staff", "hot_cart"])
        )
        await decisions.ListCrowds(pb.ListCrowdsRequest(subject=whom))
        await decisions.MatchPlan(pb.MatchPlanRequest(subject=whom, decide="plain"))
        await decisions.CheckContact(pb.CheckContactRequest(subject=whom, plan="nudge"))
        message = pb.Message(channel="sms", policies=["gentle"], tags=["promo"])
        await decisions.CheckContact(pb.CheckContactRequest(subject=whom, message=message))
        for decide in ("best", "plain"):
            request = pb.DecideRequest(
                subject=whom, decide=decide, request_id=f"{user} {decide}".replace(" ", "-")
            )
            await decisions.Decide(request)
            await decisions.Decide(request)  # the same again: answered, not decided
    both = [subject("u1"), subject("u2")]
    for form in (pb.CROWD_FORM_NAMES, pb.CROWD_FORM_IDS, pb.CROWD_FORM_BITMAP):
        await decisions.BatchListCrowds(pb.BatchListCrowdsRequest(subjects=both, form=form))
        names = ["german", "staff"]
        await decisions.BatchCheckCrowds(pb.BatchCheckCrowdsRequest(subjects=both, crowds=names, form=form))
    contacts = [pb.CheckContactRequest(subject=each, plan="call") for each in both]
    await decisions.BatchCheckContact(pb.BatchCheckContactRequest(requests=contacts))
    advice = pb.DecideRequest(subject=subject("u3"), decide="best", reserve=False)
    await decisions.Decide(advice)
    await decisions.Decide(pb.DecideRequest(event=cart("e3", NOON), decide="best"))
    clock.set(DAY + "15:00:00+00:00")
    async for due in decisions.Watch(pb.WatchRequest()):
        assert due.user_id == "u1"
        break
    for user in ("u1", "u2"):
        plan = contacts_pb.ReserveRequest(subject=subject(user), plan="hello", request_id=f"{user}-plan")
        await running.client.contacts.Reserve(plan)
        await running.client.contacts.Reserve(plan)  # the same again
        message = contacts_pb.ReserveRequest(subject=subject(user), message=pb.Message(channel="push"))
        await running.client.contacts.Reserve(message)


def on_record(run: Run, directory: Path, *, mask: bool) -> list[dict[str, Any]]:
    """What everything that was asked left behind."""
    clock = SetClock(NOON)

    async def scenario() -> None:
        log = decision_log(str(directory), full=WhenFull.BLOCK, mask=mask)
        running = await Running.start(memory_stores(), clock=clock, log=log)
        await ask_everything(running, clock)
        await running.stop()
        counts = log.counts()
        assert counts.emitted == counts.stored

    run(scenario())
    return stored(decision_archive(directory))


def test_every_answer_is_on_record_once_and_comes_out_the_same_again(run: Run, tmp_path: Path) -> None:
    rows = on_record(run, tmp_path, mask=False)
    kinds = Counter((row["kind"], row["advisory"]) for row in rows)
    due = kinds.pop(("decide", False)) - 7
    assert due >= 1
    assert kinds == {
        ("check_crowds", True): 3 + 6,
        ("list_crowds", True): 3 + 6,
        ("match_plan", True): 3,
        ("check_contact", True): 6 + 2,
        ("reserve", False): 4,
        ("decide", True): 1,
    }
    assert len({row["decision_id"] for row in rows}) == len(rows)
    redecide = Redecide(decision_archive(tmp_path))
    assert {redecide(row).result for row in rows} == {Result.SAME}
    granted = [row for row in rows if row["reservation_id"]]
    assert granted and all(row["verdict"] == "send" for row in granted)
    assert all(row["latency_us"] > 0 and row["version"] for row in rows)


def test_a_plan_that_waited_by_an_older_version_is_decided_by_that_again(run: Run, tmp_path: Path) -> None:
    clock = SetClock(NOON)
    newer = RULES.replace('send push "nudge" else email "nudge"', 'send email "later"')

    async def scenario() -> None:
        log = decision_log(str(tmp_path), full=WhenFull.BLOCK, mask=False)
        running = await Running.start(memory_stores(), clock=clock, log=log)
        decisions = running.client.decisions
        await running.client.activate(RULES)
        await running.client.facts.LoadList(facts_pb.LoadListRequest(list="staff"))
        first = cart("e1", DAY + "11:00:00+00:00")
        await running.client.facts.RecordEvents(record(first, cart("e2", NOON)))
        await running.client.activate(newer)
        clock.set(DAY + "14:00:00+00:00")
        async for _ in decisions.Watch(pb.WatchRequest()):
            break
        await running.stop()

    run(scenario())
    rows = stored(decision_archive(tmp_path))
    pinned = [row for row in rows if row["plan_versions"]]
    assert pinned and all(row["plan_versions"] != [f"nudge={row['version']}"] for row in pinned)
    assert {each["rule"].partition(" ")[0] for row in pinned for each in row["reasons"]} >= {"plan"}
    redecide = Redecide(decision_archive(tmp_path))
    assert [redecide(row).result for row in rows] == [Result.SAME] * len(rows)


def test_what_was_folded_is_on_record_with_what_was_decided(run: Run, tmp_path: Path) -> None:
    clock, stores = SetClock(NOON), memory_stores()
    rules = (
        "profile user { id: text key } event paid { total: money EUR }"
        " crowd big { sum of paid.total ever >= 100 EUR and (time since last paid) > 300 days }"
    )

    async def scenario() -> None:
        log = decision_log(str(tmp_path), full=WhenFull.BLOCK, mask=False)
        running = await Running.start(stores, clock=clock, log=log)
        await running.client.activate(rules)
        old = [event(f"e{n}", "paid", f"2025-01-0{n}T12:00:00Z", total=eur("60.00")) for n in (1, 2)]
        await running.client.facts.RecordEvents(record(*old))
        for _ in range(2):
            await running.client.decisions.ListCrowds(pb.ListCrowdsRequest(subject=subject()))
            await Housekeeping(stores, Versions(stores.rules, clock), clock).round()
        await running.stop()

    run(scenario())
    before, after = (orjson.loads(row["facts"]) for row in stored(decision_archive(tmp_path)))
    assert "events" in before and "totals" not in before
    assert "events" not in after and len(after["totals"]) == 2
    rows = stored(decision_archive(tmp_path))
    assert rows[0]["outcome"] == rows[1]["outcome"] and not rows[1]["unavailable"]
    redecide = Redecide(decision_archive(tmp_path))
    assert [redecide(row).result for row in rows] == [Result.SAME] * 2


def test_masked_records_hold_nothing_private_and_are_counted_as_not_to_be_decided(
    run: Run, tmp_path: Path
) -> None:
    rows = on_record(run, tmp_path, mask=True)
    text = json.dumps(rows)
    assert MAIL not in text and PHONE not in text and '\\"masked\\":true' in text
    redecide = Redecide(decision_archive(tmp_path))
    results = Counter(redecide(row).result for row in rows)
    assert set(results) == {Result.SAME, Result.MASKED} and min(results.values()) >= 5


# ---- a canary


def documents(canary: str) -> Iterator[bytes]:
    """Facts with the canary in every private place, right and wrong."""
    contacted = {"event": "cart_add", "event_id": "x", "time": NOON, "fields": {"contact": canary}}
    right: dict[str, Any] = {
        "user": {"email": canary, "phone": canary, "undeclared": canary},
        "input": {"callback": canary, "stranger": canary},
        "events": [contacted],
    }
    yield orjson.dumps(right)
    yield orjson.dumps({**right, "user": {"debt": canary}})
    yield orjson.dumps({**right, "input": {"callback": [canary]}})
    yield orjson.dumps({**right, "events": [{**contacted, "time": canary}]})
    yield orjson.dumps({**right, "events": [{**contacted, "fields": {"price": canary, "contact": canary}}]})
    yield b'{"user": {"email": "' + canary.encode()


def requests(client: Client, canary: str) -> Iterator[tuple[Any, Message]]:
    decisions, facts = client.decisions, client.facts
    for number, document in enumerate(documents(canary)):
        whom = Subject(user_id="u1", facts_json=document)
        parts = orjson.loads(document) if document.endswith(b"}") else {}
        attributes = orjson.dumps(parts["user"]) if parts else document
        fields = orjson.dumps(parts["events"][0]["fields"]) if parts else document
        yield (
            facts.UpsertProfiles,
            facts_pb.UpsertProfilesRequest(
                profiles=[facts_pb.Profile(user_id="u1", attributes_json=attributes)]
            ),
        )
        told = facts_pb.Event(
            event_id=f"e{number}", type="cart_add", user_id="u1", event_time=at(NOON), fields_json=fields
        )
        yield facts.RecordEvents, facts_pb.RecordEventsRequest(events=[told])
        yield decisions.CheckCrowds, pb.CheckCrowdsRequest(subject=whom, crowds=["reachable"], explain=True)
        yield decisions.ListCrowds, pb.ListCrowdsRequest(subject=whom)
        yield decisions.MatchPlan, pb.MatchPlanRequest(subject=whom, decide="best")
        yield decisions.CheckContact, pb.CheckContactRequest(subject=whom, plan="call")
        yield decisions.Decide, pb.DecideRequest(subject=whom, decide="best", request_id=f"r{number}")
        yield decisions.Decide, pb.DecideRequest(subject=whom, decide="best", reserve=False)
        yield decisions.Decide, pb.DecideRequest(event=told, decide="best")


def said(client: Client, canary: str) -> tuple[list[str], int]:
    """Errors, and how many calls were answered."""
    errors, answered = [], 0
    for method, request in requests(client, canary):
        try:
            method(request, timeout=10)
            answered += 1
        except grpc.RpcError as error:
            errors.append(f"{error.code()} {error.details()} {error.trailing_metadata()}")  # type: ignore[attr-defined]
    return errors, answered


@pytest.mark.parametrize("canary", [MAIL, PHONE])
@pytest.mark.parametrize("into", ["directory", "collector"])
def test_a_canary_in_private_fields_is_found_nowhere(
    serve: Serve,
    sink: tuple[Collector, str],
    spans: tuple[Spans, str],
    tmp_path: Path,
    canary: str,
    into: str,
) -> None:
    target = str(tmp_path / "log") if into == "directory" else f"otlp:{sink[1]}"
    served = serve(
        *(str(SHOP), "--log", target, "--log-full", "spill", "--log-spill", str(tmp_path / "spill")),
        *("--otlp", spans[1], "--log-level", "debug"),
    )
    errors, answered = said(Client(served.address, 10.0), canary)
    assert len(errors) > 20 and answered > 8
    _, logs = served.end()
    decisions = sink[0].records
    if into == "directory":
        decisions = stored(decision_archive(tmp_path / "log"))
    found = {"errors": errors, "logs": logs, "spans": spans[0].spans, "decisions": decisions}
    assert len(decisions) > 8 and len(spans[0].spans) > 0 and "masked" in str(decisions)
    assert [place for place, text in found.items() if canary in str(text)] == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if canary.encode() in path.read_bytes()] == []


# ---- the command line


def said_of_log(*words: str) -> Ran:
    return CliRunner().invoke(application(["log"]), ["log", *words])


def data(*words: str) -> Any:
    result = said_of_log(*words, "--format", "json")
    assert result.exit_code == ExitCode.CLEAN, result.output
    return json.loads(result.stdout)["data"]


def test_a_log_is_asked_checked_and_erased_from(run: Run, tmp_path: Path) -> None:
    rows, directory = on_record(run, tmp_path, mask=False), str(tmp_path)
    sent = data("query", directory, "--user", "u1", "--verdict", "send", "--kind", "decide")["decisions"]
    assert sent and {each["user"] for each in sent} == {"u1"}
    whole = data("query", directory, "--id", sent[0]["decision_id"])["decisions"]
    assert [each["outcome"]["verdict"] for each in whole] == ["send"]
    assert "the first that differs" not in said_of_log("verify", directory).stdout
    page = data("query", directory, "--limit", "2", "--page", "2")
    assert len(page["decisions"]) == 2 and page["more"]
    table = said_of_log("query", directory, "--user", "u1", "--kind", "check_contact").stdout
    assert "check_contact" in table and "u1" in table
    assert "no decision is like that" in said_of_log("query", directory, "--plan", "' OR 1=1").stdout

    checked = data("verify", directory)
    assert checked["counts"] == {"same": len(rows), "different": 0, "masked": 0, "error": 0}
    of_user = sum(row["user"] == "u1" for row in rows)
    assert data("erase", directory, "u1") == {"erased": of_user, "left": 0}
    assert data("query", directory, "--user", "u1")["decisions"] == []


def test_a_record_that_comes_out_differently_is_named(run: Run, tmp_path: Path) -> None:
    rows = on_record(run, tmp_path, mask=False)
    altered = [{**row, "outcome": row["outcome"].replace('"send"', '"block"')} for row in rows]
    count = sum(one != other for one, other in zip(rows, altered, strict=True))
    other = tmp_path / "other"
    shutil.copytree(tmp_path / "rules", other / "rules")
    sink = ParquetSink(other)
    sink.write([*altered, {**rows[0], "version": "f00"}])
    sink.close()
    result = said_of_log("verify", str(other))
    assert count and result.exit_code == ExitCode.FINDINGS
    assert f"{len(rows) - count} same, {count} different, 0 masked, 1 error" in result.stdout
    assert "the first that differs is" in result.stdout
    assert "the files of version f00 were not kept: 1 records" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ask", "{}"], "`ask` is nothing that a log does"),
        (["query", "no_such"], "`no_such` is no directory"),
        (["query", "{}", "--since", "noon"], "`noon` is not an instant"),
        (["query", "{}", "--verdict", "BLOCK"], "unknown verdict `BLOCK`; did you mean `block`?"),
        (["query", "{}", "--kind", "decid"], "unknown kind `decid`; did you mean `decide`?"),
        (["erase", "{}"], "erase whom"),
    ],
)
def test_what_a_log_cannot_do_is_said(words: list[str], said: str, tmp_path: Path) -> None:
    result = said_of_log(*(word.format(without_decisions(tmp_path)) for word in words))
    assert result.exit_code == ExitCode.USAGE and said in result.stderr


def without_decisions(directory: Path) -> Path:
    """The log of a server that was started, and asked nothing."""
    ParquetSink(directory).keep(serving(RULES).version, files(RULES))
    return directory


def test_a_log_without_decisions_has_none_and_anything_else_is_no_log(tmp_path: Path) -> None:
    log = without_decisions(tmp_path / "log")
    assert said_of_log("query", str(log)).stdout == "no decision is like that\n"
    (tmp_path / "empty").mkdir()
    for words in (["query"], ["verify"], ["erase", "u1"]):
        verb, *rest = words
        result = said_of_log(verb, str(tmp_path / "empty"), *rest)
        assert result.exit_code == ExitCode.USAGE
        assert f"`{tmp_path / 'empty'}` is no decision log" in result.stderr.replace("\n", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--log", "/proc/nowhere"], "cannot use `/proc/nowhere`"),
        (["--log", "otlp:127.0.0.1:1", "--log-full", "spill"], "needs a directory"),
        (["--log-private", "show"], "`show` is nothing that can be done"),
        (["--log-full", "wait"], "wait"),
    ],
)
def test_a_log_that_cannot_be_kept_is_said(words: list[str], said: str) -> None:
    arguments = ["serve", str(SHOP), "--listen", "127.0.0.1:0", *words]
    result = CliRunner().invoke(application(arguments), arguments)
    assert result.exit_code == ExitCode.USAGE and said in result.stderr
