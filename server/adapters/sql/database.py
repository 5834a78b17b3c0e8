"""A database behind a few threads of its own, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, TimeoutError

from server.adapters.sql.tables import metadata
from server.ports import StoreUnavailable

Item = TypeVar("Item")
Result = TypeVar("Result")
Work: TypeAlias = Callable[[Connection], Any]
Outcome: TypeAlias = tuple[Any, BaseException | None]
"""What a piece of work answered, or raised."""
Read: TypeAlias = tuple[Work, "asyncio.Future[Any]"]
Write: TypeAlias = tuple[Work, "Future[Any]"]
READERS = 4
MOST_TOGETHER = 256
"""Writes of one transaction: nobody waits for more than these."""
BUSY_SECONDS = 5.0
CHUNK = 500  # parameters of one statement; SQLite once allowed 999
BUGS = (DataError, IntegrityError, ProgrammingError)
"""What only a mistake of ours can raise: not a store that is out of reach."""

# WAL lets readers and the writer pass each other; FULL makes an acknowledged event outlive a power cut.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


class Database:
    """Transactions on one SQLite file. Writes queue on one thread, as SQLite has one writer.

    Those that are waiting when the thread is free share a transaction, and so one wait for the disk.
    """

    def __init__(self, path: Path, *, may_wait: bool = False) -> None:
        """Opens the file, or makes it with its tables. When that cannot be done it raises StoreUnavailable, or, if it
        `may_wait`, is tried again with every transaction."""
        self._engine = engine_for(path)
        self._readers = ThreadPoolExecutor(READERS, "sqlite-read")
        self._writer = ThreadPoolExecutor(1, "sqlite-write")
        self._asked: list[Read] = []
        self._to_write: deque[Write] = deque()
        self._purging = asyncio.Lock()
        self._next_purge: asyncio.Future[None] | None = None
        self._is_made = False
        try:
            self._make()
        except StoreUnavailable:
            if not may_wait:
                raise

    def _make(self) -> None:
        self._transact("BEGIN IMMEDIATE", metadata.create_all)
        self._is_made = True

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """`work` in a transaction that sees one state of the database.

        Reads that are asked for in one turn of the event loop share a transaction and a trip to a thread: so all that
        a decision needs costs one of each.
        """
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._read_together, loop)
        answer: asyncio.Future[Result] = loop.create_future()
        self._asked.append((work, answer))
        return await answer

    def _read_together(self, loop: asyncio.AbstractEventLoop) -> None:
        reads, self._asked = self._asked, []
        works = [work for work, _ in reads]
        done = loop.run_in_executor(self._readers, self._run, "BEGIN", partial(outcomes, works))
        done.add_done_callback(partial(hand_out, [answer for _, answer in reads]))

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """`work` in a transaction that holds the write lock from its start; durable on return.

        Others may share the transaction; what `work` wrote is undone alone when it raises.
        """
        answer: Future[Result] = Future()
        self._to_write.append((work, answer))
        self._writer.submit(self._write_together)
        return await asyncio.wrap_future(answer)

    async def purge(self) -> None:
        """Leave nothing of what was deleted before in the file, or in the log beside it. Those who ask while it is done share
        the next time. Raises StoreUnavailable if another process goes on reading what was there before."""
        if self._next_purge is None:
            self._next_purge = asyncio.ensure_future(self._purge())
        await asyncio.shield(self._next_purge)

    async def _purge(self) -> None:
        async with self._purging:
            self._next_purge = None
            await asyncio.get_running_loop().run_in_executor(self._writer, self._rewrite)

    def _rewrite(self) -> None:
        """SQLite leaves old bytes in pages that it divides anew, whatever `secure_delete` says; so all are written anew."""
        try:
            with closing(self._engine.raw_connection()) as connection:
                connection.execute("VACUUM")
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise StoreUnavailable(f"SQLite: {type(error).__name__}") from None
        if busy:
            raise StoreUnavailable("SQLite: somebody goes on reading what was there before")

    def _write_together(self) -> None:
        """Does what is waiting; those who asked for that find nothing left to do."""
        taken = [self._to_write.popleft() for _ in range(min(len(self._to_write), MOST_TOGETHER))]
        writes = [(work, answer) for work, answer in taken if answer.set_running_or_notify_cancel()]
        if not writes:
            return
        try:
            done = self._run("BEGIN IMMEDIATE", partial(outcomes_apart, [work for work, _ in writes]))
        except BaseException as error:
            done = [(None, error)] * len(writes)
        for (_, answer), outcome in zip(writes, done, strict=True):
            settle(answer, outcome)

    def _run(self, begin: str, work: Callable[[Connection], Result]) -> Result:
        if not self._is_made:
            self._make()
        return self._transact(begin, work)

    def _transact(self, begin: str, work: Callable[[Connection], Result]) -> Result:
        try:
            with self._engine.connect().execution_options(begin=begin) as connection, connection.begin():
                return work(connection)
        except (DBAPIError, TimeoutError) as error:
            raise in_our_words(error) from None

    def close(self) -> None:
        """Ends the threads once what was begun is done, and closes the file."""
        self._writer.shutdown()
        self._readers.shutdown()
        self._engine.dispose()


def outcomes(works: Sequence[Work], connection: Connection) -> list[Outcome]:
    """What each of them answers or raises."""
    return [outcome(work, connection) for work in works]


def outcomes_apart(works: Sequence[Work], connection: Connection) -> list[Outcome]:
    """The same, where nothing remains of what was written by one that raises."""
    return [outcome(partial(nested, work), connection) for work in works]


def nested(work: Work, connection: Connection) -> Any:
    with connection.begin_nested():
        return work(connection)


def outcome(work: Work, connection: Connection) -> Outcome:
    try:
        return work(connection), None
    except Exception as error:
        return None, error


def hand_out(answers: Sequence[asyncio.Future[Any]], done: asyncio.Future[list[Outcome]]) -> None:
    """Give each who asked their part; if there is none, all of them the reason."""
    error = done.exception()
    parts: Sequence[Outcome] = [(None, error)] * len(answers) if error else done.result()
    for answer, part in zip(answers, parts, strict=True):
        if not answer.cancelled():
            settle(answer, part)


def settle(answer: asyncio.Future[Any] | Future[Any], outcome: Outcome) -> None:
    result, failure = outcome
    if failure is None:
        answer.set_result(result)
    else:
        answer.set_exception(in_our_words(failure))


def in_our_words(error: BaseException) -> BaseException:
    """A store that is out of reach is said to be; a mistake of ours stays what it is."""
    if isinstance(error, DBAPIError | TimeoutError) and not isinstance(error, BUGS):
        return StoreUnavailable(f"SQLite: {type(error).__name__}")
    return error


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
