"""Open occurrences as rows of SQL, written together with what was decided of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, update

from server.adapters.sql.tables import occurrences
from server.ports import Occurrence, OccurrenceKey


def keep(connection: Connection, opened: Sequence[Occurrence]) -> None:
    if opened:
        connection.execute(insert(occurrences), [row_of(each) for each in opened])


def look_at(connection: Connection, user: str, waking: Mapping[OccurrenceKey, int | None]) -> None:
    for key, wake in waking.items():
        connection.execute(update(occurrences).where(of(user, key)).values(wake=wake))


def let_go(connection: Connection, user: str, keys: Collection[OccurrenceKey]) -> None:
    for key in keys:
        connection.execute(delete(occurrences).where(of(user, key)))


def of(user: str, key: OccurrenceKey) -> ColumnElement[bool]:
    activity, event = key
    table = occurrences.c
    return and_(table.user_id == user, table.activity == activity, table.event_id == event)


def row_of(occurrence: Occurrence) -> dict[str, Any]:
    return {
        "user_id": occurrence.user,
        "activity": occurrence.activity,
        "event_id": occurrence.event_id,
        "plan": occurrence.plan,
        "occurrence": occurrence.id,
        "version": occurrence.version,
        "decide": occurrence.decide,
        "due": occurrence.due,
        "expires": occurrence.expires,
        "wake": occurrence.wake,
    }


def occurrence_of(row: Row[Any]) -> Occurrence:
    return Occurrence(
        user=row.user_id,
        plan=row.plan,
        activity=row.activity,
        event_id=row.event_id,
        id=row.occurrence,
        version=row.version,
        decide=row.decide,
        due=row.due,
        expires=row.expires,
        wake=row.wake,
    )
