"""Lists of users in SQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from server.adapters.sql.chunks import chunks
from server.adapters.sql.database import Database
from server.adapters.sql.locks import lock
from server.adapters.sql.tables import lists, members
from server.ports import AnotherListVersion, ListChange, ListMode, ListState


class SqlListStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(
        self, name: str, users: Collection[str], mode: ListMode, time: int, expected: int | None = None
    ) -> ListChange:
        def load(connection: Connection) -> ListChange:
            lock(connection, ["lists"])
            version = raised(connection, name, time, expected)
            return change(connection, name, frozenset(users), mode, version)

        return await self._database.write(load)

    async def find(self, name: str) -> ListState | None:
        return await self._database.read(lambda connection: state(connection, name))

    async def holds(self, user: str, names: Collection[str]) -> Mapping[str, bool]:
        return await self._database.find(memberships, (user, names))

    async def erase(self, user: str) -> int:
        return await self._database.write(lambda connection: erase(connection, user))


def erase(connection: Connection, user: str) -> int:
    lock(connection, ["lists"])
    # Looked for list by list, as the list comes first in the key.
    on = select(members.c.list).where(members.c.list.in_(select(lists.c.name)), members.c.user_id == user)
    names = connection.execute(on).scalars().all()
    for some in chunks(names):
        connection.execute(delete(members).where(members.c.list.in_(some), members.c.user_id == user))
        connection.execute(update(lists).where(lists.c.name.in_(some)).values(version=lists.c.version + 1))
    return len(names)


def raised(connection: Connection, name: str, time: int, expected: int | None) -> int:
    """The version that a list has from now on. Raises AnotherListVersion."""
    query = select(lists.c.version).where(lists.c.name == name)
    before: int = connection.execute(query).scalar_one_or_none() or 0
    if expected not in (None, before):
        raise AnotherListVersion(before)
    connection.execute(delete(lists).where(lists.c.name == name))
    connection.execute(insert(lists).values(name=name, version=before + 1, time=time))
    return before + 1


def state(connection: Connection, name: str) -> ListState | None:
    found = connection.execute(select(lists).where(lists.c.name == name)).one_or_none()
    if found is None:
        return None
    size = select(func.count()).where(members.c.list == name)
    return ListState(found.version, connection.execute(size).scalar_one(), found.time)


def change(
    connection: Connection, name: str, users: frozenset[str], mode: ListMode, version: int
) -> ListChange:
    before = members_of(connection, name)
    on, off = WANTED[mode](before, users)
    take_off(connection, name, sorted(off))
    if on:
        connection.execute(insert(members), [{"list": name, "user_id": user} for user in sorted(on)])
    return ListChange(len(before) + len(on) - len(off), len(on), len(off), version)


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


def memberships(
    connection: Connection, asked: Sequence[tuple[str, Collection[str]]]
) -> list[Mapping[str, bool]]:
    names = sorted({name for _, wanted in asked for name in wanted})
    loaded = frozenset(connection.execute(select(lists.c.name).where(lists.c.name.in_(names))).scalars())
    held: set[tuple[str, str]] = set()
    for some in chunks(list({user for user, _ in asked})):
        on = select(members.c.list, members.c.user_id).where(
            members.c.list.in_(names), members.c.user_id.in_(some)
        )
        held |= {(row.user_id, row.list) for row in connection.execute(on)}
    return [{name: (user, name) in held for name in wanted if name in loaded} for user, wanted in asked]
