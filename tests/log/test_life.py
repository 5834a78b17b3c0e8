"""Tests from life: what a server decided, told in the language, with nobody in it who could be known again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from typer.testing import Result as Ran

from cli.exit_codes import ExitCode
from cli.main import application
from compiler.cases.written import CannotWrite
from server.archives import decision_archive
from server.replay.as_test import test_of as written_of
from server.replay.programs import Programs
from server.replay.questions import CannotAnswer
from tests.cases.play import compiled
from tests.cases.test_written import comes_true
from tests.log.test_serving import MAIL, PHONE, RULES, SHOP, on_record
from tests.replay.logs import CART, rows, store
from tests.replay.logs import SHOP as SOLD
from tests.server.conftest import run

__all__ = ["run"]
OF_CONTACTS = {"check_contact", "reserve"}


@pytest.fixture(scope="module", params=[True, False], ids=["masked", "kept"])
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Where it is on record what a server decided, and the records."""
    folder = tmp_path_factory.mktemp("life")
    with runner() as call:
        return folder, on_record(call, folder, mask=request.param)


def runner() -> Any:
    from contextlib import contextmanager

    return contextmanager(run.__wrapped__)()  # type: ignore[attr-defined]


@pytest.mark.parametrize("whole", [False, True], ids=["fewest", "whole"])
def test_what_was_decided_is_told_and_comes_true(whole: bool, life: Any) -> None:
    folder, rows = life
    programs, went = Programs(decision_archive(folder)), Counter[str]()
    for row in rows:
        try:
            text = written_of(programs, row, "from life", whole=whole).text
        except (CannotAnswer, CannotWrite) as why:
            went["contact" if row["kind"] in OF_CONTACTS else str(why)] += 1
            continue
        went["written"] += 1
        comes_true(compiled(RULES), text)
        assert not any(private in text for private in (MAIL, PHONE, "boss"))
    assert set(went) == {"written", "contact"}, went
    assert went["written"] > 20


def test_of_a_long_history_is_told_what_the_answer_rests_on(tmp_path: Path) -> None:
    """Of three hundred events of one article one stands for all; what it costs matters to nobody."""
    day = "2026-03-{:02}T{:02}:{:02}:00Z"
    carts = [
        {
            **CART,
            "event_id": f"c{number}",
            "time": day.format(1 + number // 288, number // 12 % 24, number % 12 * 5),
        }
        for number in range(300)
    ]
    facts = {"now": "2026-03-02T12:00:00Z", "user": {"id": "u", "country": "de"}, "events": carts}
    (row,) = rows(SOLD, [facts])
    archive = store(tmp_path, [row], SOLD)
    told, whole = (written_of(Programs(archive), row, "long", whole=each).text for each in (False, True))
    assert whole.count("cart {") == 300
    assert (told.count("cart {"), told.count("price"), told.count("country")) == (1, 0, 1), told
    comes_true(compiled(SOLD), told)


# ---- from a shell


def suasion(*arguments: object) -> Ran:
    words = [str(each) for each in arguments]
    return CliRunner().invoke(application(words), words)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "shop.sua"
    path.write_text(SHOP.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def of_kind(life: Any, kind: str) -> tuple[Path, str]:
    folder, rows = life
    return folder, next(row["decision_id"] for row in rows if row["kind"] == kind)


def test_a_test_is_added_to_the_rules_and_passes(life: Any, rules: Path) -> None:
    folder, id = of_kind(life, "match_plan")
    before = rules.read_text(encoding="utf-8")
    added = suasion("test", "add", "--decision", id, "--log", folder, rules)
    assert added.exit_code == ExitCode.CLEAN, added.output
    text = rules.read_text(encoding="utf-8")
    assert text.startswith(before) and f'test "decision {id}" {{' in text
    assert "1 of 1 test passed" in suasion("test", rules).output
    again = suasion("test", "add", "--decision", id, "--log", folder, rules)
    assert again.exit_code == ExitCode.USAGE and "has a test" in again.output
    assert rules.read_text(encoding="utf-8") == text
    suasion("test", "add", "--decision", id, "--log", folder, "--called", "the same", rules)
    assert "2 of 2 tests passed" in suasion("test", rules).output


def test_without_a_file_it_is_shown(life: Any) -> None:
    folder, id = of_kind(life, "match_plan")
    shown = suasion("test", "add", "--decision", id, "--log", folder)
    assert shown.exit_code == ExitCode.CLEAN
    assert shown.stdout.startswith(f'test "decision {id}" {{\n  given user {{')


def test_rules_that_answer_otherwise_are_left_alone(life: Any, rules: Path) -> None:
    folder, id = of_kind(life, "match_plan")
    other = rules.read_text(encoding="utf-8").replace("among hello, nudge", "among nudge")
    rules.write_text(other, encoding="utf-8")
    refused = suasion("test", "add", "--decision", id, "--log", folder, rules)
    assert refused.exit_code in (ExitCode.FINDINGS, ExitCode.USAGE)
    assert "nothing was written" in refused.output
    assert rules.read_text(encoding="utf-8") == other


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "--decision", "none", "--log", "LOG"], "there is no decision `none`"),
        (["add", "--decision", "none"], "where is the decision on record?"),
        (["shop.sua", "--decision", "none", "--log", "LOG"], "`--decision` adds a test"),
    ],
)
def test_what_cannot_be_is_said(life: Any, arguments: list[str], said: str) -> None:
    folder, _ = life
    words = [str(folder) if each == "LOG" else each for each in arguments]
    refused = suasion("test", *words)
    assert refused.exit_code == ExitCode.USAGE and said in refused.output


def test_a_question_about_a_contact_alone_is_none_for_a_test(life: Any) -> None:
    folder, id = of_kind(life, "check_contact")
    refused = suasion("test", "add", "--decision", id, "--log", folder)
    assert refused.exit_code == ExitCode.USAGE and "it asks for a contact alone" in refused.output
