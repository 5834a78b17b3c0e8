"""The unit of `deploy/systemd`, as systemd itself reads it."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from cli import workers

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "systemd" / "suasion.service"
CHECKOUT = "/opt/suasion/"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text(encoding="utf-8").replace(CHECKOUT, f"{ROOT}/"), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_what_the_unit_starts_is_a_command_that_there_is() -> None:
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    command = next(line.removeprefix("ExecStart=") for line in lines if line.startswith("ExecStart="))
    words = command.replace(CHECKOUT, f"{ROOT}/").split()
    done = subprocess.run([*words, "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_systemd_is_told_where_it_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address := str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        workers.tell_systemd("READY=1")
        assert systemd.recv(100) == b"READY=1"
