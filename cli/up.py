"""`suasion up`: a whole set-up on this machine, with a MariaDB, a Redis and a RabbitMQ of its own."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli.asking import USUAL
from cli.config import FILE_NAME
from cli.exit_codes import Failure
from cli.output import HUMAN, Output, OutputOption
from cli.private.mariadb import MariaDb
from cli.private.packages import NotInstalled, install, missing
from cli.private.program import HOST, NotStarted, Program, guard, unguard
from cli.private.rabbitmq import RabbitMq
from cli.private.redis import Redis

DATABASE = "suasion"
OVERRIDDEN = ("SUASION_SERVE_STORE", "SUASION_SERVE_REDIS", "SUASION_SERVE_RABBITMQ")
"""Variables that would take the server elsewhere."""
PROGRAMS = ("redis-server", "rabbitmq-server", "epmd", "mariadbd", "mariadb-install-db")
DataOption = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="Where all is kept; go on with what is there.")
]
InstallOption = Annotated[
    bool, typer.Option("--install", help="Install what is missing by apt, as root or through sudo.")
]


def command(
    rules: Annotated[
        list[Path] | None,
        typer.Argument(metavar="RULES", help="As for `suasion serve`.", show_default=False),
    ] = None,
    data: DataOption = Path(".suasion/up"),
    listen: Annotated[
        str | None,
        typer.Option("--listen", metavar="HOST:PORT", help="As for `suasion serve`.", show_default=False),
    ] = None,
    install: InstallOption = False,
    out: OutputOption = HUMAN,
) -> None:
    """Start a MariaDB, a Redis and a RabbitMQ for nobody else, on free ports of this machine, and serve on them until Ctrl-C.

    What `suasion serve` takes beside, it takes from its variables and from `suasion.toml`.
    """
    provide(install, out)
    with ExitStack() as last:
        last.enter_context(alone(data))
        services = Services(data, listen or USUAL)
        last.callback(services.stop)
        # Whatever asks us to end, what was started is stopped in order.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        services.start(out)
        code = served([*map(str, rules or ()), *(["--listen", listen] if listen else [])], services, out)
    raise typer.Exit(code)


# ---- what it needs


def provide(unasked: bool, out: Output) -> None:
    """Raises Failure if something stays missing."""
    wanted = missing(PROGRAMS)
    if not wanted:
        return
    names = " ".join(wanted)
    may = unasked or (sys.stdin.isatty() and typer.confirm(f"install {names} by apt?", err=True))
    if not may:
        hint = f"Debian, Ubuntu: `apt install --no-install-recommends {names}`, or `suasion up --install`"
        raise Failure(f"not on this machine: {names}", hint=hint)
    out.notes.print(f"installing {names}")
    if not install(wanted) or missing(PROGRAMS):
        raise Failure(
            f"apt could not install {names}", hint="it has to be there, and to be run as root or through sudo"
        )


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Nobody else has the directory meanwhile. Raises Failure."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / ".gitignore").write_text("*\n", encoding="utf-8")  # there are passwords in it
        lock = (data / "lock").open("w")
    except OSError as error:
        raise Failure(f"cannot write in `{data}`: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Failure(
                f"`suasion up` runs on `{data}` already", hint="end that, or name another --data"
            ) from error
        yield


# ---- what it starts


class Services:
    """Started together, as each takes its time."""

    def __init__(self, data: Path, server: str) -> None:
        """`server`: where what is served on them listens."""
        self.data = data
        self.server = server
        self.redis = Redis(data / "redis")
        self.rabbitmq = RabbitMq(data / "rabbitmq")
        self.mariadb = MariaDb(data / "mariadb")
        self._all: tuple[Program, ...] = (self.redis, self.rabbitmq, self.mariadb)

    @property
    def settings(self) -> Mapping[str, str]:
        """How others reach them, by option."""
        return {
            "store": self.mariadb.url(DATABASE),
            "redis": self.redis.url,
            "rabbitmq": self.rabbitmq.url,
        }

    def start(self, out: Output) -> None:
        """Raises Failure."""
        try:
            for each in self._all:
                each.spawn()
            for each in self._all:
                each.await_answer()
                out.notes.print(f"{each.name:<9} {HOST}:{each.port}  {self.data / each.directory.name}")
        except (NotStarted, NotInstalled) as error:
            raise Failure(str(error)) from error
        file = self.data / FILE_NAME
        file.touch(mode=0o600)
        told = {**self.settings, "server": self.server}
        file.write_text("".join(f"{name} = {json.dumps(url)}\n" for name, url in told.items()))
        out.notes.print(f"{'addresses':<9} SUASION_CONFIG={file}")

    def stop(self) -> None:
        """All of them, whatever becomes of one."""
        with ExitStack() as last:
            for each in self._all:
                last.callback(each.stop)


def served(arguments: list[str], services: Services, out: Output) -> int:
    """Runs `suasion serve` on them to its end. In a group of its own, a signal at the terminal comes once, through us."""
    kept = {name: value for name, value in os.environ.items() if name not in OVERRIDDEN}
    variables = {f"SUASION_{name.upper()}": url for name, url in services.settings.items()}
    last_good = ["--last-good", str(services.data)]
    command = [sys.executable, "-m", "cli.main", "serve", *arguments, *last_good, "--format", out.format]
    with subprocess.Popen(command, env=kept | variables, process_group=0) as server:
        guarding = guard(server.pid)
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda number, _: server.send_signal(number))
        code = server.wait()
        unguard(guarding)
    return code
