"""A server program of our own, which can be stopped, killed and started again where it was."""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

HOST = "127.0.0.1"
START_SECONDS = 120.0
STOP_SECONDS = 60.0
LOOK_SECONDS = 0.02
PORTS = range(20_000, 32_000)
"""Below those that systems give to clients: one that calls a dead server again and again could be given its very port."""
MOST_CLAIMED = 64
CLAIMED: deque[socket.socket] = deque()
"""Signs of the ports that were given last; whoever was given one listens on it by the time that so many more were."""
GUARD = 'read -r line; kill -9 "-$0"'
"""The read ends when whoever started this does, however that came."""


class NotStarted(Exception):
    """A program ended, or did not answer. The text says which, and where its log is."""


class Program(ABC):
    """One process that listens on loopback, with all that it keeps in a directory, its port and password among it.

    It ends with `stop` or `kill`, or when the process ends that started it.
    """

    name: ClassVar[str]

    def __init__(self, directory: Path, password: str | None = None) -> None:
        """The directory is made when there is none."""
        self.directory = directory.absolute()
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = self.port_called("port")
        self.password = password or self.remembered("password", lambda: secrets.token_urlsafe(18))
        self.log = self.directory / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What is run; whatever it needs beforehand is made here."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables of its own."""
        return {}

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes work."""

    def start(self) -> None:
        """Returns once it answers. Raises NotInstalled, NotStarted."""
        self.spawn()
        self.await_answer()

    def spawn(self) -> None:
        """Lets it begin. Raises NotInstalled, NotStarted."""
        command = self.command()
        with self.log.open("ab") as log:
            # A session of its own: an interruption at the terminal is for us, who stop it in order.
            self._process = subprocess.Popen(
                command,
                cwd=self.directory,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._guard = guard(self._process.pid)

    def await_answer(self) -> None:
        """Raises NotStarted."""
        if not become(lambda: self.answers() or not self.running) or not self.running:
            self.kill()
            raise NotStarted(f"{self.name} did not start; `{self.log}` says why")

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def stop(self) -> None:
        """Lets it finish; kills it if it does not within a minute."""
        if self._process is None:
            return
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is None or self._guard is None:
            return
        unguard(self._guard)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = self._guard = None

    def send(self, number: signal.Signals) -> None:
        """A signal, such as SIGSTOP."""
        if self._process is not None:
            self._process.send_signal(number)

    def port_called(self, name: str) -> int:
        """The one it had when it last ran, unless somebody else has that now."""
        file = self.directory / name
        if not is_free(port := int(self.remembered(name, free_port))):
            file.write_text(str(port := free_port()))
        return port

    def remembered(self, name: str, make: Callable[[], object]) -> str:
        """What a file of the directory says, made on the first start."""
        file = self.directory / name
        if not file.exists():
            self.private(name, str(make()))
        return file.read_text(encoding="utf-8")

    def private(self, name: str, text: str) -> Path:
        """Writes a file of the directory that nobody else can read."""
        file = self.directory / name
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
        return file


def guard(group: int) -> subprocess.Popen[bytes]:
    """Kills a group of processes when this one has ended, unless `unguard` comes first."""
    command = ["sh", "-c", GUARD, str(group)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def unguard(guard: subprocess.Popen[bytes]) -> None:
    guard.kill()
    guard.communicate()


def become(so: Callable[[], bool]) -> bool:
    """Waits until something is so; False if it is not within two minutes."""
    until = time.monotonic() + START_SECONDS
    while not so():
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def free_port() -> int:
    """One that nobody listens on, and that nobody else is given meanwhile: for a sign, this process holds the number for UDP."""
    return next(port for port in iter(lambda: random.choice(PORTS), None) if is_free(port) and claim(port))


def claim(port: int) -> bool:
    sign = socket.socket(type=socket.SOCK_DGRAM)
    try:
        sign.bind((HOST, port))
    except OSError:
        sign.close()
        return False
    CLAIMED.append(sign)
    if len(CLAIMED) > MOST_CLAIMED:
        CLAIMED.popleft().close()
    return True


def is_free(port: int) -> bool:
    with socket.socket() as probe, contextlib.suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # old connections do not count
        probe.bind((HOST, port))
        return True
    return False
