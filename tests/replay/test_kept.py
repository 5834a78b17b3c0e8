"""Closed loops that are kept: each life is a log, and every id of the report leads from there to why, and to a test."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.exit_codes import ExitCode
from cli.main import application
from tests.replay.histories import happened, recorded

SHOP = """\
settings { timezone "UTC" }
profile user { id: text key }
event order { order: text }
event paid { order: text }
policy gentle default { cap push 2 in any 7 days  cap email 2 in any 7 days }
plan remind { on order wait 30 minutes unless paid with same order  once per order  send push "remind" }
plan note { on order  send email "note" }
decide best { among remind }
decide other { among note }
"""
DAY = "2026-07-0"
HAPPENED = [
    happened("o1", "order", "u1", DAY + "1T10:00:00+00:00", order="1"),
    happened("p1", "paid", "u1", DAY + "1T10:05:00+00:00", DAY + "1T10:40:00+00:00", order="1"),
    happened("o2", "order", "u1", DAY + "2T10:00:00+00:00", order="2"),
    happened("o3", "order", "u2", DAY + "3T10:00:00+00:00", order="3"),
    happened("o4", "order", "u1", DAY + "3T10:00:00+00:00", order="4"),
    happened("o5", "order", "u1", DAY + "3T11:00:00+00:00", order="5"),
]
SIDES = {"before": "base", "after": "candidate"}


def suasion(*words: object) -> Result:
    said = [str(word) for word in words]
    return CliRunner().invoke(application(said), said)


def data(*words: object) -> Any:
    return json.loads(suasion(*words, "--format", "json").stdout)["data"]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The directory of a closed loop with both kinds of knowledge, and its report."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "base.sua").write_text(SHOP)
    (folder / "candidate.sua").write_text(SHOP.replace("2 in any", "1 in any"))
    recorded(folder / "history", HAPPENED)
    sides = folder / "base.sua", folder / "candidate.sua"
    words = ["--events", folder / "history", "--closed", "--knowledge", "both", "--keep", folder / "kept"]
    until = ["--until", DAY + "5T00:00:00Z", "--changed", folder / "changed.jsonl"]
    return folder, data("replay", *sides, *words, *until)


def changed(folder: Path) -> list[Any]:
    return [json.loads(line) for line in (folder / "changed.jsonl").read_text().splitlines()]


def test_each_life_is_a_log_of_all_that_it_told_and_comes_out_the_same(replayed: Any) -> None:
    folder, report = replayed
    for side in ("base", "candidate", "base-full", "candidate-full"):
        log = folder / "kept" / side
        kept = data("log", "query", log, "--limit", 1000)["decisions"]
        assert len({each["decision_id"] for each in kept}) == len(kept) > 0
        verified = suasion("log", "verify", log)
        assert f"{len(kept)} same, 0 different, 0 masked, 0 error" in verified.stdout
        if side in SIDES.values():
            lived = {before for before, name in SIDES.items() if name == side}.pop()
            asked = [move for move in report["verdicts"] if move[lived] != "not asked"]
            assert len(kept) == sum(move["decisions"] for move in asked)
    assert "kept/base`" in "".join(report["notes"])


def test_whatever_changed_is_explained_and_becomes_a_test(replayed: Any) -> None:
    folder, _ = replayed
    lines = changed(folder)
    assert {each["asked"]["decide"] for each in lines} == {"best", "other"}
    for line in lines:
        for side, name in SIDES.items():
            log, id = folder / "kept" / name, line["decision_id"]
            if line[side]["verdict"] is None:
                continue
            told = data("explain", "--decision", id, "--log", log, "--no-change")
            assert (told["user"], told["asked"]) == (line["user"], line["asked"])
            said = told["explanation"]
            assert (said["verdict"], said["plan"]) == (line[side]["verdict"], line[side]["plan"])
            rules = folder / f"with test {name}.sua"
            shutil.copy(folder / f"{name}.sua", rules)
            added = suasion("test", "add", "--decision", id, "--log", log, rules)
            assert added.exit_code == ExitCode.CLEAN, added.output
            assert "1 of 1 test passed" in suasion("test", rules).stdout


def test_examples_and_regrets_lead_there_too(replayed: Any) -> None:
    folder, report = replayed
    examples = [each for blamed in report["blamed"] for each in blamed["examples"]]
    assert examples and report["regrets"]
    for each in examples:
        for side, name in SIDES.items():
            if each[side]["verdict"] is not None:
                told = suasion(
                    "explain",
                    "--decision",
                    each["decision_id"],
                    "--log",
                    folder / "kept" / name,
                    "--no-change",
                )
                assert set(each[f"why_{side}"].splitlines()) <= set(told.stdout.splitlines())
    for each in report["regrets"]:
        told = data(
            "explain", "--decision", each["decision_id"], "--log", folder / "kept/candidate", "--no-change"
        )
        assert told["explanation"]["verdict"] == "send"


def test_who_finishes_on_the_version_before_is_explained_by_that(replayed: Any, tmp_path: Path) -> None:
    folder, _ = replayed
    switched = replay(folder, "--closed", "--switch", DAY + "2T10:10:00Z", "--keep", tmp_path / "kept")
    assert switched.exit_code == ExitCode.FINDINGS, switched.output
    log = tmp_path / "kept/candidate"
    pinned = [each for each in data("log", "query", log)["decisions"] if each["plan_versions"]]
    assert [each["decision_id"] for each in pinned] == ["remind/o2/best"]
    told = data("explain", "--decision", "remind/o2/best", "--log", log, "--no-change")["explanation"]
    assert (told["verdict"], told["plan"]) == (pinned[0]["verdict"], pinned[0]["plan"])
    refused = suasion("test", "add", "--decision", "remind/o2/best", "--log", log)
    assert "a plan of it waits by another version" in refused.stderr


# ---- what is not kept


def replay(folder: Path, *words: object) -> Result:
    sides = folder / "base.sua", folder / "candidate.sua"
    return suasion("replay", *sides, "--events", folder / "history", *words)


def test_where_nothing_is_kept_the_way_is_told(replayed: Any) -> None:
    folder, report = replayed
    said = replay(folder, "--closed", "--until", DAY + "5T00:00:00Z").stdout
    shown = {each["decision_id"] for blamed in report["blamed"][:1] for each in blamed["examples"][:1]}
    assert "`suasion replay --closed --keep DIR`" in said and all(
        f", decision {each}:" in said for each in shown
    )
    missing = suasion("explain", "--decision", "remind/o9/best", "--log", folder / "kept/base")
    assert missing.exit_code == ExitCode.USAGE and "--closed --keep DIR" in missing.stderr


def test_what_is_there_stays(replayed: Any, tmp_path: Path) -> None:
    folder, _ = replayed
    (tmp_path / "file").write_text("")
    for keep in (folder / "kept", tmp_path / "file"):
        refused = replay(folder, "--closed", "--keep", keep)
        assert refused.exit_code == ExitCode.USAGE and "is there, and not empty" in refused.stderr
    refused = replay(folder, "--closed", "--keep", tmp_path / "file" / "below")
    assert (
        refused.exit_code == ExitCode.USAGE and f"write to `{tmp_path / 'file' / 'below'}`" in refused.stderr
    )
    assert "`--keep` is of a closed loop" in replay(folder, "--keep", tmp_path / "new").stderr
