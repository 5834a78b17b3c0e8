"""What was folded of events that are no longer kept, in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from server.adapters import digests
from server.adapters.sql.chunks import chunks
from server.adapters.sql.tables import dropped_events, event_totals, shapes
from server.ports import Fold, Folds, KeptTotal, RecordedEvent

Bodies = dict[tuple[int, str], bytes]
"""By the number of the shape, and user."""


def totals_of(
    connection: Connection, types: Collection[str], users: Sequence[str]
) -> Mapping[str, Mapping[str, KeptTotal]]:
    """By user and shape, of these types."""
    kept = [row for row in connection.execute(select(shapes)) if row.type in types]
    bodies = bodies_of(connection, [row.number for row in kept], users)
    return {
        user: {row.name: KeptTotal(bodies.get((row.number, user)), row.is_complete) for row in kept}
        for user in (users if kept else ())
    }


def bodies_of(connection: Connection, numbers: Sequence[int], users: Sequence[str]) -> Bodies:
    found: Bodies = {}
    for some in chunks(sorted(users)) if numbers else ():
        of_users = event_totals.c.user_id.in_(some)
        for row in connection.execute(
            select(event_totals).where(of_users, event_totals.c.shape.in_(numbers))
        ):
            found[row.shape, row.user_id] = row.body.encode()
    return found


def write(connection: Connection, bodies: Bodies) -> None:
    users = defaultdict(list)
    for number, user in bodies:
        users[number].append(user)
    for number, of_shape in users.items():
        for some in chunks(of_shape):
            before = event_totals.c.shape == number, event_totals.c.user_id.in_(some)
            connection.execute(delete(event_totals).where(*before))
    rows = [
        {"shape": number, "user_id": user, "body": body.decode()} for (number, user), body in bodies.items()
    ]
    if rows:
        connection.execute(insert(event_totals), rows)


def numbers_of(connection: Connection, type: str) -> dict[str, int]:
    """Of the shapes of a type, by name."""
    query = select(shapes).where(shapes.c.type == type)
    return {row.name: row.number for row in connection.execute(query)}


def forget(connection: Connection, numbers: Collection[int]) -> None:
    """Totals that do not tell all of it, and so nothing."""
    for number in numbers:
        connection.execute(delete(event_totals).where(event_totals.c.shape == number))
        connection.execute(delete(shapes).where(shapes.c.number == number))


def set_complete(connection: Connection, type: str, is_complete: bool) -> None:
    connection.execute(update(shapes).where(shapes.c.type == type).values(is_complete=is_complete))


def erase(connection: Connection, user: str) -> int:
    """How many events were known of the user that are no longer kept."""
    connection.execute(delete(event_totals).where(event_totals.c.user_id == user))
    return connection.execute(delete(dropped_events).where(dropped_events.c.user_id == user)).rowcount


def fold(
    connection: Connection,
    type: str,
    events: Sequence[RecordedEvent],
    folds: Mapping[str, Fold],
    *,
    is_complete: bool,
) -> None:
    """Add events of a type to the totals of their users. `is_complete`: of those that begin now."""
    numbers = only(connection, type, folds, is_complete=is_complete)
    if not folds:
        return
    by_user = of_users(events)
    before = bodies_of(connection, list(numbers.values()), list(by_user))
    after = {
        (numbers[name], user): each.added(before.get((numbers[name], user)), found)
        for user, found in by_user.items()
        for name, each in folds.items()
    }
    write(connection, after)
    note(connection, events, max(numbers.values()))


def only(connection: Connection, type: str, wanted: Collection[str], *, is_complete: bool) -> dict[str, int]:
    """The numbers of these shapes of a type, which are all that it has from here on."""
    numbers = numbers_of(connection, type)
    forget(connection, [number for name, number in numbers.items() if name not in wanted])
    if new := [name for name in wanted if name not in numbers]:
        rows = [{"name": name, "type": type, "is_complete": is_complete} for name in new]
        connection.execute(insert(shapes), rows)
    return numbers_of(connection, type)


def of_users(events: Sequence[RecordedEvent]) -> Mapping[str, list[RecordedEvent]]:
    found: defaultdict[str, list[RecordedEvent]] = defaultdict(list)
    for event in events:
        found[event.user].append(event)
    return found


# ---- events that were dropped


def note(connection: Connection, events: Sequence[RecordedEvent], newest: int) -> None:
    """`newest`: number of the newest shape that they were folded into."""
    rows = [
        {
            "id": digests.of_id(event.id),
            "event": digests.of_event(event),
            "user_id": event.user,
            "shapes": newest,
        }
        for event in events
    ]
    connection.execute(insert(dropped_events), rows)


def dropped(connection: Connection, ids: Collection[str]) -> dict[str, bytes]:
    """By id, the digests of those events that were folded and dropped."""
    of_digest = {digests.of_id(id): id for id in ids}
    found: dict[str, bytes] = {}
    for some in chunks(list(of_digest)):
        query = select(dropped_events).where(dropped_events.c.id.in_(some))
        found |= {of_digest[row.id]: row.event for row in connection.execute(query)}
    return found


def take_out(connection: Connection, events: Sequence[RecordedEvent], folds: Folds) -> None:
    """Events that were folded are kept again: every total that holds one does so no more. One that cannot be told is forgotten."""
    for event in events:
        of_event = dropped_events.c.id == digests.of_id(event.id)
        newest = connection.execute(select(dropped_events.c.shapes).where(of_event)).scalar_one()
        connection.execute(delete(dropped_events).where(of_event))
        numbers = numbers_of(connection, event.type)
        holding = {name: number for name, number in numbers.items() if number <= newest}
        of_type = folds.get(event.type, {})
        forget(connection, [number for name, number in holding.items() if name not in of_type])
        names = {number: name for name, number in holding.items() if name in of_type}
        before = bodies_of(connection, list(names), [event.user])
        write(
            connection,
            {place: of_type[names[place[0]]].without(body, [event]) for place, body in before.items()},
        )
