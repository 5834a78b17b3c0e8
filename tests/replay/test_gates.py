"""A gate that looked at nothing is not green: a replay without decisions, and options that name what is not there, end with 2."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.exit_codes import ExitCode
from cli.main import application
from server.replay.guards import MaxChange, Never, guarded
from server.replay.report import Loop, Moved, Report
from tests.replay.histories import happened, recorded
from tests.replay.logs import SHOP, rows, store

GERMAN = {"user": {"id": "u", "country": "de"}}
CANDIDATE = SHOP.replace('"de"', '"fr"')
CART = {"sku": "a", "price": {"amount": "9.00", "currency": "EUR"}}
DAY = "2026-03-02T10:00:00Z"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two versions, `log` of one decision, `history` of one event, `other`, which is that of another product."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("base", SHOP), ("candidate", CANDIDATE)):
        Path(f"{name}.sua").write_text(text)
    store(Path("log"), rows(SHOP, [GERMAN]), SHOP)
    recorded(Path("history"), [happened("c1", "cart", "u", DAY, **CART)])
    recorded(Path("other"), [happened("v1", "visit", "u", DAY)])
    Path("empty").mkdir()
    Path("cart.csv").write_text("user,sku\nu,a\n")
    return tmp_path


def replay(*said: str) -> Result:
    words = ["replay", "base.sua", "candidate.sua", *said]
    return CliRunner().invoke(application(words), words)


NOTHING = {
    "history": ("`history` is an event history", "say `--closed`"),
    "empty": ("`empty` holds no decisions", "`suasion serve --log DIR`"),
    "nowhere": ("there is no directory `nowhere`", "`suasion serve --log DIR`"),
    "log/rules": ("`log/rules` holds no decisions", "the log is `log`"),
    "cart.csv": ("`cart.csv` is a file", "`suasion record import cart.csv"),
    "empty --closed": ("`empty` holds no decisions", "suasion record import"),
    "log --shadow": ("nothing was decided again", "leave `--shadow` out"),
    "history --closed --decide bset": ("unknown decide `bset`", "did you mean `best`?"),
    "other --closed": ("nothing was decided", "unknown event `visit`"),
    "log --fail-on plan:helo->*": ("unknown plan `helo`", "did you mean `hello`?"),
    "log --fail-on plan:*->nugde": ("unknown plan `nugde`", "did you mean `nudge`?"),
    "log --until 2026-03-02T10:00:00Z": ("`--until` is of a closed loop", "say `--closed`"),
    "log --decide best": ("`--decide` is of a closed loop", "say `--closed`"),
    "log --fail-on send->later": ("`--fail-on send->later` is of a closed loop", "say `--closed`"),
    "history --closed --shadow": ("`--shadow` is of records", "leave `--closed` out"),
}


@pytest.mark.parametrize("said", NOTHING)
def test_a_replay_of_nothing_is_an_error_that_says_why(said: str, folder: Path) -> None:
    found = replay("--events", *said.split(), "--max-change", "2%", "--junit", "j.xml")
    assert found.exit_code == ExitCode.USAGE, found.output
    assert all(words in found.output for words in NOTHING[said]), found.output
    assert "kept" not in found.output and not Path("j.xml").exists()


def test_the_same_version_on_nothing_is_not_verified(folder: Path) -> None:
    words = ["replay", "candidate.sua", "candidate.sua", "--log", "log"]
    found = CliRunner().invoke(application(words), words)
    assert found.exit_code == ExitCode.USAGE and "answered by another version" in found.output


def test_plans_of_either_version_and_none_may_stand_in_a_guard(folder: Path) -> None:
    guards = ("plan:nudge->nothing", "plan:nothing->hello", "plan:*->not asked")
    said = [word for guard in guards for word in ("--fail-on", guard)]
    assert replay("--log", "log", *said).exit_code == ExitCode.CLEAN


@pytest.mark.parametrize("loop", ["log", "history --closed --decide best"])
def test_what_nobody_was_asked_is_named(loop: str, folder: Path) -> None:
    """Of what both versions decide, and of what the candidate alone does."""
    asked = replay("--events", *loop.split()).output
    assert "was never asked" not in asked
    for name, decides in (("base", ["quiet"]), ("candidate", ["quiet", "loud"])):
        more = "".join(f"decide {decide} {{ among hello }}\n" for decide in decides)
        Path(f"{name}.sua").write_text(Path(f"{name}.sua").read_text() + more)
    found = [each for each in replay("--events", *loop.split()).output.splitlines() if "never asked" in each]
    assert found == [
        f"note: `decide {name}` was never asked: what changes there is not seen here"
        for name in ("quiet", "loud")
    ]


def test_a_guard_over_nothing_is_not_kept() -> None:
    nobody = Report("a", "b", Loop.OPEN)
    assert all(each.is_broken for each in guarded([MaxChange.read("2%"), Never.read("send->block")], nobody))
    crowds = Report("a", "b", Loop.OPEN, decisions=3, users=3)
    (of_plans,) = guarded([Never.read("plan:*->*")], crowds)
    assert of_plans.is_broken and (of_plans.found, of_plans.looked) == (0, 0)
    asked = Report("a", "b", Loop.OPEN, decisions=3, users=3, plans=(Moved("a", "a", 3),))
    (of_plans,) = guarded([Never.read("plan:*->*")], asked)
    assert not of_plans.is_broken and (of_plans.found, of_plans.looked) == (0, 3)


# ---- who they are


def changed_lines(*said: str) -> list[dict[str, Any]]:
    assert replay(*said, "--changed", "changed.jsonl").exit_code == ExitCode.FINDINGS
    return [json.loads(line) for line in Path("changed.jsonl").read_text().splitlines()]


def test_everybody_who_is_treated_differently_is_named(folder: Path) -> None:
    store(
        Path("many"),
        rows(SHOP, [{"user": {"id": f"u{number}", "country": "de"}} for number in range(30)]),
        SHOP,
    )
    found = changed_lines("--log", "many")
    assert {each["user"] for each in found} == {f"u{number}" for number in range(30)} and len(found) == 30
    place = {
        "rule": "crowd german",
        "location": f"candidate.sua:{1 + SHOP[: SHOP.index('crowd german')].count(chr(10))}",
    }
    assert found[0]["blamed"] == [place]
    assert (found[0]["before"]["verdict"], found[0]["after"]["verdict"]) == ("send", "none")
    assert found[0]["time"] == "2026-03-02T12:00:00Z" and found[0]["asked"] == {"decide": "best"}


def test_so_is_everybody_whose_life_goes_another_way(folder: Path) -> None:
    Path("candidate.sua").write_text(
        SHOP.replace("wait 1 hour", "wait 2 hours").replace('send push "nudge"', 'send push "other"')
    )
    events = [happened(f"c{number}", "cart", f"u{number}", DAY, **CART) for number in range(12)]
    recorded(Path("carts"), events)
    found = changed_lines("--events", "carts", "--closed", "--until", "2026-03-03T10:00:00Z")
    assert {each["user"] for each in found} == {f"u{number}" for number in range(12)}
    assert all(each["blamed"] and each["decision_id"].startswith(("nudge/", "c")) for each in found)
