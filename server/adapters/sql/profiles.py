"""Attributes of users in SQL: one JSON document each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import orjson
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from compiler.wire.json_text import Json
from server.adapters.sql.chunks import chunks
from server.adapters.sql.database import Database
from server.adapters.sql.tables import profiles

WRITE = update(profiles).where(profiles.c.user_id == bindparam("user"))


class SqlProfileStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def upsert(self, profiles: Sequence[tuple[str, Mapping[str, Json]]]) -> None:
        users = {user for user, _ in profiles}
        await self._database.write(lambda connection: merge(connection, profiles), users)

    async def fetch(self, user: str) -> Mapping[str, Json]:
        return await self._database.find(profiles_of, user)

    async def erase(self, user: str) -> int:
        return await self._database.write(lambda connection: erase(connection, user), [user])


def profiles_of(connection: Connection, users: Sequence[str]) -> list[Mapping[str, Json]]:
    found = documents(connection, list(dict.fromkeys(users)))
    return [found.get(user, {}) for user in users]


def erase(connection: Connection, user: str) -> int:
    known = documents(connection, [user]).get(user, {})
    connection.execute(delete(profiles).where(profiles.c.user_id == user))
    return len(known)


def merge(connection: Connection, changes: Sequence[tuple[str, Mapping[str, Json]]]) -> None:
    users = list(dict.fromkeys(user for user, _ in changes))
    before = documents(connection, users)
    after = {user: dict(before.get(user, {})) for user in users}
    for user, attributes in changes:
        after[user].update(attributes)
    write(connection, ((user, after[user]) for user in users if user not in before), new=True)
    write(connection, ((user, after[user]) for user in users if user in before), new=False)


def write(connection: Connection, documents: Iterable[tuple[str, Mapping[str, Json]]], *, new: bool) -> None:
    name, statement = ("user_id", insert(profiles)) if new else ("user", WRITE)
    rows = [{name: user, "attributes": orjson.dumps(one).decode()} for user, one in documents]
    if rows:
        connection.execute(statement, rows)


def documents(connection: Connection, users: Sequence[str]) -> dict[str, dict[str, Json]]:
    """The documents of those of `users` that have one."""
    found: dict[str, dict[str, Json]] = {}
    for some in chunks(users):
        query = select(profiles).where(profiles.c.user_id.in_(some))
        found |= {row.user_id: orjson.loads(row.attributes) for row in connection.execute(query)}
    return found
