"""`suasion fmt`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import application

UNTIDY = 'crowd a {user.age   >3}\r\nlist b "x"# loaded'
TIDY = 'crowd a { user.age > 3 }\nlist b "x"  # loaded\n'


def fmt(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(application(["fmt"]), ["fmt", *arguments], input=stdin)


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    file = tmp_path / "deep" / "rules.sua"
    file.parent.mkdir()
    file.write_text(UNTIDY, newline="")
    return file


def test_a_file_is_rewritten_once(untidy: Path) -> None:
    untidy.chmod(0o640)
    assert fmt(str(untidy)).exit_code == 0
    assert untidy.read_bytes() == TIDY.encode()
    assert untidy.stat().st_mode & 0o777 == 0o640
    assert "changed" not in fmt(str(untidy)).stderr
    assert [one.name for one in untidy.parent.iterdir()] == ["rules.sua"]


def test_a_directory_is_all_the_files_below_it(untidy: Path) -> None:
    assert fmt(str(untidy.parent.parent)).exit_code == 0
    assert untidy.read_text() == TIDY


def test_check_and_diff_write_nothing(untidy: Path) -> None:
    for option in ("--check", "--diff"):
        answer = fmt(option, str(untidy))
        assert answer.exit_code == 1
        assert ("+crowd a { user.age > 3 }" in answer.stdout) == (option == "--diff")
        assert untidy.read_bytes() == UNTIDY.encode()
    untidy.write_text(TIDY)
    assert fmt("--check", str(untidy)).exit_code == 0


def test_stdin_goes_to_stdout() -> None:
    answer = fmt("-", stdin=UNTIDY)
    assert (answer.exit_code, answer.stdout) == (0, TIDY)


def test_what_cannot_be_read_stays_and_is_reported(untidy: Path) -> None:
    untidy.write_text("crowd a {user.age   >3}\ncrowd b {  ??  }\n")
    answer = fmt(str(untidy))
    assert answer.exit_code == 1
    assert untidy.read_text() == "crowd a { user.age > 3 }\ncrowd b {  ??  }\n"
    assert f"{untidy}:2:12" in answer.stderr


def test_as_json(untidy: Path) -> None:
    answer = json.loads(fmt("--format", "json", "--check", str(untidy)).stdout)
    assert answer["data"] == [{"path": str(untidy), "changed": True, "text": TIDY}]


def test_nothing_to_lay_out_is_a_usage_error(tmp_path: Path) -> None:
    assert fmt(str(tmp_path)).exit_code == 2
    assert fmt(str(tmp_path / "none.sua")).exit_code == 2
