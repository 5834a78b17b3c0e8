"""`suasion serve --workers N`: processes at one address."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from cli.exit_codes import ExitCode
from cli.main import application
from cli.private.program import free_port, is_free
from tests.server.test_process import SHOP, Serve, Served, serve, told

__all__ = ["serve"]


def heard(served: Served, event: str) -> dict[str, Any]:
    """The next line of the log that tells of it."""
    assert served.process.stderr
    lines = (json.loads(line) for line in served.process.stderr if line.startswith("{"))
    return next(each for each in lines if each["event"] == event)


def store(folder: Path) -> list[str]:
    return ["--store", f"sqlite:{folder / 'suasion.db'}", "--linger", "0"]


def test_workers_share_an_address_with_each_other_alone_and_end_together(
    serve: Serve, tmp_path: Path
) -> None:
    port = two_free_ports()
    served = serve(str(SHOP), *store(tmp_path), "--workers", "2", "--metrics", f"127.0.0.1:{port}")
    assert served.ready.startswith("listening on 127.0.0.1:") and not served.ready.endswith(":0")
    for own in (port, port + 1):
        with urlopen(f"http://127.0.0.1:{own}/readyz", timeout=60) as page:
            assert page.read() == b"ready\n"
    arguments = ["serve", *store(tmp_path), "--workers", "1", "--listen", served.address]
    result = CliRunner().invoke(application(["serve"]), arguments)
    assert result.exit_code == ExitCode.USAGE and "it is taken" in result.stderr
    code, errors = served.end(signal.SIGTERM)
    assert code == 0 and "Traceback" not in errors and errors.count("never loaded") == 1


def two_free_ports() -> int:
    """The first of them: as all ports of tests below those that systems give to clients."""
    return next(port for port in iter(free_port, None) if is_free(port + 1))


def test_workers_end_when_their_parent_is_killed(serve: Serve, tmp_path: Path) -> None:
    served = serve(str(SHOP), *store(tmp_path), "--workers", "1")
    served.process.kill()
    _, errors = served.process.communicate()  # comes back once nobody holds stderr
    assert "Traceback" not in errors


def test_who_comes_later_activates_nothing(serve: Serve, tmp_path: Path) -> None:
    rules = tmp_path / "rules.sua"
    rules.write_bytes(SHOP.read_bytes())
    served = serve(str(rules), *store(tmp_path), "--workers", "1")
    first = heard(served, "worker")
    before = told(served, "status")["versions"]
    rules.write_text("crowd", encoding="utf-8")
    served.process.send_signal(signal.SIGHUP)
    second = heard(served, "worker")
    heard(served, "workers renewed")
    os.kill(second["pid"], signal.SIGKILL)
    ended = heard(served, "worker ended")
    assert (ended["worker"], ended["code"]) == (1, -signal.SIGKILL)
    third = heard(served, "worker")
    assert len({first["pid"], second["pid"], third["pid"]}) == 3
    assert told(served, "status")["versions"] == before
    assert served.end(signal.SIGINT)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "needs a store that processes share"),
        (["--store", "sqlite:x.db", "--clock", "events"], "needs the system's clock"),
        (["--store", "sqlite:x.db", "--listen", "nowhere"], "cannot listen on `nowhere`"),
    ],
)
def test_what_many_cannot_serve_is_said(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(application(["serve"]), ["serve", str(SHOP), "--workers", "2", *arguments])
    assert result.exit_code == ExitCode.USAGE and words in result.stderr


def test_workers_that_cannot_begin_end_with_what_the_first_says(serve: Serve, tmp_path: Path) -> None:
    served = serve("no_such.sua", *store(tmp_path), "--workers", "2")
    _, errors = served.process.communicate()
    assert served.process.returncode == ExitCode.USAGE and errors.count("cannot read `no_such.sua`") == 1
