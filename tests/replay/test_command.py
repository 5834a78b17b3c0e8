"""What `suasion replay` writes when it verifies, and versions of which the log has no good files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from cli.exit_codes import ExitCode
from cli.main import application
from tests.replay.logs import NOON, SHOP, rows, serving, store

ROOT = Path(__file__).parents[2]
CANDIDATE = SHOP.replace('"de"', '"fr"')
GERMAN = {"user": {"id": "u", "country": "de"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With both versions, and a log of the first."""
    (tmp_path / "base.sua").write_text(SHOP)
    (tmp_path / "candidate.sua").write_text(CANDIDATE)
    store(tmp_path / "log", rows(SHOP, [GERMAN]), SHOP)
    return tmp_path


def replay(folder: Path, *words: str, base: str = "base.sua", candidate: str = "candidate.sua") -> Result:
    sides = [each if each.isalnum() else str(folder / each) for each in (base, candidate)]
    return CliRunner().invoke(
        application(["replay"]), ["replay", *sides, "--log", str(folder / "log"), *words]
    )


def test_verifying_writes_what_is_wanted_too(folder: Path) -> None:
    files = ["--junit", str(folder / "junit.xml"), "--html", str(folder / "page.html")]
    (made,) = rows(SHOP, [GERMAN])
    store(folder / "log", [made | {"outcome": made["outcome"].replace('"email"', '"sms"')}], SHOP)
    said = replay(folder, *files, candidate="base.sua")
    assert said.exit_code == ExitCode.FINDINGS and "1 same, 1 different" in said.output
    cases = ElementTree.parse(folder / "junit.xml").getroot().findall("testcase")
    assert [(case.get("name"), len(case)) for case in cases] == [
        ("answered by both versions", 0),
        ("answered as on record", 1),
    ]
    assert "answered again by the same version" in (folder / "page.html").read_text()
    version = serving(SHOP).version
    of = [
        f"history: {folder / 'log'}",
        "period: 2026-03-02 13:00 Europe/Berlin",
        f"rules: {folder / 'base.sua'}, version {version[:12]}",
    ]
    assert said.output.splitlines()[:3] == of


def test_a_report_says_what_it_is_of(folder: Path) -> None:
    data = json.loads(replay(folder, "--format", "json", base=serving(SHOP).version).output)["data"]
    of = [data[name] for name in ("history", "base_named", "candidate_named", "first_time", "last_time")]
    assert of == [str(folder / "log"), None, str(folder / "candidate.sua"), NOON, NOON]


@pytest.mark.parametrize("option", ["--html", "--junit", "--changed"])
def test_a_file_that_there_is_no_room_for_leaves_the_old_one(folder: Path, option: str) -> None:
    file, sides = folder / "report", [str(folder / "base.sua"), str(folder / "candidate.sua")]
    store(folder / "log", rows(SHOP, [GERMAN] * 20), SHOP)
    file.write_text("the old one")
    before = sorted(folder.iterdir())
    words = ["replay", *sides, "--log", str(folder / "log"), option, str(file)]
    ran = subprocess.run(
        ["bash", "-c", 'ulimit -f 1; exec "$@"', "-", sys.executable, "-m", "cli.main", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (ExitCode.USAGE, f"error: cannot write `{file}`: file too large\n")
    assert file.read_text() == "the old one" and sorted(folder.iterdir()) == before


@pytest.mark.parametrize("option", ["--html", "--junit"])
def test_a_file_that_has_no_place_is_said_at_once(folder: Path, option: str) -> None:
    said = replay(folder, option, str(folder / "nowhere" / "report"), base="neither.sua")
    assert said.exit_code == ExitCode.USAGE and f"there is no directory `{folder / 'nowhere'}`" in said.output


@pytest.mark.parametrize("option", ["--html", "--junit", "--changed"])
def test_what_is_no_file_is_written_to(folder: Path, option: str) -> None:
    said = replay(folder, option, "/dev/full")
    assert said.exit_code == ExitCode.USAGE
    assert said.output.endswith("error: cannot write `/dev/full`: no space left on device\n")
    assert replay(folder, option, "/dev/null").exit_code == ExitCode.FINDINGS


def test_files_of_a_version_that_are_damaged_or_of_another_are_told(folder: Path) -> None:
    version = serving(SHOP).version
    kept = folder / "log" / "rules" / f"{version}.json"
    whole = kept.read_text()
    kept.write_text(whole[:-9])
    damaged = replay(folder, base=version)
    assert damaged.exit_code == ExitCode.USAGE and "cannot be read" in damaged.output
    kept.write_text(whole.replace('is \\"de', 'is \\"at'))
    other = replay(folder, base="candidate.sua", candidate=version)
    assert other.exit_code == ExitCode.USAGE and "made with another language edition" in other.output


def test_a_version_goes_by_its_first_digits(folder: Path) -> None:
    version = serving(SHOP).version
    assert replay(folder, base=version[:8]).output == replay(folder, base=version).output != ""
    strange = replay(folder, base="0" * 8 if version[0] != "0" else "f" * 8)
    assert strange.exit_code == ExitCode.USAGE
    assert "there is no version" in strange.output and version in strange.output.replace("\n", "")
