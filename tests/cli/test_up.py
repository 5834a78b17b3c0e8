"""A whole set-up on this machine: it begins, goes on with what it had, and leaves nothing running."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql
import pytest
import redis

from cli.exit_codes import Failure
from cli.output import Format, Output
from cli.private.packages import missing
from cli.private.program import become, is_free
from cli.up import PROGRAMS, provide

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "examples" / "retail"
SETTLED = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'protos'}", "PYTHONSAFEPATH": "1"}
needs_programs = pytest.mark.skipif(
    bool(missing(PROGRAMS)), reason=f"not here: {', '.join(missing(PROGRAMS))}"
)


def started(here: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "cli.main", "up", "--listen", "127.0.0.1:0", *arguments]
    return subprocess.Popen(
        command,
        cwd=here,
        env=SETTLED,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def up(here: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the address at which it answers."""
    with started(here, *arguments) as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            line = process.stdout.readline()
            assert line.startswith("listening on "), process.stderr.read()
            yield process, line.split()[-1]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def asked(here: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments], cwd=here, env=SETTLED, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def looked_at(here: Path, settings: Path, server: str) -> list[str]:
    """What `doctor` finds there."""
    environment = {**SETTLED, "SUASION_CONFIG": str(settings), "PYTHONTZPATH": ""}
    command = [sys.executable, "-m", "cli.main", "doctor", "--server", server]
    done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True)
    return done.stdout.splitlines()


def ports(here: Path) -> list[int]:
    """Of what it started, but for the server."""
    return [int(file.read_text()) for file in (here / ".suasion" / "up").rglob("port")]


@needs_programs
def test_it_goes_on_with_what_it_had_and_leaves_nothing_running(tmp_path: Path) -> None:
    with up(tmp_path, str(RULES)) as (process, address):
        version = asked(tmp_path, "versions", "--server", address)
        assert len(ports(tmp_path)) == 4 and not any(map(is_free, ports(tmp_path)))
        with started(tmp_path) as other:
            _, refused = other.communicate()
        assert "`suasion up` runs on `.suasion/up` already" in refused
    assert process.returncode == 0
    assert all(map(is_free, ports(tmp_path)))
    before = ports(tmp_path)
    with up(tmp_path) as (process, address):
        assert asked(tmp_path, "versions", "--server", address) == version
        assert ports(tmp_path) == before
        servers = [os.pidfd_open(int(pid)) for pid in descendants(process.pid)]
        process.kill()
        for server in servers:
            assert select.select([server], [], [], 60)[0]
            os.close(server)
    assert all(map(is_free, before))


def descendants(process: int) -> list[str]:
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return children + [each for child in children for each in descendants(int(child))]


@needs_programs
def test_it_serves_on_mariadb_and_nobody_else_can_read_how(tmp_path: Path) -> None:
    with up(tmp_path, str(RULES)) as (process, address):
        file = tmp_path / ".suasion" / "up" / "suasion.toml"
        assert file.stat().st_mode & 0o077 == 0
        assert {line.split()[0] for line in looked_at(tmp_path, file, address)} == {"ok"}
        queue = "0 messages waiting in `suasion.default.events.default`"
        assert become(lambda: any(queue in line for line in looked_at(tmp_path, file, address)))
        store = tomllib.loads(file.read_text())["store"]
        password = store.split(":")[2].split("@")[0]
        for pid in [str(process.pid), *descendants(process.pid)]:
            assert password not in Path(f"/proc/{pid}/cmdline").read_text()
        with redis.Redis.from_url(tomllib.loads(file.read_text())["redis"]) as client:
            asked(tmp_path, "ask", "list", "u1", "--server", address)
            assert client.dbsize() > 0
        port = int(store.rsplit(":", 1)[1].split("/")[0])
        place = {"host": "127.0.0.1", "port": port, "user": "suasion", "password": password}
        with pymysql.connect(**place, database="suasion") as connection, connection.cursor() as cursor:  # type: ignore[arg-type]
            assert cursor.execute("SELECT 1 FROM rule_sets") == 1


def test_what_is_missing_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("cli.private.packages.PLACES", ("",))
    out = Output(Format.HUMAN)
    with pytest.raises(Failure) as refused:
        provide(False, out)
    assert refused.value.message == "not on this machine: mariadb-server rabbitmq-server redis-server"
    assert "`suasion up --install`" in (refused.value.hint or "")
    with pytest.raises(Failure, match="apt could not install"):
        provide(True, out)
