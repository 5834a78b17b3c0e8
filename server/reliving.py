"""Lives of a closed loop, each in a process of its own on stores in memory. Beside the wiring, and like it knows which stores."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from server.histories import history
from server.replay.closed_loop import Told
from server.replay.lives import Ended, Life
from server.replay.world import World
from server.stores import memory_stores

Result = TypeVar("Result")


class LifeBroken(Exception):
    """A life came to no end, for which a bug of ours is to blame. The text names it."""


def lived(directory: Path, lives: Sequence[Life]) -> Iterator[tuple[Told, ...]]:
    """Live the history of a directory, side by side: what each tells, until all are over. Raises LifeBroken."""
    with ExitStack() as living:
        ends = [begun(directory, life, living) for life in lives]
        over: list[Ended | None] = [None] * len(lives)
        while None in over:
            told = tuple(([], each) if each else heard(end) for end, each in zip(ends, over, strict=True))
            over = [ended for _, ended in told]
            yield told


def begun(directory: Path, life: Life, living: ExitStack) -> Connection:
    """Where it tells what it lives; it waits until that is heard."""
    fresh = multiprocessing.get_context("spawn")
    here, there = fresh.Pipe(duplex=False)
    process = fresh.Process(target=tell, args=(directory, life, there), daemon=True)
    process.start()
    there.close()
    living.callback(process.join)
    living.callback(process.terminate)
    return here


def heard(end: Connection) -> Told:
    try:
        told: Told | str = end.recv()
    except EOFError:
        raise LifeBroken("its process has ended") from None
    if isinstance(told, str):
        raise LifeBroken(told)
    return told


def tell(directory: Path, life: Life, there: Connection) -> None:
    """Whoever asked is told of an interruption, and ends us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        asyncio.run(live(directory, life, there))
    except Exception as error:
        there.send(f"{type(error).__name__}: {error}")


async def live(directory: Path, life: Life, there: Connection) -> None:
    asyncio.get_running_loop().set_default_executor(InTurn())
    world = World(life, memory_stores())
    async for told in world.live(history(directory)):
        there.send((told, None))
    there.send(([], world.ended()))


class InTurn(ThreadPoolExecutor):
    """Does at once what is to be done beside the loop, so that the same comes of the same, whatever the threads."""

    def submit(self, work: Callable[..., Result], /, *args: Any, **named: Any) -> Future[Result]:
        done: Future[Result] = Future()
        try:
            done.set_result(work(*args, **named))
        except Exception as error:
            done.set_exception(error)
        return done
