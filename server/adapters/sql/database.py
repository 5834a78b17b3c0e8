"""A database behind a few threads of its own, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, TimeoutError

from server.adapters.sql.tables import metadata
from server.ports import StoreUnavailable

Item = TypeVar("Item")
Result = TypeVar("Result")
READERS = 4
BUSY_SECONDS = 5.0
CHUNK = 500  # parameters of one statement; SQLite once allowed 999
BUGS = (DataError, IntegrityError, ProgrammingError)
"""What only a mistake of ours can raise: not a store that is out of reach."""

# WAL lets readers and the writer pass each other; FULL makes an acknowledged event outlive a power cut.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


class Database:
    """Transactions on one SQLite file. Writes queue on one thread, as SQLite has one writer."""

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it with its tables. Raises StoreUnavailable when that cannot be done."""
        self._engine = engine_for(path)
        self._readers = ThreadPoolExecutor(READERS, "sqlite-read")
        self._writer = ThreadPoolExecutor(1, "sqlite-write")
        self._run("BEGIN IMMEDIATE", metadata.create_all)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """`work` in a transaction that sees one state of the database."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._run, "BEGIN", work)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """`work` in a transaction that holds the write lock from its start; durable on return."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, self._run, "BEGIN IMMEDIATE", work)

    def _run(self, begin: str, work: Callable[[Connection], Result]) -> Result:
        try:
            with self._engine.connect().execution_options(begin=begin) as connection, connection.begin():
                return work(connection)
        except BUGS:
            raise
        except (DBAPIError, TimeoutError) as error:
            raise StoreUnavailable(f"SQLite: {type(error).__name__}") from None

    def close(self) -> None:
        """Ends the threads once what was begun is done, and closes the file."""
        self._writer.shutdown()
        self._readers.shutdown()
        self._engine.dispose()


def engine_for(path: Path) -> Engine:
    """An engine whose transactions begin as their connection says."""
    options = {"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None}
    engine = create_engine(
        f"sqlite:///{path}", connect_args=options, pool_size=READERS + 1, hide_parameters=True
    )
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in pieces that fit into the parameters of one statement."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
