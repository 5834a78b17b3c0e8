"""Touches, budgets and decisions taken, in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select, update

from server.adapters.sql import contact_rows, spending
from server.adapters.sql.chunks import chunks
from server.adapters.sql.contact_rows import reservation_of
from server.adapters.sql.database import Database
from server.adapters.sql.locks import lock, lock_users
from server.adapters.sql.occurrences import keep, let_go, look_at
from server.adapters.sql.revisions import (
    claim_turn,
    end_turn,
    forget_revision,
    order_of,
    raise_revisions,
    revisions_of,
    turns_of,
)
from server.adapters.sql.tables import answers, contacts, events, occurrences, outbox
from server.ports import (
    CHANGED,
    Answered,
    Change,
    Commit,
    ContactHistory,
    Reservation,
    Standing,
    State,
    Taken,
)


class SqlContactLedger:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def history(self, user: str, since: int | None) -> ContactHistory:
        return await self._database.find(histories, (user, since))

    async def used(self, since: Mapping[str, int | None], until: int | None) -> Mapping[str, int]:
        return await self._database.find(used, (since, until))

    async def answered(self, key: str) -> Answered | None:
        return await self._database.find(answers_to, key)

    async def commit(self, taken: Taken) -> Commit:
        return await self._database.write_each(take, taken, [taken.user])

    async def claim_turn(self, user: str, claimant: str) -> bool:
        if await self._database.find(turns_of, user) not in (None, claimant):
            return False  # without a lock, for which they would wait whose turn it is
        return await self._database.write(lambda connection: claim_turn(connection, user, claimant), [user])

    async def end_turn(self, user: str, claimant: str) -> None:
        await self._database.write(lambda connection: end_turn(connection, user, claimant), [user])

    async def find(self, id: str) -> Reservation | None:
        return await self._database.read(lambda connection: reservation_with(connection, id))

    async def of_occurrence(self, user: str, occurrence: str) -> Sequence[Reservation]:
        query = select(contacts).where(contacts.c.user_id == user, contacts.c.occurrence == occurrence)
        return await self._database.read(lambda connection: reservations(connection, query))

    async def completing(self, user: str, occurrence: str) -> Sequence[Reservation]:
        query = select(contacts).where(contacts.c.user_id == user, contacts.c.completes == occurrence)
        return await self._database.read(lambda connection: reservations(connection, query))

    async def change(self, id: str, change: Change) -> Reservation | None:
        found = await self.find(id)
        if found is None:
            return None
        return await self._database.write(lambda connection: changed(connection, id, change), [found.user])

    async def contacts(self, user: str, before: tuple[int, str] | None, most: int) -> Sequence[Reservation]:
        query = select(contacts).where(contacts.c.user_id == user)
        if before is not None:
            time, id = before
            older = or_(contacts.c.time < time, and_(contacts.c.time == time, contacts.c.id < id))
            query = query.where(older)
        newest = query.order_by(contacts.c.time.desc(), contacts.c.id.desc()).limit(most)
        return await self._database.read(lambda connection: reservations(connection, newest))

    async def uncertain(self, after: tuple[int, str] | None, most: int) -> Sequence[Reservation]:
        query = select(contacts).where(contacts.c.state == State.UNCERTAIN.value)
        if after is not None:
            time, id = after
            later = or_(contacts.c.time > time, and_(contacts.c.time == time, contacts.c.id > id))
            query = query.where(later)
        oldest = query.order_by(contacts.c.time, contacts.c.id).limit(most)
        return await self._database.read(lambda connection: reservations(connection, oldest))

    async def lapse(self, now: int, most: int) -> Sequence[str]:
        query = select(contacts).where(contacts.c.lease <= now).order_by(contacts.c.lease).limit(most)
        return await self._database.write(lambda connection: settle(connection, query, now))

    async def next_lapse(self) -> int | None:
        query = select(func.min(contacts.c.lease))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())

    async def prune(self, before: int, but: Collection[str], most: int) -> int:
        return await self._database.write(lambda connection: prune(connection, before, but, most))

    async def prune_answers(self, before: int, most: int) -> int:
        return await self._database.write(lambda connection: prune_answers(connection, before, most))

    async def erase(self, user: str) -> int:
        return await self._database.write(lambda connection: erase(connection, user), [user])


# ---- reading


def reservations(connection: Connection, query: Select[Any]) -> list[Reservation]:
    return [reservation_of(row) for row in connection.execute(query)]


def reservation_with(connection: Connection, id: str) -> Reservation | None:
    row = connection.execute(select(contacts).where(contacts.c.id == id)).one_or_none()
    return None if row is None else reservation_of(row)


def histories(connection: Connection, asked: Sequence[tuple[str, int | None]]) -> list[ContactHistory]:
    """Of (user, since) each."""
    users = list(dict.fromkeys(user for user, _ in asked))
    starts = [since for _, since in asked]
    found: defaultdict[str, list[Standing]] = defaultdict(list)
    for some in chunks(users):
        query = contact_rows.STANDING.where(contacts.c.user_id.in_(some))
        if None not in starts:
            query = query.where(contacts.c.time > min(start for start in starts if start is not None))
        for row in connection.execute(query.order_by(contacts.c.time, contacts.c.id)):
            user, standing = contact_rows.standing_of(row)
            found[user].append(standing)
    revisions = revisions_of(connection, users)
    return [ContactHistory(later(found.get(user, ()), since), revisions[user]) for user, since in asked]


def later(found: Iterable[Standing], since: int | None) -> tuple[Standing, ...]:
    return tuple(found if since is None else (each for each in found if each.touch.time > since))


def used(
    connection: Connection, asked: Sequence[tuple[Mapping[str, int | None], int | None]]
) -> list[Mapping[str, int]]:
    """Of (since by owner, until) each; what several ask is added up once."""
    add_up = cache(partial(spending.used, connection))
    return [{owner: add_up(owner, start, until) for owner, start in since.items()} for since, until in asked]


def answers_to(connection: Connection, keys: Sequence[str]) -> list[Answered | None]:
    found: dict[str, Answered] = {}
    for some in chunks(list(dict.fromkeys(keys))):
        for row in connection.execute(select(answers).where(answers.c.key.in_(some))):
            found[row.key] = Answered(row.user_id, row.fingerprint, row.answer)
    return [found.get(key) for key in keys]


# ---- writing


def take(connection: Connection, asked: Sequence[Taken]) -> list[Commit]:
    """One after the other, and written down together."""
    taking = Taking(connection, asked)
    outcomes = [taking.outcome(each) for each in asked]
    write(connection, taking.taken)
    return outcomes


class Taking:
    """What is known of those about whom decisions are to be taken, brought up to date with each of them."""

    def __init__(self, connection: Connection, asked: Sequence[Taken]) -> None:
        self._connection = connection
        lock(connection, spending.budgets_of(each.reservation for each in asked if each.reservation))
        users = list(dict.fromkeys(each.user for each in asked))
        keys = [each.key for each in asked if each.key is not None]
        before = zip(keys, answers_to(connection, keys), strict=True)
        self._before = {key: answer for key, answer in before if answer is not None}
        self._revisions, self._turns = order_of(connection, users)
        self._leases = leases_of(connection, users, max(each.now for each in asked))
        self.taken: list[Taken] = []

    def outcome(self, asked: Taken) -> Commit:
        if asked.key is not None and (before := self._before.get(asked.key)):
            return before
        if self._turns.get(asked.user, asked.claimant) != asked.claimant:
            return CHANGED
        if self._revisions[asked.user] != asked.revision:
            return CHANGED
        for each in self._leases.get(asked.user, ()):
            if each.lease <= asked.now:
                contact_rows.replace(self._connection, each, each.at(asked.now))
                self._revisions[asked.user] = NONE
        spends = asked.reservation.spends if asked.reservation else ()
        if not all(spending.affords(self._connection, each) for each in spends):
            return CHANGED
        self._take(asked)
        return None

    def _take(self, taken: Taken) -> None:
        if self._turns.pop(taken.user, None) is not None:
            end_turn(self._connection, taken.user, taken.claimant)
        self.taken.append(taken)
        self._revisions[taken.user] = NONE
        if taken.key is not None:
            self._before[taken.key] = Answered(taken.user, taken.fingerprint, taken.answer)
        if taken.reservation is not None:
            contact_rows.spend(self._connection, taken.reservation)


NONE = -1
"""A revision that nobody has: whoever else has decided about this user did so before the change."""


def leases_of(connection: Connection, users: Sequence[str], until: int) -> dict[str, list[Reservation]]:
    """By user, reservations whose leases end by then."""
    found: defaultdict[str, list[Reservation]] = defaultdict(list)
    for some in chunks(users):
        query = select(contacts).where(contacts.c.user_id.in_(some), contacts.c.lease <= until)
        for each in reservations(connection, query):
            found[each.user].append(each)
    return found


def write(connection: Connection, taken: Sequence[Taken]) -> None:
    contact_rows.add(connection, [each.reservation for each in taken if each.reservation])
    keep(connection, [opened for each in taken for opened in each.opened])
    for each in taken:
        look_at(connection, each.user, each.waking)
        let_go(connection, each.user, each.ended)
    for some in chunks([id for each in taken for id in each.judged]):
        connection.execute(update(events).where(events.c.id.in_(some)).values(judge_at=None))
    named = [
        {"key": each.key, "fingerprint": each.fingerprint, **answer_of(each)} for each in taken if each.key
    ]
    published = [{"relay_at": 0, **answer_of(each)} for each in taken if each.publish]
    if published:  # the ids of what was committed rise, so that nobody who reads them in order skips one
        lock(connection, ["outbox"])
    for table, rows in ((answers, named), (outbox, published)):
        if rows:
            connection.execute(insert(table), rows)
    raise_revisions(connection, [each.user for each in taken])


def answer_of(taken: Taken) -> dict[str, Any]:
    return {"user_id": taken.user, "time": taken.now, "answer": taken.answer}


def changed(connection: Connection, id: str, change: Change) -> Reservation | None:
    before = reservation_with(connection, id)
    if before is None:
        return None
    after = change(before)
    if after is not before:
        contact_rows.replace(connection, before, after)
    return after


def settle(connection: Connection, query: Select[Any], now: int) -> list[str]:
    """What has become of reservations, as leases have ended; whose they were."""
    lock_users(connection, {each.user for each in reservations(connection, query)})
    ended = reservations(connection, query)
    for each in ended:
        contact_rows.replace(connection, each, each.at(now))
    return [each.user for each in ended]


def prune(connection: Connection, before: int, but: Collection[str], most: int) -> int:
    old = contacts.c.time < before, contacts.c.lease.is_(None)
    dropped = contacts.c.activity.not_in(but), func.coalesce(contacts.c.campaign, "").not_in(but)
    ids = connection.execute(select(contacts.c.id).where(*old, *dropped).limit(most)).scalars().all()
    for some in chunks(ids):
        connection.execute(delete(contacts).where(contacts.c.id.in_(some)))
    return len(ids)


def prune_answers(connection: Connection, before: int, most: int) -> int:
    keys = (
        connection.execute(select(answers.c.key).where(answers.c.time < before).limit(most)).scalars().all()
    )
    for some in chunks(keys):
        connection.execute(delete(answers).where(answers.c.key.in_(some)))
    return len(keys)


def erase(connection: Connection, user: str) -> int:
    tables = (contacts, answers, occurrences, outbox)
    deleted = [connection.execute(delete(table).where(table.c.user_id == user)).rowcount for table in tables]
    forget_revision(connection, user)
    return deleted[0]
