"""Work on the parts of an archive, in some processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from threading import Thread
from typing import Any, TypeAlias, TypeVar

from server.ports.log import Part

Result = TypeVar("Result")
Job: TypeAlias = Callable[[], Callable[[Part], Result]]
"""Made ready once in each process, which it is handed to; then asked for each part."""
FEW = 5_000
"""Records for which no other process is begun."""
_work: Callable[[Part], Any]


def spread(job: Job[Result], parts: Sequence[Part], processes: int) -> Iterator[tuple[Part, Result]]:
    """The results, in the order of the parts. What was not begun is left when nobody asks for more."""
    if processes == 1 or len(parts) < 2 or sum(part.records for part in parts) < FEW:
        work = job()
        yield from ((part, work(part)) for part in parts)
        return
    pool = beside(job, min(processes, len(parts)))
    try:
        with uninterrupted():
            found = pool.map(do, parts)
        yield from zip(parts, found, strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def beside(job: Job[Any], processes: int) -> ProcessPoolExecutor:
    """Processes that `do` the job, to be shut down by the caller."""
    fresh = multiprocessing.get_context("spawn")  # threads and locks of ours do not outlive a fork
    return ProcessPoolExecutor(processes, fresh, begin, (job,))


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Processes that are begun meanwhile hear of no interruption, from their first instant on: whoever asked does, and ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """This process, when the one that began it is gone, however it ended."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def unreadable(part: Part, error: OSError) -> str:
    """In words."""
    return f"`{part.name}` cannot be read: {error.strerror or 'it is damaged'}"


def begin(job: Job[Any]) -> None:
    global _work
    end_with_parent()
    _work = job()


def do(part: Part) -> Any:
    return _work(part)
