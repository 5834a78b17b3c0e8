"""Stores on each kind of database, for the wiring and those who look at a store alone."""

from __future__ import annotations

from pathlib import Path

from server.adapters.files.last_good import FileLastGoodStore
from server.adapters.memory.book import Book
from server.adapters.memory.contacts import MemoryContactLedger
from server.adapters.memory.events import MemoryEventStore
from server.adapters.memory.lists import MemoryListStore
from server.adapters.memory.profiles import MemoryProfileStore
from server.adapters.memory.rules import MemoryRuleStore
from server.adapters.memory.timers import MemoryOutbox, MemoryTimerStore
from server.adapters.redis.stores import shadowed as shadowed
from server.adapters.sql import schema
from server.adapters.sql.backend import Backend
from server.adapters.sql.contacts import SqlContactLedger
from server.adapters.sql.database import Database
from server.adapters.sql.events import SqlEventStore
from server.adapters.sql.lists import SqlListStore
from server.adapters.sql.mariadb import COLLATIONS, mariadb
from server.adapters.sql.profiles import SqlProfileStore
from server.adapters.sql.rules import SqlRuleStore
from server.adapters.sql.sqlite import sqlite_file
from server.adapters.sql.timers import SqlOutbox, SqlTimerStore
from server.ports import Stores
from server.proxies.guarding import READ_SECONDS, guarded


def memory_stores(last_good: Path | None = None) -> Stores:
    """Stores that end with the process. What serves is kept in a file `last_good`, if one is named."""
    book = Book()
    return Stores(
        rules=MemoryRuleStore(),
        profiles=MemoryProfileStore(),
        events=MemoryEventStore(book),
        lists=MemoryListStore(),
        contacts=MemoryContactLedger(book),
        timers=MemoryTimerStore(book),
        outbox=MemoryOutbox(book),
        last_good=FileLastGoodStore(last_good) if last_good else None,
        purge=nothing_to_purge,
        close=lambda: None,
    )


def sqlite_stores(path: Path, last_good: Path | None = None, patience: float = READ_SECONDS) -> Stores:
    """Stores in one SQLite file, made when there is none. What serves is kept in a file `last_good` besides:
    `PATH.last-good`, if none is named. `patience`: seconds for which the answer to a question is waited for.

    Raises StoreUnavailable when the file cannot be used and nothing was kept that could serve meanwhile.
    """
    beside = last_good or path.with_name(f"{path.name}.last-good")
    return sql_stores(sqlite_file(path), beside, patience)


def mariadb_stores(url: str, last_good: Path, patience: float = READ_SECONDS) -> Stores:
    """Stores in the database that `mysql://USER:PASSWORD@HOST:PORT/DATABASE` names, made when there is none. What serves is
    kept in a file `last_good` besides. `patience`: as of `sqlite_stores`.

    Raises ValueError if that is no such address, and StoreUnavailable when the database cannot be used and nothing was kept
    that could serve meanwhile.
    """
    return sql_stores(mariadb(url), last_good, patience)


def sql_stores(backend: Backend, last_good: Path, patience: float) -> Stores:
    database = Database(backend, may_wait=last_good.exists())
    stores = Stores(
        rules=SqlRuleStore(database),
        profiles=SqlProfileStore(database),
        events=SqlEventStore(database),
        lists=SqlListStore(database),
        contacts=SqlContactLedger(database),
        timers=SqlTimerStore(database),
        outbox=SqlOutbox(database),
        last_good=FileLastGoodStore(last_good),
        purge=database.purge,
        close=database.close,
    )
    return guarded(stores, backend.name, patience)


def newest_schema() -> str | None:
    """The migration at which the tables of this release are."""
    return schema.newest()


def collation_for(*, is_mariadb: bool) -> str:
    """What ids are compared by in MariaDB, or in MySQL."""
    return COLLATIONS[is_mariadb]


async def nothing_to_purge() -> None:
    """There are no files."""
