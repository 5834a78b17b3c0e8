"""Open occurrences, and what was decided of them, in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, select, update

from server.adapters.sql.chunks import chunks
from server.adapters.sql.database import Database
from server.adapters.sql.locks import lock_users
from server.adapters.sql.occurrences import look_at, occurrence_of
from server.adapters.sql.revisions import raise_revisions
from server.adapters.sql.tables import occurrences, outbox
from server.ports import Occurrence, Published


class SqlTimerStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, user: str) -> tuple[Occurrence, ...]:
        return await self._database.find(open_of, user)

    async def claim(self, now: int, until: int, most: int) -> Sequence[Occurrence]:
        return await self._database.write(lambda connection: claim(connection, now, until, most))

    async def next_wake(self) -> int | None:
        query = select(func.min(occurrences.c.wake))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())

    async def counts(self) -> Mapping[tuple[str, str], int]:
        kind = occurrences.c.version, occurrences.c.plan
        query = select(*kind, func.count()).group_by(*kind)
        return await self._database.read(
            lambda connection: {(version, plan): count for version, plan, count in connection.execute(query)}
        )

    async def repin(self, version: str, to: str | None) -> int:
        return await self._database.write(lambda connection: repin(connection, version, to))


def open_of(connection: Connection, users: Sequence[str]) -> list[tuple[Occurrence, ...]]:
    found: defaultdict[str, list[Occurrence]] = defaultdict(list)
    for some in chunks(list(dict.fromkeys(users))):
        query = select(occurrences).where(occurrences.c.user_id.in_(some))
        for row in connection.execute(query.order_by(occurrences.c.due, occurrences.c.event_id)):
            found[row.user_id].append(occurrence_of(row))
    return [tuple(found.get(user, ())) for user in users]


def claim(connection: Connection, now: int, until: int, most: int) -> list[Occurrence]:
    query = select(occurrences).where(occurrences.c.wake <= now).order_by(occurrences.c.wake).limit(most)
    query = query.with_for_update(skip_locked=True)
    claimed = [occurrence_of(row) for row in connection.execute(query)]
    for each in claimed:
        look_at(connection, each.user, {each.key: until})
    return [replace(each, wake=until) for each in claimed]


def repin(connection: Connection, version: str, to: str | None) -> int:
    pinned = occurrences.c.version == version
    users = set(connection.execute(select(occurrences.c.user_id).where(pinned)).scalars())
    statement = delete(occurrences) if to is None else update(occurrences).values(version=to)
    lock_users(connection, users)
    raise_revisions(connection, users)
    return connection.execute(statement.where(pinned)).rowcount


class SqlOutbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, after: int, most: int) -> Sequence[Published]:
        query = select(outbox).where(outbox.c.id > after).order_by(outbox.c.id).limit(most)
        return await self._database.read(lambda connection: published(connection, query))

    async def claim(self, now: int, until: int, most: int) -> Sequence[Published]:
        return await self._database.write(lambda connection: claim_published(connection, now, until, most))

    async def relayed(self, ids: Collection[int]) -> None:
        await self._database.write(lambda connection: relay_at(connection, ids, None))

    async def last(self) -> int:
        query = select(func.coalesce(func.max(outbox.c.id), 0))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())

    async def prune(self, before: int) -> int:
        old = delete(outbox).where(outbox.c.time < before)
        return await self._database.write(lambda connection: connection.execute(old).rowcount)


def published(connection: Connection, query: Select[Any]) -> list[Published]:
    return [Published(row.id, row.user_id, row.time, row.answer) for row in connection.execute(query)]


def claim_published(connection: Connection, now: int, until: int, most: int) -> list[Published]:
    """The rest of a user's waits while one is claimed, or is to be tried again."""
    other = outbox.alias()
    waits = exists().where(other.c.user_id == outbox.c.user_id, other.c.relay_at > outbox.c.relay_at)
    query = select(outbox).where(outbox.c.relay_at <= now, ~waits)
    query = query.order_by(outbox.c.relay_at, outbox.c.id).limit(most).with_for_update(skip_locked=True)
    found = without_gaps(connection, published(connection, query))
    relay_at(connection, [each.id for each in found], until)
    return sorted(found, key=attrgetter("id"))


def without_gaps(connection: Connection, found: Sequence[Published]) -> list[Published]:
    """Those before which there is nothing else about their user: somebody may be claiming it at this moment."""
    candidates = {each.id for each in found}
    first_of_others: dict[str, int] = {}
    for some in chunks(list({each.user for each in found})):
        query = select(outbox.c.user_id, func.min(outbox.c.id)).group_by(outbox.c.user_id)
        others = outbox.c.relay_at.is_not(None), outbox.c.id.not_in(candidates)
        for user, id in connection.execute(query.where(outbox.c.user_id.in_(some), *others)):
            first_of_others[user] = id
    return [each for each in found if each.id < first_of_others.get(each.user, each.id + 1)]


def relay_at(connection: Connection, ids: Collection[int], instant: int | None) -> None:
    for some in chunks(list(ids)):
        connection.execute(update(outbox).where(outbox.c.id.in_(some)).values(relay_at=instant))
