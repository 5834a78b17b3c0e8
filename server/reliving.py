"""Lives of a closed loop, each in a process of its own on stores in memory. Beside the wiring, and like it knows which stores."""

from __future__ import annotations

import asyncio
import multiprocessing
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar
from zlib import compress, decompress

from server.archives import log_of_life
from server.histories import history
from server.replay.known import Known
from server.replay.lives import Life, Name, Told
from server.replay.parts import end_with_parent, uninterrupted
from server.replay.testimony import Testimony
from server.replay.world import World
from server.stores import memory_stores

Result = TypeVar("Result")


class LifeBroken(Exception):
    """A life came to no end, for which a bug of ours is to blame. The text names it."""


class LifeEnded(Exception):
    """The process of a life was ended from outside."""


class LifeElsewhere:
    """A `Teller` of what is lived in another process. Raises LifeBroken, LifeEnded."""

    def __init__(self, end: Connection) -> None:
        self._end = end
        self._over: Told | None = None

    def go_on(self, let_go: Sequence[Name]) -> None:
        if self._over is None:
            self._ask(let_go)

    def told(self) -> Told:
        if self._over is not None:
            return self._over
        told: Told = self._heard()
        self._over = told._replace(lived=()) if told.ended else None
        return told

    def known(self, name: Name) -> Callable[[], Known]:
        self._ask(name)
        return partial(unpacked, self._heard())

    def _ask(self, asked: Name | Sequence[Name]) -> None:
        try:
            self._end.send(asked)
        except OSError:
            raise LifeEnded from None

    def _heard(self) -> Any:
        try:
            told = self._end.recv()
        except EOFError:
            raise LifeEnded from None
        if isinstance(told, str):
            raise LifeBroken(told)
        if isinstance(told, OSError):
            raise told
        return told


@contextmanager
def living(
    directory: Path, lives: Sequence[Life], kept: Sequence[Path] = ()
) -> Iterator[list[LifeElsewhere]]:
    """Live the history of a directory, side by side; it ends with whoever asked. `kept`: for each the directory of a log, if that is wanted."""
    with ExitStack() as processes:
        places: Sequence[Path | None] = kept or [None] * len(lives)
        yield [begun(directory, *each, processes) for each in zip(lives, places, strict=True)]


def begun(directory: Path, life: Life, kept: Path | None, processes: ExitStack) -> LifeElsewhere:
    fresh = multiprocessing.get_context("spawn")
    here, there = fresh.Pipe()
    process = fresh.Process(target=tell, args=(directory, life, kept, there), daemon=True)
    with uninterrupted():
        process.start()
    there.close()
    processes.callback(process.join)
    processes.callback(process.terminate)
    return LifeElsewhere(here)


# ---- in its process


def tell(directory: Path, life: Life, kept: Path | None, there: Connection) -> None:
    """When whoever asked is gone, nobody is told of anything."""
    end_with_parent()
    try:
        asyncio.run(live(directory, life, kept, there))
    except (EOFError, BrokenPipeError):
        return
    except OSError as error:
        there.send(error)
    except Exception as error:
        there.send(f"{type(error).__name__}: {error}")


async def live(directory: Path, life: Life, kept: Path | None, there: Connection) -> None:
    """What is kept is whole before the end is told: whoever hears of that may end this process."""
    asyncio.get_running_loop().set_default_executor(InTurn())
    with ExitStack() as keeping:
        world = World(life, memory_stores(), keeping.enter_context(log_of_life(kept)))
        answer(world.testimony, there)
        async for told in world.live(history(directory)):
            if told.ended:
                keeping.close()
            there.send(told)
            answer(world.testimony, there)


def answer(testimony: Testimony, there: Connection) -> None:
    """What was known, as often as that is asked, until we are to go on."""
    while isinstance(asked := there.recv(), tuple):
        there.send(compress(pickle.dumps(testimony.known(asked)), 1))
    testimony.let_go(asked)


def unpacked(packed: bytes) -> Known:
    known: Known = pickle.loads(decompress(packed))
    return known


class InTurn(ThreadPoolExecutor):
    """Does at once what is to be done beside the loop, so that the same comes of the same, whatever the threads."""

    def submit(self, work: Callable[..., Result], /, *args: Any, **named: Any) -> Future[Result]:
        done: Future[Result] = Future()
        try:
            done.set_result(work(*args, **named))
        except Exception as error:
            done.set_exception(error)
        return done
