"""A database behind a few threads of its own, so that the event loop never waits for it."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from functools import partial
from threading import Lock
from typing import Any, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, TimeoutError

from server.adapters.sql.backend import Backend
from server.adapters.sql.locks import Meanwhile, lock_users
from server.ports import StoreUnavailable

Item = TypeVar("Item")
Result = TypeVar("Result")
Each: TypeAlias = Callable[[Connection, Sequence[Item]], Sequence[Result]]
"""What is answered to each of some items that are asked about together, in their order: in as few statements as can be, as a
statement costs far more than a row."""
Outcome: TypeAlias = tuple[Any, BaseException | None]
"""What was answered, or raised."""


class Asked(NamedTuple):
    """An item, what is to be done with it, who waits for the answer, and whom it is about."""

    work: Each[Any, Any]
    item: Any
    answer: asyncio.Future[Any]
    users: Collection[str] = ()


MOST_TOGETHER = 256
"""Writes of one transaction: nobody waits for more than these."""
TRIES = 8
"""At a transaction that was undone for the sake of another one."""
PAUSE_SECONDS = 0.02
MAKING_SECONDS = 1.0
"""For which it is waited for a database without which there is something to serve by, too."""
BUGS = (DataError, IntegrityError, ProgrammingError)
"""What only a mistake of ours can raise, or two who write the same: the transaction goes on without what raised it."""


class Database:
    """Transactions on one database. Writes of this process queue on one thread.

    Those that are waiting when the thread is free share a transaction, and so one wait for the disk.
    """

    def __init__(self, backend: Backend, *, may_wait: bool = False) -> None:
        """Opens the database, or makes it with its tables. When that cannot be done it raises StoreUnavailable, or, if it
        `may_wait`, is tried again with every transaction, as when it is not done soon."""
        self._backend = backend
        self._readers = ThreadPoolExecutor(backend.read_threads, "sql-read")
        self._writer = ThreadPoolExecutor(1, "sql-write")
        self._asked: list[Asked] = []
        self._to_write: deque[Asked] = deque()
        self._purging = asyncio.Lock()
        self._next_purge: asyncio.Future[None] | None = None
        self._is_made = False
        self._making = Lock()
        making = self._writer.submit(self._make)
        try:
            making.result(MAKING_SECONDS if may_wait else None)
        except (StoreUnavailable, FutureTimeout):
            if not may_wait:
                raise

    def _make(self) -> None:
        """By one thread at a time; the others do not wait for it, as it may take as long as a silent database is waited for."""
        if not self._making.acquire(blocking=False):
            raise StoreUnavailable(f"{self._backend.name}: has yet to answer for the first time")
        try:
            self._backend.make()
            self._is_made = True
        except (DBAPIError, TimeoutError) as error:
            raise self._in_our_words(error) from None
        finally:
            self._making.release()

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
        work = partial(outcomes, asked, answered)
        done = loop.run_in_executor(self._readers, self._transact, self._backend.readers, work)
        done.add_done_callback(partial(self._hand_out, asked))

    async def write(self, work: Callable[[Connection], Result], users: Collection[str] = ()) -> Result:
        """`work` in a transaction in which nobody else changes anything about `users`; durable on return.

        Others may share the transaction; what `work` wrote is undone alone when it raises. It may be called more than once,
        where a transaction was undone for the sake of another one.
        """
        return await self.write_each(alone(work), None, users)

    async def write_each(self, work: Each[Item, Result], item: Item, users: Collection[str] = ()) -> Result:
        """What `work` does with an item, like `write`; items of the same work that wait together share its statements."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._to_write.append(Asked(work, item, answer, users))
        if (
            len(self._to_write) == 1
        ):  # else the thread has yet to come to those before, and sees this one by then
            self._writer.submit(self._write_together)
        return await answer

    async def purge(self) -> None:
        """Leave nothing of what was deleted before in a file, or in a log beside it. Those who ask while it is done share
        the next time. Raises StoreUnavailable if another process goes on reading what was there before."""
        if self._next_purge is None:
            self._next_purge = asyncio.ensure_future(self._purge())
        await asyncio.shield(self._next_purge)

    async def _purge(self) -> None:
        async with self._purging:
            self._next_purge = None
            await asyncio.get_running_loop().run_in_executor(self._writer, self._backend.purge)

    def _write_together(self) -> None:
        """Does what is waiting."""
        taken = [self._to_write.popleft() for _ in range(min(len(self._to_write), MOST_TOGETHER))]
        asked = [each for each in taken if not each.answer.cancelled()]
        if asked:
            done = self._written(asked)
            asked[0].answer.get_loop().call_soon_threadsafe(self._settle, asked, done)
        if self._to_write:
            self._writer.submit(self._write_together)

    def _written(self, asked: Sequence[Asked]) -> list[Outcome]:
        """All in one transaction; if others come between again and again, each in its own."""
        try:
            return self._transact(self._backend.writers, partial(write_all, asked))
        except Meanwhile:
            if len(asked) > 1:
                return [outcome for each in asked for outcome in self._written([each])]
            contended = StoreUnavailable(f"{self._backend.name}: too many write about the same")
            return [(None, contended)]
        except BaseException as error:
            return [(None, error)] * len(asked)

    def _transact(self, engine: Engine, work: Callable[[Connection], Result]) -> Result:
        """Raises Meanwhile if it was undone for the sake of others each time."""
        if not self._is_made:
            self._make()
        for _ in range(TRIES - 1):
            try:
                return self._try(engine, work)
            except Meanwhile:
                time.sleep(random.random() * PAUSE_SECONDS)
        return self._try(engine, work)

    def _try(self, engine: Engine, work: Callable[[Connection], Result]) -> Result:
        """Raises Meanwhile if nothing was done, and may be tried again."""
        try:
            with engine.connect() as connection:
                transaction = connection.begin()
                try:
                    result = work(connection)
                except DBAPIError as error:
                    if error.connection_invalidated or number_of(error) in self._backend.contended:
                        raise Meanwhile from None
                    raise
                transaction.commit()
                return result
        except (DBAPIError, TimeoutError) as error:
            raise self._in_our_words(error) from None

    def _hand_out(self, asked: Sequence[Asked], done: asyncio.Future[list[Outcome]]) -> None:
        """Give each who asked their part; if there is none, all of them the reason."""
        error = done.exception()
        self._settle(asked, [(None, error)] * len(asked) if error else done.result())

    def _settle(self, asked: Sequence[Asked], done: Sequence[Outcome]) -> None:
        for each, (result, failure) in zip(asked, done, strict=True):
            if each.answer.cancelled():
                continue
            if failure is None:
                each.answer.set_result(result)
            else:
                each.answer.set_exception(self._in_our_words(failure))

    def _in_our_words(self, error: BaseException) -> BaseException:
        """A store that is out of reach is said to be; a mistake of ours stays what it is."""
        if isinstance(error, Meanwhile):
            return StoreUnavailable(f"{self._backend.name}: the connection was lost")
        if isinstance(error, DBAPIError | TimeoutError) and not isinstance(error, BUGS):
            return StoreUnavailable(f"{self._backend.name}: {type(error).__name__}")
        return error

    def close(self) -> None:
        """Ends the threads once what was begun is done, and lets go of the database."""
        self._writer.shutdown()
        self._readers.shutdown()
        self._backend.close()


def alone(work: Callable[[Connection], Result]) -> Each[None, Result]:
    """Work that nothing else can share."""
    return lambda connection, _: [work(connection)]


def number_of(error: DBAPIError) -> object:
    """The database's own number of an error."""
    return error.orig.args[0] if error.orig and error.orig.args else None


def write_all(asked: Sequence[Asked], connection: Connection) -> list[Outcome]:
    lock_users(connection, {user for each in asked for user in each.users})
    return outcomes(asked, answered_apart, connection)


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
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        return [(None, error)] * len(items)


def answered_apart(connection: Connection, work: Each[Any, Any], items: Sequence[Any]) -> Sequence[Outcome]:
    """The same, where nothing remains of what raised; then each item is on its own, so that one does not fail for another.
    Whoever wrote what somebody else did at the same time finds it there the second time."""
    try:
        return nested(connection, work, items)
    except Exception as error:
        reraise_if_over(error)
        if len(items) == 1 and not isinstance(error, IntegrityError):
            return [(None, error)]
    return [answered_alone(connection, work, item) for item in items]


def answered_alone(connection: Connection, work: Each[Any, Any], item: Any) -> Outcome:
    try:
        (outcome,) = nested(connection, work, [item])
        return outcome
    except Exception as error:
        reraise_if_over(error)
        return None, error


def nested(connection: Connection, work: Each[Any, Any], items: Sequence[Any]) -> Sequence[Outcome]:
    savepoint = connection.begin_nested()
    try:
        done = [(each, None) for each in work(connection, items)]
    except Exception as error:
        reraise_if_over(error)  # with it the savepoint is gone
        savepoint.rollback()
        raise
    savepoint.commit()
    return done


def reraise_if_over(error: Exception) -> None:
    """The whole transaction may be undone then, and what was done before in it."""
    if isinstance(error, Meanwhile) or (isinstance(error, DBAPIError) and not isinstance(error, BUGS)):
        raise error
