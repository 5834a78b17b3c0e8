"""Records and files that are of no use: each is counted and named, and none stops a replay."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cli.exit_codes import ExitCode
from cli.main import application
from compiler.cases.texts import instant_text
from compiler.types import INSTANT_MAX
from server.adapters.log.archive import ParquetArchive
from server.adapters.log.rows import Row
from server.histories import history, imported_log
from server.replay.pairs import Status
from server.replay.report import Loop
from server.replay.verify import Result, VerifyJob
from tests.replay.logs import CART, SHOP, altered, replayed, rows, serving, store

GERMAN = {"user": {"id": "u", "country": "de"}}
PRIVATE = SHOP.replace("country: text optional", "country: text optional private")
CANDIDATE = SHOP.replace('"de"', '"fr"')


def row() -> Row:
    (made,) = rows(SHOP, [GERMAN])
    return {**made, "decision_id": "bad"}


def strange(**event: object) -> Row:
    return altered(row(), events=[{**CART, **event}])


DAMAGED = {
    "its facts cannot be read": {**row(), "facts": '{"now": '},
    "its question cannot be read": {**row(), "asked": "[1]"},
    "its outcome cannot be read": {**row(), "outcome": '{"verdict": "block"}'},
    "`facts` is not on record": {**row(), "facts": None},
    "`user` is not on record": {**row(), "user": None},
    "its `time` cannot be read": {**row(), "time": 2**62},
    "its `plan_versions` cannot be read": {**row(), "plan_versions": [None]},
    "its facts lack `now`": altered(row(), now=None),
    "its facts lack `events[…].time`": strange(time=None),
    "unknown event `refund`": strange(event="refund"),
    "its facts cannot be read: `events[…].fields.price`": strange(fields={"price": 9}),
    "its facts cannot be read: `user.tier`": altered(row(), user={"tier": "plus"}),
    "`guess` is no kind of question": {**row(), "kind": "guess"},
    "the files of version f00 were not kept": {**row(), "version": "f00"},
    "what is private is masked": {**row(), "masked": True},
}
DAMAGED["its question cannot be read, as it names nothing"] = {**row(), "asked": '{"plan": "hello"}'}


@pytest.mark.parametrize("why", DAMAGED)
def test_a_record_that_is_of_no_use_is_named_and_the_others_count(why: str, tmp_path: Path) -> None:
    good = rows(SHOP, [GERMAN, GERMAN])
    archive = store(tmp_path, [good[0], DAMAGED[why], good[1]], SHOP)
    tally = replayed(archive, SHOP, CANDIDATE)
    assert tally.left_out == {why.partition(", as")[0]: (1, "bad")}
    assert tally.all_asked.statuses == {Status.CHANGED: 2}


@pytest.mark.parametrize("why", DAMAGED)
def test_a_damaged_record_is_shown_as_it_stands(why: str, tmp_path: Path) -> None:
    store(tmp_path, [DAMAGED[why]], SHOP)
    for more in ([], ["--id", "bad"]):
        words = ["log", "query", str(tmp_path), *more]
        page = CliRunner().invoke(application(words), words)
        assert page.exit_code == ExitCode.CLEAN and "bad" in page.stdout, page.output


@pytest.mark.parametrize("outcome", ["", '{"verdict": "block"', "[1]", '{"a":' * 2000 + "1" + "}" * 2000])
def test_verifying_counts_an_outcome_that_cannot_be_read(outcome: str, tmp_path: Path) -> None:
    archive = store(tmp_path, [*rows(SHOP, [GERMAN]), {**row(), "outcome": outcome}], SHOP)
    (part,) = archive.parts()
    found = VerifyJob(archive)()(part)
    assert found.counts == {Result.SAME: 1, Result.ERROR: 1}
    assert found.errors == {"its outcome cannot be read": (1, "bad")}


def test_days_at_the_end_of_the_calendar_are_days(tmp_path: Path) -> None:
    """The last of UTC is one later in Berlin."""
    archive = store(tmp_path, [{**row(), "time": INSTANT_MAX}], SHOP)
    report = replayed(archive, SHOP, CANDIDATE).report("a", "b", Loop.OPEN, "Europe/Berlin")
    assert [each.name for each in report.days] == ["9999-12-31"]
    assert instant_text(INSTANT_MAX, "Europe/Berlin") == "9999-12-31 23:59:59.999999Z"


def test_a_record_without_an_id_is_named_by_its_place(tmp_path: Path) -> None:
    archive = store(tmp_path, [row(), {**row(), "decision_id": None}], SHOP)
    (part,) = archive.parts()
    assert replayed(archive, SHOP, CANDIDATE).left_out == {
        "`decision_id` is not on record": (1, f"{part.name}:2")
    }


def test_what_a_server_masked_is_left_out(tmp_path: Path) -> None:
    archive = store(tmp_path, rows(PRIVATE, [GERMAN]), PRIVATE)
    assert replayed(archive, PRIVATE, CANDIDATE).left_out == {"what is private is masked": (1, "d0")}


def test_a_clock_that_runs_backwards_is_noted(tmp_path: Path) -> None:
    days = ["2026-03-03", "2026-03-02", "2026-03-04"]
    made = rows(SHOP, [{**GERMAN, "now": f"{day}T12:00:00Z"} for day in days])
    tally = replayed(store(tmp_path, made, SHOP), SHOP, CANDIDATE)
    assert tally.notes == {"earlier than the record before of the same user": (1, "d1")}
    assert tally.all_asked.statuses == {Status.CHANGED: 3}


# ---- files


def several(directory: Path) -> list[Path]:
    """Files of three records each."""
    for _ in range(3):
        archive = store(directory, rows(SHOP, [GERMAN] * 3), SHOP)
    return [directory / f"{part.name}.parquet" for part in archive.parts()]


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def overwritten(path: Path) -> None:
    """The footer stands."""
    data = bytearray(path.read_bytes())
    data[4:2000] = b"\0" * 1996
    path.write_bytes(data)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def of_another_kind(path: Path) -> None:
    table = pq.read_table(path)
    whole = table.set_column(table.column_names.index("facts"), "facts", table["reasons"])
    pq.write_table(whole, path)


@pytest.mark.parametrize(
    ("damage", "records"), [(cut_short, 1), (emptied, 1), (overwritten, 3), (of_another_kind, 3)]
)
def test_a_file_that_cannot_be_read_is_named(damage: object, records: int, tmp_path: Path) -> None:
    found = several(tmp_path)
    assert callable(damage)
    damage(found[1])
    tally = replayed(ParquetArchive(tmp_path), SHOP, CANDIDATE)
    (left_out,) = tally.left_out.items()
    assert left_out == (f"`{found[1].stem}` cannot be read: it is damaged", (records, f"{found[1].stem}:1"))
    assert tally.all_asked.statuses == {Status.CHANGED: 6}


@pytest.mark.parametrize("damage", [cut_short, emptied, overwritten, of_another_kind])
def test_a_file_that_cannot_be_read_is_named_to_whoever_asks(damage: object, tmp_path: Path) -> None:
    found = several(tmp_path)
    assert callable(damage)
    damage(found[1])
    for words in (["log", "query", str(tmp_path)], ["explain", "--decision", "d0", "--log", str(tmp_path)]):
        asked = CliRunner().invoke(application(words), words)
        assert asked.exit_code == ExitCode.USAGE
        assert f"`{found[1].name}` in it is damaged" in asked.stderr


def test_a_file_without_a_column_lacks_it_in_every_record(tmp_path: Path) -> None:
    found = several(tmp_path)
    pq.write_table(pq.read_table(found[0]).drop_columns(["asked"]), found[0])
    tally = replayed(ParquetArchive(tmp_path), SHOP, CANDIDATE)
    assert tally.left_out == {"`asked` is not on record": (3, "d0")}


@pytest.mark.parametrize("content", ["{", '{"files": 1}', '{"files": [{"name": "a.sua"}], "modules": []}'])
def test_rules_that_were_kept_and_cannot_be_read_are_named(content: str, tmp_path: Path) -> None:
    archive = store(tmp_path, rows(SHOP, [GERMAN]), SHOP)
    version = serving(SHOP).version
    (tmp_path / "rules" / f"{version}.json").write_text(content)
    other = SHOP.replace('"de"', '"at"')
    tally = replayed(archive, other, CANDIDATE)
    assert tally.left_out == {f"the files of version {version} cannot be read": (1, "d0")}


def test_what_is_damaged_is_left_out_of_a_history(tmp_path: Path) -> None:
    """One good event, and another of a user with it in files that can be read to the end or not."""
    log, known = tmp_path / "log", {**GERMAN, "events": [CART]}
    (good,) = rows(SHOP, [known])
    broken = [
        {**good, "facts": '{"now'},
        {**good, "facts": "[1]"},
        {**good, "time": 2**62},
        {**good, "user": None},
        altered(good, events="unknown"),
        altered(good, events=[5, {"event": "cart"}, {**CART, "event_id": "e2", "time": "0000-01-01"}]),
        altered(good, user="nobody"),
        altered(good, lists="none"),
    ]
    store(log, [*broken, good], SHOP)
    archive = store(log, [good] * 3, SHOP)
    cut_short(log / f"{archive.parts()[1].name}.parquet")
    made = imported_log(log, tmp_path / "history")
    assert {each.why.partition("` cannot")[0]: each.records for each in made.left_out} == {
        "its facts cannot be read": 2,
        "its `time": 1,
        "`user` is not on record": 1,
        "an event in its facts cannot be read": 3,
        f"`{archive.parts()[1].name}": 1,
    }
    assert [each.id for each in history(tmp_path / "history").events()] == ["e1"]


# ---- the command line


def test_a_log_with_all_of_it_is_replayed_to_its_end(tmp_path: Path) -> None:
    log, base, candidate = tmp_path / "log", tmp_path / "base.sua", tmp_path / "candidate.sua"
    base.write_text(SHOP)
    candidate.write_text(CANDIDATE)
    found = several(log)
    cut_short(found[0])
    store(log, DAMAGED.values(), SHOP)
    words = ["replay", str(base), str(candidate), "--log", str(log), "--format", "json"]
    result = CliRunner().invoke(application(["replay"]), words)
    assert result.exit_code == ExitCode.FINDINGS, result.output
    data = json.loads(result.stdout)["data"]
    assert data["statuses"] == {"same": 0, "changed": 6, "slower": 0, "error": 0}
    assert sum(each["records"] for each in data["left_out"]) == len(DAMAGED) + 1
