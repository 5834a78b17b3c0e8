"""Touches and budgets in SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Row, func, insert, select

from compiler.facts import Touch
from server.adapters.sql.database import Database
from server.adapters.sql.tables import spending, touches
from server.ports import Contact, ContactHistory


class SqlContactLedger:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, contacts: Sequence[Contact]) -> None:
        await self._database.write(lambda connection: write_down(connection, contacts))

    async def history(self, user: str, since: int | None, until: int) -> ContactHistory:
        return await self._database.read(lambda connection: history_of(connection, user, since, until))

    async def used(self, since: Mapping[str, int | None], until: int) -> Mapping[str, int]:
        def add_up(connection: Connection) -> dict[str, int]:
            return {owner: spent(connection, owner, start, until) for owner, start in since.items()}

        return await self._database.read(add_up)


def write_down(connection: Connection, contacts: Sequence[Contact]) -> None:
    connection.execute(insert(touches), [row_of(contact) for contact in contacts])
    amounts = [
        {"owner": owner, "time": contact.touch.time, "amount": amount}
        for contact in contacts
        for owner, amount in contact.spent.items()
    ]
    if amounts:
        connection.execute(insert(spending), amounts)


def row_of(contact: Contact) -> dict[str, object]:
    touch = contact.touch
    return {
        "user_id": contact.user,
        "shadow": contact.shadow,
        "time": touch.time,
        "activity": touch.activity,
        "channel": touch.channel,
        "tags": json.dumps(sorted(touch.tags)),
        "counted": touch.counted,
        "campaign": touch.campaign,
        "occurrence": touch.occurrence,
    }


def history_of(connection: Connection, user: str, since: int | None, until: int) -> ContactHistory:
    query = select(touches).where(touches.c.user_id == user, touches.c.time <= until)
    query = query.order_by(touches.c.time, touches.c.id)
    rows = connection.execute(query if since is None else query.where(touches.c.time > since)).all()
    return ContactHistory(
        touches_of(row for row in rows if not row.shadow), touches_of(row for row in rows if row.shadow)
    )


TouchRow = Row[tuple[int, str, bool, int, str, str, str, bool, str | None, str]]


def touches_of(rows: Iterable[TouchRow]) -> tuple[Touch, ...]:
    return tuple(
        Touch(
            time=row.time,
            activity=row.activity,
            channel=row.channel,
            tags=frozenset(json.loads(row.tags)),
            counted=row.counted,
            campaign=row.campaign,
            occurrence=row.occurrence,
        )
        for row in rows
    )


def spent(connection: Connection, owner: str, since: int | None, until: int) -> int:
    total = select(func.coalesce(func.sum(spending.c.amount), 0))
    query = total.where(spending.c.owner == owner, spending.c.time <= until)
    later = query if since is None else query.where(spending.c.time >= since)
    return int(connection.execute(later).scalar_one())
