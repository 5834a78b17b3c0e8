"""Lists of users in SQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sqlalchemy import Connection, delete, insert, select

from server.adapters.sql.database import Database, chunks
from server.adapters.sql.tables import lists, members
from server.ports import ListChange, ListMode


class SqlListStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, name: str, users: Collection[str], mode: ListMode) -> ListChange:
        return await self._database.write(lambda connection: change(connection, name, frozenset(users), mode))

    async def holds(self, user: str, names: Collection[str]) -> Mapping[str, bool]:
        return await self._database.read(lambda connection: memberships(connection, user, list(names)))

    async def erase(self, user: str) -> int:
        # By list, as that comes first in the key.
        on = members.c.list.in_(select(lists.c.name)) & (members.c.user_id == user)
        return await self._database.write(
            lambda connection: connection.execute(delete(members).where(on)).rowcount
        )


def change(connection: Connection, name: str, users: frozenset[str], mode: ListMode) -> ListChange:
    if connection.execute(select(lists).where(lists.c.name == name)).one_or_none() is None:
        connection.execute(insert(lists).values(name=name))
    before = members_of(connection, name)
    on, off = WANTED[mode](before, users)
    take_off(connection, name, sorted(off))
    if on:
        connection.execute(insert(members), [{"list": name, "user_id": user} for user in sorted(on)])
    return ListChange(len(before) + len(on) - len(off), len(on), len(off))


Users = frozenset[str]
WANTED: Mapping[ListMode, Callable[[Users, Users], tuple[Users, Users]]] = {
    ListMode.REPLACE: lambda before, named: (named - before, before - named),
    ListMode.ADD: lambda before, named: (named - before, frozenset()),
    ListMode.REMOVE: lambda before, named: (frozenset(), before & named),
}
"""Who comes on, and who goes off."""


def members_of(connection: Connection, name: str) -> Users:
    query = select(members.c.user_id).where(members.c.list == name)
    return frozenset(connection.execute(query).scalars())


def take_off(connection: Connection, name: str, users: list[str]) -> None:
    for some in chunks(users):
        connection.execute(delete(members).where(members.c.list == name, members.c.user_id.in_(some)))


def memberships(connection: Connection, user: str, names: list[str]) -> dict[str, bool]:
    loaded = connection.execute(select(lists.c.name).where(lists.c.name.in_(names))).scalars()
    on = select(members.c.list).where(members.c.list.in_(names), members.c.user_id == user)
    held = frozenset(connection.execute(on).scalars())
    return {name: name in held for name in loaded}
