"""What holds of stores by themselves, in full size: `python -m tests.reliability.stores [claim …]`. Prints a row each.

A ledger that checks no revision goes the same way, and has to fail.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cli.private.mariadb import MariaDb
from cli.private.redis import Redis
from server.adapters.redis import trips
from server.ports import Changed, Commit, ContactLedger, Stores, StoreUnavailable, Taken
from server.stores import mariadb_stores, shadowed, sqlite_stores
from server.usecases.refusals import Contended
from server.usecases.taking import Name, Taking
from tests.ports.made import reserved, taken

PROCESSES = 32
AT_ONCE = 8
"""Attempts of a process."""
RACES = 10
"""In one of which at the latest the ledger that checks nothing fails: whether two come at once is chance."""
PATIENCE = 60.0
"""Seconds for which stores are waited for by processes that have a sixteenth of a core each."""
NEVER = 2**62
START: list[Any] = []
"""In a process of a claim: where it waits for the others."""
Open = Callable[[], Stores]


class Racy:
    """A ledger that takes a grant on whatever revision there is."""

    def __init__(self, ledger: ContactLedger) -> None:
        self._ledger: Any = ledger

    def __getattr__(self, method: str) -> Any:
        return getattr(self._ledger, method)

    async def commit(self, asked: Taken) -> Commit:
        while True:
            outcome: Commit = await self._ledger.commit(asked)
            if not isinstance(outcome, Changed) or asked.reservation is None:
                return outcome
            newest = await self._ledger.history(asked.user, NEVER)
            asked = replace(asked, revision=newest.revision)


@dataclass(frozen=True, slots=True)
class Attempts:
    """Of one process: so many, about one user who may be contacted `cap` times."""

    open: Open
    cap: int
    number: int
    racy: bool

    def __call__(self, process: int) -> int:
        """How many were granted."""
        return asyncio.run(self._all(process))

    async def _all(self, process: int) -> int:
        trips.ANSWER_SECONDS = trips.CONNECT_SECONDS = PATIENCE
        stores = self.open()
        ledger: Any = Racy(stores.contacts) if self.racy else stores.contacts
        await answers(ledger)
        START[0].wait()  # none begins before all can
        taking = Taking(ledger, lambda: None)
        ids = (f"{process}-{each}" for each in range(self.number))
        return sum(await asyncio.gather(*(self._some(ledger, taking, ids) for _ in range(AT_ONCE))))

    async def _some(self, ledger: ContactLedger, taking: Taking, ids: Iterator[str]) -> int:
        return sum([await self._attempt(ledger, taking, id) for id in ids])

    async def _attempt(self, ledger: ContactLedger, taking: Taking, id: str) -> bool:
        """Whether it was granted; else the cap refused it."""

        async def make() -> Taken | None:
            history = await ledger.history("u1", None)
            free = len(history.standing) < self.cap
            return taken("u1", history.revision, reservation=reserved(id)) if free else None

        while True:
            with suppress(StoreUnavailable, Contended):  # too much at once: nothing was taken
                if await make() is None:
                    return False
                return await taking("u1", Name(), make) is not None


async def answers(ledger: ContactLedger) -> None:
    """Once it does, to who reads and to who writes: so many who come at once may be too many for a database."""
    while True:
        with suppress(StoreUnavailable):
            await ledger.history("u1", None)
            return await ledger.end_turn("u1", "")
        await asyncio.sleep(0.1)


def granted(open: Open, cap: int, attempts: int, processes: int, *, racy: bool = False) -> int:
    """By so many processes at once, each with a share of the attempts; as many are in the ledger."""
    open()  # makes the tables, before all do
    work = Attempts(open, cap, attempts // processes, racy)
    context = get_context("fork")
    with context.Pool(processes, START.append, [context.Barrier(processes)]) as pool:
        total = sum(pool.imap_unordered(work, range(processes)))
    assert len(asyncio.run(standing(open))) == total
    return total


async def standing(open: Open) -> Any:
    return (await open().contacts.history("u1", None)).standing


def cap_is_exact(stores: Named, cap: int, attempts: int, processes: int = PROCESSES) -> str:
    exactly = granted(partial(stores, "exact"), cap, attempts, processes)
    assert exactly == cap, exactly
    races = (
        granted(partial(stores, f"racy{race}"), cap, attempts, processes, racy=True) for race in range(RACES)
    )
    too_many = next((number for number in races if number > cap), None)
    assert too_many is not None, "the control did not fail"
    return f"{exactly:,} of {attempts:,} attempts granted; without a revision {too_many:,}"


Named = Callable[[str], Stores]
"""Opens stores by a name: the same for the same."""


def sqlite(folder: Path, name: str) -> Stores:
    return sqlite_stores(folder / f"{name}.db", last_good(folder, name), PATIENCE)


def mariadb(url: str, folder: Path, name: str) -> Stores:
    return mariadb_stores(f"{url}_{name}", last_good(folder, name), PATIENCE)


def last_good(folder: Path, name: str) -> Path:
    """As it is there, a database that is busy just now is waited for."""
    file = folder / f"{name}.last-good"
    file.touch()
    return file


def by_copies(truth: Named, redis: str, name: str) -> Stores:
    return shadowed(truth(name), redis, name)


@contextmanager
def on_mariadb(folder: Path) -> Iterator[Named]:
    server = MariaDb(folder / "mariadb")
    server.start()
    try:
        yield partial(mariadb, server.url("claim"), folder)
    finally:
        server.stop()


@contextmanager
def in_redis(truth: Named, folder: Path) -> Iterator[Named]:
    server = Redis(folder / "redis")
    server.start()
    try:
        yield partial(by_copies, truth, server.url)
    finally:
        server.stop()


def cap_on_mariadb(folder: Path) -> str:
    with on_mariadb(folder) as stores:
        return cap_is_exact(stores, 1000, 100_000)


def cap_in_redis(folder: Path) -> str:
    with on_mariadb(folder) as truth, in_redis(truth, folder) as stores:
        return cap_is_exact(stores, 1000, 1_000_000)


CLAIMS: Mapping[str, Callable[[Path], str]] = {"cap-redis": cap_in_redis, "cap-mariadb": cap_on_mariadb}


def main(names: list[str]) -> int:
    failed = 0
    for name in names or CLAIMS:
        start = time.monotonic()
        with TemporaryDirectory() as folder:
            try:
                outcome = f"holds: {CLAIMS[name](Path(folder))}"
            except AssertionError as error:
                outcome, failed = f"FAILED: {error}", failed + 1
        print(f"{name}: {outcome}, {time.monotonic() - start:.0f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
