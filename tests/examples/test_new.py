"""`suasion new`: what it makes checks, passes its tests, and can be tried at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import application
from cli.new import TEMPLATES, Template
from dsl.format import format_file
from dsl.source import Source


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application(arguments), arguments)


@pytest.mark.parametrize("template", Template)
def test_what_it_makes_checks_and_passes_its_tests(template: Template, tmp_path: Path) -> None:
    rules = tmp_path / "mine" / "rules.sua"
    assert run("new", str(rules.parent), "--template", template).exit_code == 0
    assert run("check", "--strict", str(rules)).exit_code == 0
    assert run("test", "--oracle", str(rules)).exit_code == 0
    assert run("test", "--facts", str(rules.parent / "facts.jsonl"), str(rules)).exit_code == 0
    answers = run("eval", str(rules), "--facts", str(rules.parent / "facts.jsonl")).stdout.splitlines()
    assert "send" in {json.loads(answer)["decisions"]["best"]["verdict"] for answer in answers}


@pytest.mark.parametrize("template", Template)
def test_templates_are_laid_out(template: Template) -> None:
    text = (TEMPLATES / template / "rules.sua").read_text(encoding="utf-8")
    assert format_file(Source("rules.sua", text)) == text


def test_it_writes_over_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "rules.sua").write_text("# mine\n", encoding="utf-8")
    done = run("new", str(tmp_path / "mine"))
    assert done.exit_code == 3
    assert "is there already" in done.stderr
    assert (tmp_path / "mine" / "rules.sua").read_text(encoding="utf-8") == "# mine\n"


def test_it_says_what_it_made_as_json(tmp_path: Path) -> None:
    done = run("new", str(tmp_path / "mine"), "--format", "json")
    data = json.loads(done.stdout)["data"]
    assert [Path(file).name for file in data["files"]] == ["facts.jsonl", "rules.sua"]
