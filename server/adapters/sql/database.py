"""A database behind a few threads of its own, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, TimeoutError

from server.adapters.sql.tables import metadata
from server.ports import StoreUnavailable

Item = TypeVar("Item")
Result = TypeVar("Result")
Each: TypeAlias = Callable[[Connection, Sequence[Item]], Sequence[Result]]
"""What is answered to each of some items that are asked about together, in their order: in as few statements as can be, as a
statement costs far more than a row."""
Outcome: TypeAlias = tuple[Any, BaseException | None]
"""What was answered, or raised."""


class Asked(NamedTuple):
    """An item, what is to be done with it, and who waits for the answer."""

    work: Each[Any, Any]
    item: Any
    answer: asyncio.Future[Any]


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
        self._asked: list[Asked] = []
        self._to_write: deque[Asked] = deque()
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
        """`work` in a transaction that sees one state of the database."""
        return await self.find(alone(work), None)

    async def find(self, work: Each[Item, Result], item: Item) -> Result:
        """What `work` finds for an item, in a transaction that sees one state of the database.

        What is asked for in one turn of the event loop shares a transaction and a trip to a thread; items of the same work
        share its statements. So all that a decision needs, or a hundred decisions, costs one of each.
        """
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._read_together, loop)
        answer: asyncio.Future[Result] = loop.create_future()
        self._asked.append(Asked(work, item, answer))
        return await answer

    def _read_together(self, loop: asyncio.AbstractEventLoop) -> None:
        asked, self._asked = self._asked, []
        done = loop.run_in_executor(self._readers, self._run, "BEGIN", partial(outcomes, asked, answered))
        done.add_done_callback(partial(hand_out, asked))

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """`work` in a transaction that holds the write lock from its start; durable on return.

        Others may share the transaction; what `work` wrote is undone alone when it raises.
        """
        return await self.write_each(alone(work), None)

    async def write_each(self, work: Each[Item, Result], item: Item) -> Result:
        """What `work` does with an item, like `write`; items of the same work that wait together share its statements."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._to_write.append(Asked(work, item, answer))
        if (
            len(self._to_write) == 1
        ):  # else the thread has yet to come to those before, and sees this one by then
            self._writer.submit(self._write_together)
        return await answer

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
        """Does what is waiting."""
        taken = [self._to_write.popleft() for _ in range(min(len(self._to_write), MOST_TOGETHER))]
        asked = [each for each in taken if not each.answer.cancelled()]
        if asked:
            try:
                done = self._run("BEGIN IMMEDIATE", partial(outcomes, asked, answered_apart))
            except BaseException as error:
                done = [(None, error)] * len(asked)
            asked[0].answer.get_loop().call_soon_threadsafe(settle, asked, done)
        if self._to_write:
            self._writer.submit(self._write_together)

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


def alone(work: Callable[[Connection], Result]) -> Each[None, Result]:
    """Work that nothing else can share."""
    return lambda connection, _: [work(connection)]


Answer: TypeAlias = Callable[[Connection, Each[Any, Any], Sequence[Any]], Sequence[Outcome]]


def outcomes(asked: Sequence[Asked], answer: Answer, connection: Connection) -> list[Outcome]:
    """What comes of each, works in the order in which they were first asked for."""
    places: dict[Each[Any, Any], list[int]] = {}
    for place, each in enumerate(asked):
        places.setdefault(each.work, []).append(place)
    done: dict[int, Outcome] = {}
    for work, those in places.items():
        done |= zip(those, answer(connection, work, [asked[place].item for place in those]), strict=True)
    return [done[place] for place in range(len(asked))]


def answered(connection: Connection, work: Each[Any, Any], items: Sequence[Any]) -> Sequence[Outcome]:
    try:
        return [(each, None) for each in work(connection, items)]
    except Exception as error:
        return [(None, error)] * len(items)


def answered_apart(connection: Connection, work: Each[Any, Any], items: Sequence[Any]) -> Sequence[Outcome]:
    """The same, where nothing remains of what raised; then each item is on its own, so that one does not fail for another."""
    try:
        with connection.begin_nested():
            return [(each, None) for each in work(connection, items)]
    except Exception as error:
        if len(items) == 1:
            return [(None, error)]
    return [outcome for item in items for outcome in answered_apart(connection, work, [item])]


def hand_out(asked: Sequence[Asked], done: asyncio.Future[list[Outcome]]) -> None:
    """Give each who asked their part; if there is none, all of them the reason."""
    error = done.exception()
    settle(asked, [(None, error)] * len(asked) if error else done.result())


def settle(asked: Sequence[Asked], done: Sequence[Outcome]) -> None:
    for each, (result, failure) in zip(asked, done, strict=True):
        if each.answer.cancelled():
            continue
        if failure is None:
            each.answer.set_result(result)
        else:
            each.answer.set_exception(in_our_words(failure))


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
