"""Who waits for whom, where a database lets several write at once. SQLite has one writer, who need not ask."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.mysql import insert

from server.adapters.sql.chunks import chunks
from server.adapters.sql.tables import locks, users

STRANGERS = ""
"""Nobody's id: it has the revision of all who have none of their own, above those of all who were erased."""


class Meanwhile(Exception):
    """Something came in between; to be begun anew."""


def lock_users(connection: Connection, wanted: Collection[str]) -> None:
    """Nobody else changes anything about them until the transaction ends.

    Strangers get a row, as one that is not there cannot be locked. In one order, so that no two wait for each other.
    """
    if has_one_writer(connection) or not wanted:
        return
    strangers = revision_of_strangers(connection)
    for some in chunks(sorted(wanted)):
        rows = insert(users).values([{"user_id": user, "revision": strangers} for user in some])
        connection.execute(rows.on_duplicate_key_update(revision=users.c.revision))
    if revision_of_strangers(connection) != strangers:  # somebody was erased, who may be one of these
        raise Meanwhile


def lock(connection: Connection, names: Collection[str]) -> None:
    """Nobody else holds one of the same names until the transaction ends."""
    if has_one_writer(connection) or not names:
        return
    for some in chunks(sorted(names)):
        rows = insert(locks).values([{"name": name} for name in some])
        connection.execute(rows.on_duplicate_key_update(name=locks.c.name))


def has_one_writer(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def revision_of_strangers(connection: Connection) -> int:
    query = select(func.coalesce(func.max(users.c.revision), 0)).where(users.c.user_id == STRANGERS)
    return int(connection.execute(query).scalar_one())
