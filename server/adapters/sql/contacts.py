"""Touches, budgets and decisions taken, in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select, update

from compiler.facts import Touch
from server.adapters.sql import contact_rows, spending
from server.adapters.sql.contact_rows import reservation_of
from server.adapters.sql.database import Database, chunks
from server.adapters.sql.occurrences import keep, let_go, look_at
from server.adapters.sql.revisions import forget_revision, raise_revisions, revision_of
from server.adapters.sql.tables import answers, contacts, events, occurrences, outbox
from server.ports import (
    CHANGED,
    HOLDING,
    Answered,
    Change,
    Commit,
    ContactHistory,
    Reservation,
    State,
    Taken,
)


class SqlContactLedger:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def history(self, user: str, since: int | None, until: int) -> ContactHistory:
        return await self._database.read(lambda connection: history_of(connection, user, since, until))

    async def used(self, since: Mapping[str, int | None], until: int | None) -> Mapping[str, int]:
        def add_up(connection: Connection) -> dict[str, int]:
            return {owner: spending.used(connection, owner, start, until) for owner, start in since.items()}

        return await self._database.read(add_up)

    async def answered(self, key: str) -> Answered | None:
        return await self._database.read(lambda connection: answer_to(connection, key))

    async def commit(self, taken: Taken) -> Commit:
        return await self._database.write(lambda connection: take(connection, taken))

    async def find(self, id: str) -> Reservation | None:
        return await self._database.read(lambda connection: reservation_with(connection, id))

    async def of_occurrence(self, user: str, occurrence: str) -> Sequence[Reservation]:
        query = select(contacts).where(contacts.c.user_id == user, contacts.c.occurrence == occurrence)
        return await self._database.read(lambda connection: reservations(connection, query))

    async def change(self, id: str, change: Change) -> Reservation | None:
        return await self._database.write(lambda connection: changed(connection, id, change))

    async def contacts(self, user: str, before: tuple[int, str] | None, most: int) -> Sequence[Reservation]:
        query = select(contacts).where(contacts.c.user_id == user)
        if before is not None:
            time, id = before
            older = or_(contacts.c.time < time, and_(contacts.c.time == time, contacts.c.id < id))
            query = query.where(older)
        newest = query.order_by(contacts.c.time.desc(), contacts.c.id.desc()).limit(most)
        return await self._database.read(lambda connection: reservations(connection, newest))

    async def lapse(self, now: int, most: int) -> int:
        query = select(contacts).where(contacts.c.lease <= now).order_by(contacts.c.lease).limit(most)
        return await self._database.write(lambda connection: settle(connection, query, now))

    async def next_lapse(self) -> int | None:
        query = select(func.min(contacts.c.lease))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())

    async def prune(self, before: int, but: Collection[str], most: int) -> int:
        return await self._database.write(lambda connection: prune(connection, before, but, most))

    async def prune_answers(self, before: int, most: int) -> int:
        old = select(answers.c.key).where(answers.c.time < before).limit(most)
        drop = delete(answers).where(answers.c.key.in_(old))
        return await self._database.write(lambda connection: connection.execute(drop).rowcount)

    async def erase(self, user: str) -> int:
        return await self._database.write(lambda connection: erase(connection, user))


# ---- reading


def reservations(connection: Connection, query: Select[Any]) -> list[Reservation]:
    return [reservation_of(row) for row in connection.execute(query)]


def reservation_with(connection: Connection, id: str) -> Reservation | None:
    row = connection.execute(select(contacts).where(contacts.c.id == id)).one_or_none()
    return None if row is None else reservation_of(row)


def history_of(connection: Connection, user: str, since: int | None, until: int) -> ContactHistory:
    query = select(contacts).where(contacts.c.user_id == user, contacts.c.time <= until)
    query = query.order_by(contacts.c.time, contacts.c.id)
    found = reservations(connection, query if since is None else query.where(contacts.c.time > since))
    settled = [each.at(until) for each in found]
    return ContactHistory(
        touches(each for each in settled if each.state in HOLDING),
        touches(each for each in settled if each.state is State.HELD_OUT),
        revision_of(connection, user),
    )


def touches(found: Iterable[Reservation]) -> tuple[Touch, ...]:
    return tuple(each.touch for each in found)


def answer_to(connection: Connection, key: str) -> Answered | None:
    row = connection.execute(select(answers).where(answers.c.key == key)).one_or_none()
    return None if row is None else Answered(row.user_id, row.fingerprint, row.answer)


# ---- writing


def take(connection: Connection, taken: Taken) -> Commit:
    if taken.key is not None and (before := answer_to(connection, taken.key)):
        return before
    if revision_of(connection, taken.user) != taken.revision:
        return CHANGED
    of_user = select(contacts).where(contacts.c.user_id == taken.user, contacts.c.lease <= taken.now)
    settle(connection, of_user, taken.now)
    spends = taken.reservation.spends if taken.reservation else ()
    if not all(spending.affords(connection, each) for each in spends):
        return CHANGED
    write(connection, taken)
    return None


def write(connection: Connection, taken: Taken) -> None:
    if taken.reservation:
        contact_rows.add(connection, taken.reservation)
    keep(connection, taken.opened)
    look_at(connection, taken.user, taken.waking)
    let_go(connection, taken.user, taken.ended)
    for some in chunks(taken.judged):
        connection.execute(update(events).where(events.c.id.in_(some)).values(judge_at=None))
    of_user = {"user_id": taken.user, "time": taken.now, "answer": taken.answer}
    if taken.key is not None:
        row = {"key": taken.key, "fingerprint": taken.fingerprint, **of_user}
        connection.execute(insert(answers).values(row))
    if taken.publish:
        connection.execute(insert(outbox).values(of_user))
    raise_revisions(connection, [taken.user])


def changed(connection: Connection, id: str, change: Change) -> Reservation | None:
    before = reservation_with(connection, id)
    if before is None:
        return None
    after = change(before)
    if after is not before:
        contact_rows.replace(connection, before, after)
    return after


def settle(connection: Connection, query: Select[Any], now: int) -> int:
    """What has become of reservations, as leases have ended."""
    ended = reservations(connection, query)
    for each in ended:
        contact_rows.replace(connection, each, each.at(now))
    return len(ended)


def prune(connection: Connection, before: int, but: Collection[str], most: int) -> int:
    old = contacts.c.time < before, contacts.c.lease.is_(None)
    dropped = contacts.c.activity.not_in(but), func.coalesce(contacts.c.campaign, "").not_in(but)
    ids = connection.execute(select(contacts.c.id).where(*old, *dropped).limit(most)).scalars().all()
    for some in chunks(ids):
        connection.execute(delete(contacts).where(contacts.c.id.in_(some)))
    return len(ids)


def erase(connection: Connection, user: str) -> int:
    tables = (contacts, answers, occurrences, outbox)
    deleted = [connection.execute(delete(table).where(table.c.user_id == user)).rowcount for table in tables]
    forget_revision(connection, user)
    return deleted[0]
