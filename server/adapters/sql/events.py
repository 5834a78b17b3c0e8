"""What users did, in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select

from server.adapters.sql.database import Database, chunks
from server.adapters.sql.tables import events
from server.ports import RecordedEvent, Recording


class SqlEventStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, events: Sequence[RecordedEvent]) -> list[Recording]:
        return await self._database.write(lambda connection: record(connection, events))

    async def fetch(
        self, user: str, since: Mapping[str, int | None], until: int
    ) -> Mapping[str, tuple[RecordedEvent, ...]]:
        return await self._database.read(lambda connection: between(connection, user, since, until))

    async def latest(self) -> int | None:
        query = select(func.max(events.c.time))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())


def record(connection: Connection, new: Sequence[RecordedEvent]) -> list[Recording]:
    stored = with_ids(connection, list({event.id for event in new}))
    answers = [judge(event, stored) for event in new]
    rows = [row_of(event) for event, answer in zip(new, answers, strict=True) if answer is Recording.RECORDED]
    if rows:
        connection.execute(insert(events), rows)
    return answers


def judge(event: RecordedEvent, stored: dict[str, RecordedEvent]) -> Recording:
    if event.id in stored:
        return Recording.DUPLICATE if stored[event.id] == event else Recording.CONFLICT
    stored[event.id] = event
    return Recording.RECORDED


def with_ids(connection: Connection, ids: Sequence[str]) -> dict[str, RecordedEvent]:
    found: dict[str, RecordedEvent] = {}
    for some in chunks(ids):
        query = select(events).where(events.c.id.in_(some))
        found |= {row.id: event_of(row) for row in connection.execute(query)}
    return found


def between(
    connection: Connection, user: str, since: Mapping[str, int | None], until: int
) -> dict[str, tuple[RecordedEvent, ...]]:
    found: defaultdict[str, list[RecordedEvent]] = defaultdict(list)
    for some in chunks(list(since.items())):
        wanted = or_(*(of_type(type, start) for type, start in some))
        query = select(events).where(events.c.user_id == user, events.c.time <= until, wanted)
        for row in connection.execute(query.order_by(events.c.time, events.c.id)):
            found[row.type].append(event_of(row))
    return {type: tuple(found[type]) for type in since}


def of_type(type: str, since: int | None) -> ColumnElement[bool]:
    same = events.c.type == type
    return same if since is None else and_(same, events.c.time > since)


def row_of(event: RecordedEvent) -> dict[str, object]:
    return {
        "id": event.id,
        "type": event.type,
        "user_id": event.user,
        "time": event.time,
        "fields": event.fields.decode(),
    }


def event_of(row: Row[tuple[str, str, str, int, str]]) -> RecordedEvent:
    return RecordedEvent(row.id, row.type, row.user_id, row.time, row.fields.encode())
