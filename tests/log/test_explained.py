"""Decisions on record, explained: each by the version that made it, as it was answered, and by others, as a replay has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.exit_codes import ExitCode
from cli.main import application
from server.adapters.log.rows import Row
from tests.log.test_life import life
from tests.replay.logs import CART, SHOP, altered, rows, serving, store
from tests.server.conftest import run

__all__ = ["life", "run"]
GERMAN = {"user": {"id": "u", "country": "de"}}
CANDIDATE = SHOP.replace('"de"', '"nz"')
"""Which no other test has under another name of its file: a version is compiled once in a process."""


def suasion(*words: object) -> Result:
    said = [str(word) for word in words]
    return CliRunner().invoke(application(said), said)


def explained(log: Path, id: str, *words: object) -> Any:
    said = suasion("explain", *words, "--decision", id, "--log", log, "--no-change", "--format", "json")
    assert said.exit_code == ExitCode.CLEAN, said.output
    return json.loads(said.stdout)["data"]


# ---- whatever was asked of a server


def answered(row: Row, told: Any) -> Any:
    """What an explanation comes to, in the form of the record's outcome."""
    if row["kind"].endswith("crowds"):
        return sorted(
            name
            for name, each in told.items()
            if "yes" in (each, each["answer"] if isinstance(each, dict) else "")
        )
    return told["verdict"], told["channel"], told["until"]


def test_every_decision_is_explained_as_it_was_answered(life: Any) -> None:
    log, records = life
    kinds = set()
    for row in records:
        if row["masked"]:
            refused = suasion("explain", "--decision", row["decision_id"], "--log", log)
            assert refused.exit_code == ExitCode.USAGE and "what is private is masked" in refused.stderr
            assert "`suasion test add`" in refused.stderr
            continue
        found, outcome = explained(log, row["decision_id"]), json.loads(row["outcome"])
        assert (found["user"], found["version"]) == (row["user"], row["version"])
        said = answered(row, found["explanation"])
        assert said == (
            sorted(outcome["yes"])
            if "yes" in outcome
            else tuple(outcome[name] for name in ("verdict", "channel", "until"))
        )
        kinds.add(row["kind"])
    assert kinds >= {"check_crowds", "list_crowds"}


# ---- of a version, in words


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`log` with a decision for a German and one about a cart, and rules that want New Zealanders."""
    monkeypatch.chdir(tmp_path)
    Path("candidate.sua").write_text(CANDIDATE)
    Path("base.sua").write_text(SHOP)
    store(Path("log"), rows(SHOP, [GERMAN, {"user": {"id": "v"}, "events": [CART]}]), SHOP)
    return tmp_path


def test_it_says_who_when_what_and_by_which_version(shop: Path) -> None:
    said = suasion("explain", "--decision", "d0", "--log", "log").stdout.splitlines()
    assert said[0] == (
        f"decision d0 about u at 2026-03-02 13:00 Europe/Berlin: send hello by email, by version {serving(SHOP).version[:12]}"
    )
    assert (
        "best: send hello by email" in said
        and "hello: chosen, sent by email, ranked 1.00 EUR  [rules.sua:14]" in said
    )
    assert (
        "   smallest change: it would win if there were one more cart at 2026-03-02 12:00 Europe/Berlin"
        in said
    )


def test_other_rules_explain_what_they_would_make_of_it(shop: Path) -> None:
    said = suasion("explain", "candidate.sua", "--decision", "d0", "--log", "log")
    assert said.exit_code == ExitCode.CLEAN
    assert f"on the same facts, by version {serving(CANDIDATE).version[:12]}:\n\nbest: nothing" in said.stdout
    assert "[candidate.sua:15]" in said.stdout
    own = explained(Path("log"), "d0")
    assert explained(Path("log"), "d0", serving(SHOP).version[:10]) == own


def test_the_same_rules_laid_out_otherwise_stand_where_they_are_read(shop: Path) -> None:
    """Of one version, in one process."""
    Path("airy.sua").write_text(CANDIDATE.replace("plan", "\n\n\nplan").replace("  for", "\n  for"))
    for name, line in (("candidate", 15), ("airy", 22), ("candidate", 15)):
        said = suasion("explain", f"{name}.sua", "--decision", "d0", "--log", "log")
        assert f"[{name}.sua:{line}]" in said.stdout


def test_ids_of_a_replay_are_those_of_the_log(shop: Path) -> None:
    words = [
        "replay",
        "base.sua",
        "candidate.sua",
        "--log",
        "log",
        "--changed",
        "changed.jsonl",
        "--format",
        "json",
    ]
    report = json.loads(suasion(*words).stdout)["data"]
    (line,) = map(json.loads, Path("changed.jsonl").read_text().splitlines())
    (example,) = [each for blamed in report["blamed"] for each in blamed["examples"]]
    assert example["decision_id"] == line["decision_id"]
    for rules, side in (("base.sua", "before"), ("candidate.sua", "after")):
        told = explained(Path("log"), line["decision_id"], rules)["explanation"]
        assert (told["verdict"], told["plan"]) == (line[side]["verdict"], line[side]["plan"])


def test_what_a_candidate_wants_and_the_record_lacks_is_unknown_and_said(shop: Path) -> None:
    Path("candidate.sua").write_text(SHOP.replace('user.country is "de"', "user.tier > 3"))
    said = suasion("explain", "candidate.sua", "--decision", "d0", "--log", "log")
    assert "`user.tier` is not on record, as the version that answered did not look at it" in said.stderr
    assert "user.tier is unavailable" in said.stdout


def test_what_a_candidate_decided_beside_is_explained_by_it(shop: Path) -> None:
    (row,) = rows(SHOP, [GERMAN])
    beside = {"decision_id": "s0", "shadow_of": "d0", "beside": serving(CANDIDATE).version}
    store(Path("log"), [{**row, **beside}], CANDIDATE)
    said = suasion("explain", "--decision", "s0", "--log", "log")
    assert said.exit_code == ExitCode.CLEAN and "beside: send hello by email" in said.stdout


# ---- what is of no use


def bad(**columns: Any) -> Row:
    (row,) = rows(SHOP, [GERMAN])
    return {**row, "decision_id": "bad", **columns}


REFUSED = {
    "its facts cannot be read": bad(facts='{"now": '),
    "its question cannot be read": bad(asked="[1]"),
    "`facts` is not on record": bad(facts=None),
    "its facts lack `now`": altered(bad(), now=None),
    "the files of version f00 were not kept": bad(version="f00"),
    "what is private is masked": bad(masked=True),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_record_that_is_of_no_use_is_refused(why: str, shop: Path) -> None:
    store(Path("damaged"), [REFUSED[why]], SHOP)
    said = suasion("explain", "--decision", "bad", "--log", "damaged")
    assert said.exit_code == ExitCode.USAGE, said.output
    assert f"`bad` cannot be explained: {why}" in said.stderr


def test_an_answer_that_does_not_come_out_again_is_told(shop: Path) -> None:
    store(Path("other"), [bad(outcome=bad()["outcome"].replace('"email"', '"sms"'))], SHOP)
    said = suasion("explain", "--decision", "bad", "--log", "other")
    assert said.exit_code == ExitCode.FINDINGS and "best: send hello by email" in said.stdout
    assert 'was "sms" and is "email"' in said.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--decision", "d7", "--log", "log"], "there is no decision `d7` in `log`"),
        (["--decision", "d0", "--log", "nowhere"], "`nowhere` is no directory"),
        (["--decision", "d0"], "where is the decision on record?"),
        (["--decision", "d0", "--log", "log", "--user", "u"], "`--user` is not for a decision on record"),
        (["00000000", "--decision", "d0", "--log", "log"], "there is no version `00000000`"),
        ([], "explain what?"),
    ],
)
def test_what_cannot_be_explained_is_said(words: list[str], said: str, shop: Path) -> None:
    found = suasion("explain", *words)
    assert found.exit_code == ExitCode.USAGE and said in found.stderr
