"""A closed loop in a process of its own, for a server that goes on deciding."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from server.ports import RuleFiles
from server.replay.lives import How
from server.replay.parts import end_with_parent, uninterrupted
from server.replay.report import Progress, Report
from server.usecases.replays import Coming
from server.usecases.versions import Version


async def relived_elsewhere(log: Path, base: Version, candidate: Version, how: How) -> Coming:
    """What a closed loop finds; its processes end with whoever asked. Raises what it does, and EOFError when they were ended by others."""
    fresh = multiprocessing.get_context("spawn")
    here, there = fresh.Pipe(duplex=False)
    given = {each.name: each.rules for each in (base, candidate)}
    process = fresh.Process(target=tell, args=(there, log, base.name, candidate.name, given, how))
    await asyncio.to_thread(begin, process)
    there.close()
    try:
        while not isinstance(found := await asyncio.to_thread(heard, here), Report):
            yield found
        yield found
    finally:
        process.terminate()
        await asyncio.to_thread(process.join)


def begin(process: BaseProcess) -> None:
    with uninterrupted():
        process.start()


def heard(here: Connection) -> Progress | Report:
    found: Progress | Report | Exception = here.recv()
    if isinstance(found, Exception):
        raise found
    return found


def tell(
    there: Connection, log: Path, base: str, candidate: str, given: Mapping[str, RuleFiles], how: How
) -> None:
    """Lives end with us."""
    from server.closed_replay import ClosedJob  # with all that reads histories, which a server has no need of

    end_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        for each in ClosedJob(log, base, candidate, given, how)():
            there.send(each)
    except BrokenPipeError:
        return
    except Exception as error:
        there.send(error)
