"""Processes of a replay hear of no interruption, which is for whoever asked, and end with it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from server.ports.log import Part
from server.replay.parts import FEW, spread

ROOT = Path(__file__).resolve().parents[2]
PARTS = [Part("one", 0, FEW), Part("two", 0, FEW)]


def asking() -> Callable[[Part], bool]:
    return lambda part: signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def waiting() -> Callable[[Part], None]:
    return wait


def wait(part: Part) -> None:
    print("begun", flush=True)
    signal.pause()


def test_no_interruption_is_heard_of_from_the_first_instant_on() -> None:
    assert [found for _, found in spread(asking, PARTS, 2)] == [True, True]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_they_end_when_whoever_asked_is_killed() -> None:
    """What they write to is closed then, as nobody has it any more."""
    asks = "from tests.replay.test_processes import *; list(spread(waiting, PARTS, 2))"
    asked = subprocess.Popen(
        [sys.executable, "-c", asks],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'protos'}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert asked.stdout is not None
    assert [asked.stdout.readline() for _ in PARTS] == ["begun\n"] * 2
    asked.kill()
    assert asked.communicate(timeout=60)[0] == ""
