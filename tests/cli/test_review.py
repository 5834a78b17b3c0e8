"""Tests that fail after a change of the rules, looked at from a terminal and from a program."""

from __future__ import annotations

import json
import os
import pty
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.exit_codes import ExitCode
from cli.main import INTERRUPTED, application

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


PROMPT = b"skip or quit? "
END_OF_INPUT, INTERRUPT = "\x04", "\x03"


def typed(rules: Path, *answers: str) -> tuple[str, int]:
    """What a terminal shows where these are typed, each when it is asked for, and how the run ended."""
    process, terminal = pty.fork()
    if not process:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "cli.main", "test", "--review", str(rules)])
    shown = b""
    for answer in answers:
        shown += until_asked(terminal)
        os.write(terminal, answer.encode())
    shown += until_asked(terminal)
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    return shown.decode(), os.waitstatus_to_exitcode(status)


def until_asked(terminal: int) -> bytes:
    """What is shown until the next question, or the end."""
    shown = b""
    with suppress(OSError):  # its other end is closed
        while not shown.endswith(PROMPT) and (piece := os.read(terminal, 4096)):
            shown += piece
    return shown


def test_what_is_accepted_is_rewritten_and_the_rest_is_left(rules: Path) -> None:
    shown, code = typed(rules, "a\n", "r\n", "s\n")
    assert "it could say: expect not user in buyers" in shown
    assert "1 accepted, 1 rejected, 1 skipped" in shown
    assert code == ExitCode.FINDINGS
    assert rules.read_text(encoding="utf-8") == RULES.replace("user in buyers", "not user in buyers", 1)


def test_all_can_be_accepted(rules: Path) -> None:
    shown, code = typed(rules, "perhaps\n", "accept\n", "A\n", "a\n")
    assert "3 accepted" in shown and code == ExitCode.CLEAN
    assert rules.read_text(encoding="utf-8") == MENDED
    assert "2 of 2 tests passed" in run("test", str(rules)).output


def test_who_has_enough_is_asked_no_more(rules: Path) -> None:
    shown, code = typed(rules, "q\n")
    assert "3 skipped" in shown and code == ExitCode.FINDINGS
    assert rules.read_text(encoding="utf-8") == RULES


def test_keys_are_explained_at_first_and_to_whom_types_another(rules: Path) -> None:
    shown, _ = typed(rules, "abort\n", "\n", "q\n")
    assert shown.count("a  accept: what it could say is written into the test") == 3
    assert "`abort` is none of them" in shown and "3 skipped" in shown
    assert rules.read_text(encoding="utf-8") == RULES


def test_the_end_of_input_is_as_quit(rules: Path) -> None:
    shown, code = typed(rules, "a\n", END_OF_INPUT)
    assert "1 accepted, 2 skipped" in shown and code == ExitCode.FINDINGS
    assert rules.read_text(encoding="utf-8") == RULES.replace("user in buyers", "not user in buyers", 1)


def test_an_interruption_writes_nothing_and_says_so(rules: Path) -> None:
    shown, code = typed(rules, "a\n", INTERRUPT)
    assert "nothing was written" in shown and code == INTERRUPTED
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
