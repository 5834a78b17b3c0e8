"""How far a long run is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Protocol, Self, TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.exit_codes import Failure
from cli.output import Output
from server.ports.log import DecisionArchive, Part
from server.replay.parts import FEW, Job, spread

EVERY = 5.0
"""Seconds between two lines."""


class Sum(Protocol):
    def merge(self, other: Self) -> None:
        """Add what comes of later parts."""


Whole = TypeVar("Whole", bound=Sum)


def listed(archive: DecisionArchive, out: Output) -> Sequence[Part]:
    """What there is to do, which is told before anything is loaded for it: the first line of progress."""
    parts = archive.parts()
    tell(out, 0, sum(part.records for part in parts), "records")
    return parts


def of_all(parts: Sequence[Part], job: Job[Whole], whole: Whole, out: Output) -> Whole:
    """What a job makes of all parts that are `listed`, in as many processes as there are cores, added to what it makes of none."""
    try:
        with bar(out, sum(part.records for part in parts)) as advance:
            for part, found in spread(job, parts, cores()):
                whole.merge(found)
                advance.by(part.records)
    except BrokenProcessPool as error:
        raise ended_from_outside() from error
    return whole


def ended_from_outside() -> Failure:
    hint = "perhaps memory ran out; nothing was changed, begin again"
    return Failure("a process of this run was ended from outside", hint=hint)


def cores() -> int:
    """Those that this process may use, where that can be known."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


class Lines:
    """`12,000 of 100,000 records`, every few seconds."""

    def __init__(self, out: Output, total: int, what: str) -> None:
        self._out, self._total, self._what = out, total, what
        self._done, self._told = 0, time.monotonic()

    def by(self, records: int) -> None:
        self._done += records
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            tell(self._out, self._done, self._total, self._what)


def tell(out: Output, done: int, total: int, what: str) -> None:
    if total >= FEW:
        out.notes.print(f"{done:,} of {total:,} {what}")


class Bar:
    def __init__(self, progress: Progress, total: int, what: str) -> None:
        self._progress, self._task = progress, progress.add_task(what, total=total)

    def by(self, records: int) -> None:
        self._progress.advance(self._task, records)


@contextmanager
def bar(out: Output, total: int, what: str = "records") -> Iterator[Lines | Bar]:
    if not out.notes.is_terminal:
        yield Lines(out, total, what)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out.notes, transient=True) as progress:
        yield Bar(progress, total, what)
