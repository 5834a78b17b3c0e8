"""SQLite, in one file."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event

from server.adapters.sql.backend import Backend
from server.adapters.sql.schema import bring_up_to_date
from server.ports import StoreUnavailable

READERS = 4
BUSY_SECONDS = 5.0

# WAL lets readers and the writer pass each other; FULL makes an acknowledged event outlive a power cut.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def sqlite_file(path: Path) -> Backend:
    """The file, made when there is none, and then for nobody else. One transaction writes at a time, and holds the write lock from its start."""
    with suppress(OSError):  # what is wrong with it is told by who opens it
        path.touch(mode=0o600)
    writers = engine_for(path, "BEGIN IMMEDIATE")
    return Backend(
        "SQLite",
        engine_for(path, "BEGIN"),
        writers,
        make=partial(make, writers),
        purge=partial(rewrite, writers),
        read_threads=READERS,
    )


def make(engine: Engine) -> None:
    with engine.begin() as connection:
        bring_up_to_date(connection)


def rewrite(engine: Engine) -> None:
    """SQLite leaves old bytes in pages that it divides anew, whatever `secure_delete` says; so all are written anew."""
    try:
        with closing(engine.raw_connection()) as connection:
            connection.execute("VACUUM")
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"SQLite: {type(error).__name__}") from None
    if busy:
        raise StoreUnavailable("SQLite: somebody goes on reading what was there before")


def engine_for(path: Path, begin: str) -> Engine:
    """An engine whose transactions begin so."""
    options = {"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None}
    engine = create_engine(f"sqlite:///{path}", connect_args=options, pool_size=READERS, hide_parameters=True)
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", partial(start, begin))
    return engine


def prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def start(begin: str, connection: Connection) -> None:
    connection.exec_driver_sql(begin)
