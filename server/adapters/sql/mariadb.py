"""MariaDB, and MySQL from 8.0 on."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError

from server.adapters.sql.backend import Backend
from server.adapters.sql.schema import bring_up_to_date
from server.ports import StoreUnavailable

READERS = 4
SECONDS = {"connect_timeout": 5, "read_timeout": 10, "write_timeout": 10}
UNKNOWN_DATABASE = 1049
LOCK_WAIT_TIMEOUT, DEADLOCK = 1205, 1213
MIGRATION_SECONDS = 60

SESSION = ("sql_mode='STRICT_ALL_TABLES'", "innodb_lock_wait_timeout=5")
# Locks of a process that was frozen in the middle of a transaction are let go.
OF_MARIADB = ("idle_transaction_timeout=10",)
COLLATIONS = {True: "utf8mb4_nopad_bin", False: "utf8mb4_0900_bin"}
"""By whether it is MariaDB. Ids are equal when their bytes are, trailing blanks included."""


def mariadb(url: str) -> Backend:
    """The database that `mysql://USER:PASSWORD@HOST:PORT/DATABASE` names, made when there is none.

    Raises ValueError if that is no such address.
    """
    place = place_of(url)
    writers = engine_for(place, "READ COMMITTED", "READ WRITE")
    return Backend(
        "MariaDB",
        engine_for(place, "REPEATABLE READ", "READ ONLY"),
        writers,
        make=partial(make, writers),
        purge=nothing_to_purge,
        contended=frozenset({LOCK_WAIT_TIMEOUT, DEADLOCK}),
        read_threads=READERS,
    )


def place_of(url: str) -> URL:
    try:
        place = make_url(url)
    except (ArgumentError, ValueError):
        place = URL.create("")
    if place.drivername not in ("mysql", "mariadb") or not place.host or not place.database:
        raise ValueError("`mysql://USER:PASSWORD@HOST:PORT/DATABASE` is wanted")
    return place.set(drivername="mysql+pymysql").update_query_dict({"charset": "utf8mb4"})


def engine_for(place: URL, isolation: str, access: str) -> Engine:
    # Each transaction is ended by us, so that there is nothing to reset when its connection goes back to the pool.
    options: dict[str, Any] = {"pool_size": READERS, "pool_reset_on_return": None, "pool_recycle": 3600}
    engine = create_engine(place, connect_args=SECONDS, hide_parameters=True, **options)
    event.listen(engine, "connect", partial(prepare, f"TRANSACTION ISOLATION LEVEL {isolation}, {access}"))
    return engine


def prepare(transactions: str, connection: Any, _record: object) -> None:
    of_mariadb = OF_MARIADB if "MariaDB" in connection.get_server_info() else ()
    with connection.cursor() as cursor:
        for setting in (transactions, *SESSION, *of_mariadb):
            cursor.execute(f"SET SESSION {setting}")


def make(engine: Engine) -> None:
    """One process after the other."""
    try:
        connection = engine.connect()
    except OperationalError as error:
        if error.orig is None or error.orig.args[0] != UNKNOWN_DATABASE:
            raise
        create_database(engine.url)
        connection = engine.connect()
    with connection:
        check_collation(connection)
        ours = {"name": f"suasion {engine.url.database}"[:64], "seconds": MIGRATION_SECONDS}
        if not connection.execute(text("SELECT GET_LOCK(:name, :seconds)"), ours).scalar_one():
            raise StoreUnavailable("MariaDB: another process goes on changing the tables")
        try:
            bring_up_to_date(connection)
            connection.commit()
        finally:
            if not connection.invalidated:  # with it the lock is gone
                connection.execute(text("SELECT RELEASE_LOCK(:name)"), ours)


def create_database(place: URL) -> None:
    server = engine_for(place.set(database=""), "READ COMMITTED", "READ WRITE")
    with server.connect() as connection:
        name = connection.dialect.identifier_preparer.quote_identifier(place.database or "")
        collation = collation_of(connection)
        connection.exec_driver_sql(
            f"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb4 COLLATE {collation}".replace(
                "%", "%%"
            )
        )
    server.dispose()


def collation_of(connection: Connection) -> str:
    return COLLATIONS[bool(connection.dialect.is_mariadb)]  # type: ignore[attr-defined]


def check_collation(connection: Connection) -> None:
    """Under another one, users whose ids differ in case or accents would be one user."""
    found = connection.execute(text("SELECT @@collation_database")).scalar_one()
    wanted = collation_of(connection)
    if found != wanted:
        raise StoreUnavailable(f"MariaDB: the database has collation `{found}`, `{wanted}` is needed")


def nothing_to_purge() -> None:
    """InnoDB drops what was deleted by itself, in some seconds; what logs and backups hold is theirs."""
