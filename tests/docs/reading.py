"""Does with a page what its reader would do."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.pages import ROOT, Block, Command, blocks, commands

USUAL = "127.0.0.1:50051"
STATEMENT = re.compile(r"^(?:#.*\n)*[a-z](?:.*\n)+?(?=^[a-z#]|\Z)", re.MULTILINE)
NAMED = re.compile(r"""^[a-z]+ (?:"[^"]*"|\w+)?""", re.MULTILINE)
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
        addresses = ("SUASION_DEMO_LISTEN", "SUASION_SERVE_LISTEN", "SUASION_SERVER", "SUASION_DOCTOR_SERVER")
        # Unbuffered, what goes to stdout and to stderr comes in the order in which a terminal shows it.
        shown = {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1", "COLUMNS": "100", "TERM": "dumb"}
        return kept | dict.fromkeys(addresses, self.address) | shown

    def elsewhere(self, text: str) -> str:
        return text.replace(USUAL, self.address)

    def as_usual(self, printed: str) -> str:
        """What would be printed if the server answered where servers do."""
        text = printed.replace(f" --server {self.address}", "").replace(self.address, USUAL)
        return "".join(f"{line.rstrip()}\n" for line in text.splitlines())

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
        return self.as_usual(done.stdout)

    def begun(self, command: Command) -> str:
        """Start it, and read until it shows where it answers."""
        process = self.running.enter_context(
            server(self.elsewhere(command.text), self.place, self.environment)
        )
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if "Ctrl-C" in line or line.startswith("listening on"):
                break
        return self.as_usual(printed)

    def write(self, block: Block) -> None:
        """A statement takes the place of one that the file has by its name, as by somebody who changes it."""
        path, text = self.place / block.argument, self.elsewhere(block.text)
        written = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(changed(written, text) if path.suffix == ".sua" else written + text, encoding="utf-8")


def changed(file: str, change: str) -> str:
    """The file with the statements of the change at their place, new ones at its end."""
    kept = {name(statement): statement for statement in STATEMENT.findall(file)}
    kept |= {name(statement): statement for statement in STATEMENT.findall(change)}
    return "\n".join(statement.strip("\n") + "\n" for statement in kept.values())


def name(statement: str) -> str:
    """`crowd buyers`, `test "a month later"`."""
    found = NAMED.search(statement)
    return found[0] if found else statement


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
    try:
        yield process
    finally:
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
    subprocess.run(
        [ROOT / "suasion", "--version"], check=True, capture_output=True
    )  # the set-up says so, once
    found = Reader(place, free_address())
    with found.running:
        yield found


def read(page: str, place: Path) -> Generator[tuple[Command, str]]:
    """Follow a page: each command with what it printed."""
    with reader(place) as person:
        for block in blocks(page):
            if block.language == "console":
                run = person.begun if block.argument == "serving" else person.printed
                for command in commands(block):
                    yield command, run(command)
            elif block.argument:
                person.write(block)
