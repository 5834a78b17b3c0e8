"""What users did, in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, Row, Select, delete, func, insert, select

from server.adapters import digests
from server.adapters.sql import totals
from server.adapters.sql.chunks import chunks
from server.adapters.sql.database import Database
from server.adapters.sql.locks import lock, lock_users
from server.adapters.sql.revisions import raise_revisions
from server.adapters.sql.tables import events, horizons
from server.ports import NO_FOLDS, EventHistory, Folds, RecordedEvent, Recording

EventColumns: TypeAlias = tuple[str, str, str, int, str, int | None]


class SqlEventStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(
        self,
        events: Sequence[RecordedEvent],
        to_judge: Collection[str] = (),
        again: Folds | None = None,
    ) -> list[Recording]:
        users = {each.user for each in events}
        return await self._database.write_each(record, Appended(events, to_judge, again), users)

    async def fetch(self, user: str, since: Mapping[str, int | None], until: int) -> EventHistory:
        return await self._database.find(histories, Span(user, since, until))

    async def find(self, id: str) -> RecordedEvent | None:
        return await self._database.read(lambda connection: with_ids(connection, [id]).get(id))

    async def erase(self, user: str) -> int:
        return await self._database.write(lambda connection: erase(connection, user), [user])

    async def types(self) -> frozenset[str]:
        return await self._database.read(types)

    async def prune(self, before: Mapping[str, int], most: int, folds: Folds = NO_FOLDS) -> int:
        return await self._database.write(lambda connection: prune(connection, before, most, folds))

    async def horizons(self) -> Mapping[str, int]:
        return await self._database.read(known_since)

    async def set_horizon(self, type: str, known_since: int | None) -> None:
        await self._database.write(lambda connection: say_horizon(connection, type, known_since))

    async def unjudged(self, until: int, most: int) -> Sequence[RecordedEvent]:
        query = select(events).where(events.c.judge_at <= until).order_by(events.c.judge_at).limit(most)
        return await self._database.read(
            lambda connection: [event_of(row) for row in connection.execute(query)]
        )

    async def unjudged_of(self, user: str) -> frozenset[str]:
        return await self._database.find(unjudged_of, user)

    async def next_unjudged(self) -> int | None:
        query = select(func.min(events.c.judge_at))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())

    async def latest(self) -> int | None:
        query = select(func.max(events.c.time))
        return await self._database.read(lambda connection: connection.execute(query).scalar_one())


class Appended(NamedTuple):
    """Events, types of which new ones are to be judged, and shapes from whose totals dropped ones are taken, to be stored anew."""

    events: Sequence[RecordedEvent]
    to_judge: Collection[str]
    again: Folds | None


def record(connection: Connection, asked: Sequence[Appended]) -> list[list[Recording]]:
    ids = {event.id for each in asked for event in each.events}
    stored = with_ids(connection, list(ids))
    dropped = totals.dropped(connection, ids - stored.keys())
    rows, changed, answers = [], set(), []
    for new, to_judge, again in asked:
        answer = [judge(event, stored, dropped, again is not None) for event in new]
        recorded = [event for event, each in zip(new, answer, strict=True) if each is Recording.RECORDED]
        if again is not None:
            back = [event for event in recorded if dropped.pop(event.id, None)]
            totals.take_out(connection, back, again)
        rows += [row_of(event, event.type in to_judge) for event in recorded]
        changed |= {event.user for event in recorded}
        answers.append(answer)
    if rows:
        connection.execute(insert(events), rows)
        raise_revisions(connection, changed)
    return answers


def judge(
    event: RecordedEvent, stored: dict[str, RecordedEvent], dropped: Mapping[str, bytes], may_be_back: bool
) -> Recording:
    """`dropped`: digests of what was folded, which `may_be_back`."""
    if event.id in stored:
        return Recording.DUPLICATE if stored[event.id] == event else Recording.CONFLICT
    if event.id in dropped:
        if dropped[event.id] != digests.of_event(event):
            return Recording.CONFLICT
        if not may_be_back:
            return Recording.DUPLICATE
    stored[event.id] = event
    return Recording.RECORDED


def with_ids(connection: Connection, ids: Sequence[str]) -> dict[str, RecordedEvent]:
    found: dict[str, RecordedEvent] = {}
    for some in chunks(ids):
        query = select(events).where(events.c.id.in_(some))
        found |= {row.id: event_of(row) for row in connection.execute(query)}
    return found


def unjudged_of(connection: Connection, users: Sequence[str]) -> list[frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for some in chunks(list(dict.fromkeys(users))):
        query = select(events.c.user_id, events.c.id)
        for row in connection.execute(
            query.where(events.c.user_id.in_(some), events.c.judge_at.is_not(None))
        ):
            found[row.user_id].add(row.id)
    return [frozenset(found.get(user, ())) for user in users]


def known_since(connection: Connection) -> dict[str, int]:
    return {row.type: row.known_since for row in connection.execute(select(horizons))}


def set_horizon(connection: Connection, type: str, since: int | None) -> None:
    lock(connection, ["horizons"])
    connection.execute(delete(horizons).where(horizons.c.type == type))
    if since is not None:
        connection.execute(insert(horizons).values(type=type, known_since=since))


def say_horizon(connection: Connection, type: str, since: int | None) -> None:
    """What somebody says holds for totals, too, but where it only says that more is known."""
    lock(connection, ["horizons"])
    before = known_since(connection).get(type)
    set_horizon(connection, type, since)
    if since is None or before is None or since > before:
        totals.set_complete(connection, type, since is None)


def types(connection: Connection) -> frozenset[str]:
    """One look into the index for each, however many events there are."""
    found: set[str] = set()
    next_one = select(func.min(events.c.type))
    type = connection.execute(next_one).scalar_one()
    while type is not None:
        found.add(type)
        type = connection.execute(next_one.where(events.c.type > type)).scalar_one()
    return frozenset(found)


def erase(connection: Connection, user: str) -> int:
    kept = connection.execute(delete(events).where(events.c.user_id == user)).rowcount
    return kept + totals.erase(connection, user)


def prune(connection: Connection, before: Mapping[str, int], most: int, folds: Folds) -> int:
    lock(connection, ["horizons"])
    dropped, horizons = 0, known_since(connection)
    for type, instant in before.items():
        old = to_drop(connection, type, instant, most - dropped)
        if old:
            totals.fold(connection, type, old, folds.get(type, {}), is_complete=type not in horizons)
            set_horizon(connection, type, max(instant, horizons.get(type, instant)))
        for some in chunks([event.id for event in old]):
            connection.execute(delete(events).where(events.c.id.in_(some)))
        dropped += len(old)
    return dropped


def to_drop(connection: Connection, type: str, before: int, most: int) -> list[RecordedEvent]:
    """Nobody changes anything about their users from here on."""
    query = select(events.c.id, events.c.user_id).where(
        events.c.type == type, events.c.time < before, events.c.judge_at.is_(None)
    )
    found = connection.execute(query.limit(most)).all()
    lock_users(connection, {row.user_id for row in found})
    return list(with_ids(connection, [row.id for row in found]).values())


@dataclass(frozen=True, slots=True)
class Span:
    """Events of a user that are asked for: by type, those with since < time ≤ until (None: from the start)."""

    user: str
    since: Mapping[str, int | None]
    until: int

    def holds(self, event: RecordedEvent) -> bool:
        if event.type not in self.since or event.time > self.until:
            return False
        since = self.since[event.type]
        return since is None or event.time > since


def histories(connection: Connection, asked: Sequence[Span]) -> list[EventHistory]:
    alike: defaultdict[frozenset[str], list[Span]] = defaultdict(list)
    for span in asked:
        alike[frozenset(span.since)].append(span)
    known = known_since(connection)
    answers: dict[int, EventHistory] = {}
    for types, spans in alike.items():
        found = of_users(connection, types, spans)
        folded = totals.totals_of(connection, types, [span.user for span in spans])
        horizons = {type: start for type, start in known.items() if type in types}
        for span in spans:
            kept = {type: tuple(filter(span.holds, found.get((span.user, type), ()))) for type in types}
            answers[id(span)] = EventHistory(kept, horizons, folded.get(span.user, {}))
    return [answers[id(span)] for span in asked]


def of_users(
    connection: Connection, types: Collection[str], spans: Sequence[Span]
) -> Mapping[tuple[str, str], list[RecordedEvent]]:
    """By user and type, ordered by (time, id): all that one of the spans holds, and maybe more."""
    until = max(span.until for span in spans)
    types_since: defaultdict[int | None, list[str]] = defaultdict(list)
    for type in types:
        starts = [span.since[type] for span in spans]
        types_since[None if None in starts else min(start for start in starts if start is not None)].append(
            type
        )
    found: defaultdict[tuple[str, str], list[RecordedEvent]] = defaultdict(list)
    for users in chunks(list(dict.fromkeys(span.user for span in spans))):
        for start, named in types_since.items():
            for some in chunks(named):
                for row in connection.execute(of_types(users, some, start, until)):
                    found[row.user_id, row.type].append(event_of(row))
    return found


def of_types(
    users: Sequence[str], types: Sequence[str], since: int | None, until: int
) -> Select[EventColumns]:
    query = select(events).where(
        events.c.user_id.in_(users), events.c.type.in_(types), events.c.time <= until
    )
    later = query if since is None else query.where(events.c.time > since)
    return later.order_by(events.c.time, events.c.id)


def row_of(event: RecordedEvent, to_judge: bool) -> dict[str, object]:
    return {
        "judge_at": event.time if to_judge else None,
        "id": event.id,
        "type": event.type,
        "user_id": event.user,
        "time": event.time,
        "fields": event.fields.decode(),
    }


def event_of(row: Row[EventColumns]) -> RecordedEvent:
    return RecordedEvent(row.id, row.type, row.user_id, row.time, row.fields.encode())
