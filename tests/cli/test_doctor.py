"""`suasion doctor` finds what is wrong, and says the way out."""

from __future__ import annotations

import json
import socket
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.exit_codes import ExitCode
from cli.main import application
from tests.server.test_process import SHOP, Serve, serve

__all__ = ["serve"]


def doctor(*arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and by what it is about the last finding."""
    words = ["doctor", *arguments, "--format", "json"]
    result = CliRunner().invoke(application(words), words)
    return result.exit_code, {each["about"]: each for each in json.loads(result.stdout)["data"] or []}


def test_a_good_set_up_is_well(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "suasion.db"
    served = serve(str(SHOP), "--store", f"sqlite:{file}")
    file.chmod(0o600)
    code, found = doctor("--server", served.address, "--store", f"sqlite:{file}", "--listen", "127.0.0.1:0")
    assert {each["about"]: each for each in found.values() if each["state"] != "ok"} == {}
    assert code == ExitCode.CLEAN
    assert {"python", "packages", "time zones", "clock", "disk", "file", "store", "port", "server"} < set(
        found
    )


def test_a_port_that_is_taken_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, found = doctor("--listen", f"127.0.0.1:{taken.getsockname()[1]}")
    assert code == ExitCode.FINDINGS and found["port"]["state"] == "wrong" and found["port"]["way_out"]


def test_a_file_that_everybody_reads_and_one_that_is_no_store_are_found(tmp_path: Path) -> None:
    file = tmp_path / "suasion.db"
    sqlite3.connect(file).close()
    file.write_text("this is no database, however long it may be " * 100, encoding="utf-8")
    file.chmod(0o644)
    code, found = doctor("--store", f"sqlite:{file}")
    assert code == ExitCode.FINDINGS
    assert found["file"]["way_out"] == f"`chmod o-rwx {file}`"
    assert found["store"]["state"] == "wrong" and "cannot use" in found["store"]["message"]


def test_a_folder_that_is_not_there_is_found(tmp_path: Path) -> None:
    code, found = doctor("--store", f"sqlite:{tmp_path / 'none' / 'suasion.db'}")
    assert code == ExitCode.FINDINGS and "cannot write" in found["store"]["message"]


def test_time_zones_of_the_machine_are_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.TZPATH", ("/usr/share/zoneinfo",))
    assert doctor()[1]["time zones"]["state"] == "doubtful"


def test_a_file_of_settings_is_read_for_every_verb_and_by_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "suasion.toml"
    monkeypatch.setenv("SUASION_CONFIG", str(file))
    file.write_text("[serve]\nlog-levl = 'info'\n")
    wrong = doctor()[1]["settings"]
    assert "`log-levl` for `serve`" in wrong["message"] and wrong["way_out"] == "did you mean `log-level`?"
    file.write_text("[serve]\nstore = 'mysql://shop:secret@127.0.0.1:1/shop'\n")
    file.chmod(0o644)
    assert doctor()[1]["settings"]["way_out"] == f"`chmod go-r {file}`"
    file.chmod(0o600)
    assert doctor()[1]["settings"]["state"] == "ok"


def test_a_server_that_has_to_answer_and_does_not(serve: Serve) -> None:
    assert doctor("--server", "127.0.0.1:1")[0] == ExitCode.OUT_OF_REACH
    served = serve("--format", "json")
    code, found = doctor("--server", json.loads(served.ready)["data"]["address"])
    assert code == ExitCode.FINDINGS and found["rules"]["way_out"]
