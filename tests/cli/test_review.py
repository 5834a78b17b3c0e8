"""Tests that fail after a change of the rules, looked at from a terminal and from a program."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.exit_codes import ExitCode
from cli.main import application

ROOT = Path(__file__).parents[2]
RULES = """\
event order { }
crowd buyers { count of order ever >= 2 }
plan hello { send push "hello" }

test "one order" {
  given user { }
  happens order { } at 2026-03-02 10:00
  now 2026-03-02 11:00
  expect user in buyers
  expect plan hello blocked
}

test "no order" {
  given user { }
  now 2026-03-02 11:00
  expect user in buyers
}
"""
MENDED = RULES.replace("user in buyers", "not user in buyers").replace(
    "hello blocked", 'hello sends push "hello"'
)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.sua"
    path.write_text(RULES, encoding="utf-8")
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application(list(arguments)), list(arguments))


def typed(rules: Path, keys: str) -> tuple[str, int]:
    """What a terminal shows where these lines are typed, and how the run ended."""
    terminal, side = pty.openpty()
    command = [sys.executable, "-m", "cli.main", "test", "--review", str(rules)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=side, stdout=side, stderr=side)
    os.close(side)
    os.write(terminal, keys.encode())
    shown = b""
    try:
        while piece := os.read(terminal, 4096):
            shown += piece
    except OSError:  # its other end is closed
        pass
    os.close(terminal)
    return shown.decode(), process.wait()


def test_what_is_accepted_is_rewritten_and_the_rest_is_left(rules: Path) -> None:
    shown, code = typed(rules, "a\nr\ns\n")
    assert "it could say: expect not user in buyers" in shown
    assert "1 accepted, 1 rejected, 1 skipped" in shown
    assert code == ExitCode.FINDINGS
    assert rules.read_text(encoding="utf-8") == RULES.replace("user in buyers", "not user in buyers", 1)


def test_all_can_be_accepted(rules: Path) -> None:
    shown, code = typed(rules, "perhaps\naccept\nA\na\n")
    assert "3 accepted" in shown and code == ExitCode.CLEAN
    assert rules.read_text(encoding="utf-8") == MENDED
    assert "2 of 2 tests passed" in run("test", str(rules)).output


def test_who_has_enough_is_asked_no_more(rules: Path) -> None:
    shown, code = typed(rules, "q\n")
    assert "3 skipped" in shown and code == ExitCode.FINDINGS
    assert rules.read_text(encoding="utf-8") == RULES


def test_without_a_terminal_the_commands_are_shown_that_accept(rules: Path) -> None:
    shown = run("test", "--review", str(rules))
    assert shown.exit_code == ExitCode.FINDINGS
    assert shown.output.splitlines()[-2:] == [
        f"suasion test --accept 'one order' {rules}",
        f"suasion test --accept 'no order' {rules}",
    ]
    assert rules.read_text(encoding="utf-8") == RULES
    assert (
        run("test", "--accept", "one order", "--accept", "no order", str(rules)).exit_code == ExitCode.CLEAN
    )
    assert rules.read_text(encoding="utf-8") == MENDED
    assert run("test", "--review", str(rules)).output.strip() == "every expectation comes true"


def test_a_program_reads_what_could_be_said_instead(rules: Path) -> None:
    shown = run("test", "--review", "--format", "json", "-k", "no order", str(rules))
    (told,) = json.loads(shown.stdout)["data"]
    assert told == {
        "test": "no order",
        "place": f"{rules}:16",
        "expected": "user in buyers: yes",
        "got": "user in buyers: no",
        "instead": "expect not user in buyers",
        "command": f"suasion test --accept 'no order' {rules}",
    }


def test_a_test_that_is_not_there_is_not_accepted(rules: Path) -> None:
    shown = run("test", "--accept", "two orders", str(rules))
    assert shown.exit_code == ExitCode.USAGE and "there is no test `two orders`" in shown.output
