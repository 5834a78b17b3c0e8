"""Does with a page what its reader would do."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.pages import ROOT, Block, Command, blocks, commands

USUAL = "127.0.0.1:50051"
HIDDEN = {".git", ".venv", ".venv.lock", ".ci"}


@dataclass(slots=True)
class Reader:
    """Somebody who reads one page in a folder of their own, `place`."""

    place: Path
    address: str
    running: ExitStack = field(default_factory=ExitStack)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SUASION_")}
        # Unbuffered, what goes to stdout and to stderr comes in the order in which a terminal shows it.
        return kept | {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1", "COLUMNS": "100", "TERM": "dumb"}

    def elsewhere(self, text: str) -> str:
        return text.replace(USUAL, self.address)

    def printed(self, command: Command) -> str:
        """Run it to its end; what the terminal shows."""
        done = subprocess.run(
            ["bash", "-c", self.elsewhere(command.text)],
            cwd=self.place,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.stdout.replace(self.address, USUAL)

    def begun(self, command: Command) -> str:
        """Start it, and read until it shows where it answers."""
        process = self.running.enter_context(
            server(self.elsewhere(command.text), self.place, self.environment)
        )
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        return printed.replace(self.address, USUAL)

    def write(self, block: Block) -> None:
        with (self.place / block.argument).open("a", encoding="utf-8") as file:
            file.write(self.elsewhere(block.text))


@contextmanager
def server(command: str, place: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}"],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        yield process
        process.send_signal(signal.SIGINT)
        process.communicate()


def free_address() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def reader(place: Path) -> Iterator[Reader]:
    for entry in ROOT.iterdir():
        if entry.name not in HIDDEN:
            (place / entry.name).symlink_to(entry)
    (place / ".venv").symlink_to(ROOT / ".venv")
    found = Reader(place, free_address())
    with found.running:
        yield found


def read(page: str, place: Path) -> Iterator[tuple[Command, str]]:
    """Follow a page: each command with what it printed."""
    with reader(place) as person:
        for block in blocks(page):
            if block.language == "console":
                run = person.begun if block.argument == "serving" else person.printed
                for command in commands(block):
                    yield command, run(command)
            elif block.argument:
                person.write(block)
