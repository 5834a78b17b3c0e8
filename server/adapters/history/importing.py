"""Foreign files made an event history, by DuckDB: rows are read, mapped and put in order there, on disk where memory is short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import duckdb

from compiler.calendar.offsets import known_zone
from server.adapters.history.expressions import Expression, Expressions
from server.adapters.history.local_time import Wall, load_shifts, require_zone, settle, wall, wall_of_field
from server.adapters.history.mapping import (
    Column,
    Events,
    Fields,
    FileMapping,
    MappingWrong,
    Members,
    Profiles,
)
from server.adapters.history.sources import ROW, first_line, load, text
from server.replay.report import LeftOut

STAGED = (
    "kind VARCHAR, file INTEGER, row BIGINT, id VARCHAR, type VARCHAR, user_id VARCHAR, "
    "time TIMESTAMPTZ, arrived TIMESTAMPTZ, fields VARCHAR, why VARCHAR"
)
BROKEN = "it cannot be read"
NOTHING = Expression("NULL", "NULL", "NULL")
EVENTS, PROFILES, MEMBERS = "events", "profiles", "members"
WRITTEN = {
    EVENTS: 'id, type, user_id AS "user", time, arrived, fields, place',
    PROFILES: 'user_id AS "user", fields AS attributes, arrived AS since',
    MEMBERS: 'type AS list, user_id AS "user"',
}
"""The columns of each file of a history."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many of each there are. `left_out`: rows that could not be used. `backwards`: events that arrived before the one above
    them in their file, by their own account; they are put in order. `notes`: what else is to be known of rows."""

    events: int
    users: int
    profiles: int
    members: int
    left_out: tuple[LeftOut, ...]
    backwards: LeftOut | None = None
    notes: tuple[LeftOut, ...] = ()


def import_files(files: Sequence[Path], mapping: FileMapping, directory: Path) -> Imported:
    """Write an event history into a directory. Raises FileUnreadable, MappingWrong, OSError."""
    with staging(directory, mapping.zone or "UTC") as db:
        load_shifts(db, mapping.zone or "UTC")
        told = [each for number, file in enumerate(files) for each in stage(db, number, file, mapping)]
        made = replace(written(db, directory, [file.name for file in files]), notes=summed(told))
        say_arrival = any(each.arrived for each in mapping.events)
        return replace(made, backwards=backwards(db)) if say_arrival else made


def summed(told: Sequence[LeftOut]) -> tuple[LeftOut, ...]:
    """Each reason once, with the first of it."""
    found: dict[str, LeftOut] = {}
    for each in told:
        known = found.setdefault(each.why, replace(each, records=0))
        found[each.why] = replace(known, records=known.records + each.records)
    return tuple(found.values())


@contextmanager
def staging(directory: Path, zone: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the table of what is to be written into a directory. `zone`: of times without an offset."""
    directory.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as db:
        set_zone(db, zone)
        db.execute(f"CREATE TEMP TABLE staged ({STAGED})")
        yield db


def set_zone(db: duckdb.DuckDBPyConnection, zone: str) -> None:
    if not known_zone(zone):
        raise MappingWrong(f"`{zone}` is no time zone")
    db.execute(f"SET TimeZone = {text(zone)}")


def stage(db: duckdb.DuckDBPyConnection, number: int, file: Path, mapping: FileMapping) -> list[LeftOut]:
    """What is to be known of rows that are used, or that no table takes. Raises FileUnreadable, MappingWrong."""
    broken = load(db, file, mapping.csv)
    rows = [("", number, row, BROKEN) for row in broken]
    if rows:
        db.executemany("INSERT INTO staged (kind, file, row, why) VALUES (?, ?, ?, ?)", rows)
    if not db.execute("SELECT 1 FROM source LIMIT 1").fetchall():  # nor need there be columns
        return []
    columns = [name for name, *_ in db.execute("DESCRIBE source").fetchall()]
    over = Expressions(columns)
    try:
        staged = (stage_rows(db, *table, mapping.zone, file) for table in tables(mapping, over, number))
        return [*chain.from_iterable(staged), *untaken(db, mapping, file)]
    except duckdb.Error as error:
        known = ", ".join(columns)
        raise MappingWrong(f"it does not fit `{file}`: {first_line(error)}; columns: {known}") from error


def stage_rows(
    db: duckdb.DuckDBPyConnection, query: str, walls: Sequence[Wall], zone: str, file: Path
) -> Iterator[LeftOut]:
    """What is to be known of their times. Raises MappingWrong."""
    start = db.execute("SELECT count(*) FROM staged").fetchall()[0][0]
    db.execute(f"INSERT INTO staged {query}")
    for each in walls:
        if not zone:
            require_zone(db, each, file.name)
        yield from settle(db, each, start, file.name)


def untaken(db: duckdb.DuckDBPyConnection, mapping: FileMapping, file: Path) -> Iterator[LeftOut]:
    """Rows that fulfil no `where`."""
    tables: tuple[Events | Profiles | Members, ...] = (*mapping.events, *mapping.profiles, *mapping.members)
    taken = " OR ".join(f"coalesce(TRY({each.where}), false)" if each.where else "true" for each in tables)
    rest = f"SELECT count(*), min({ROW}) FROM source WHERE NOT ({taken or 'false'})"
    count, first = db.execute(rest).fetchall()[0]
    if count:
        yield LeftOut("no table of the mapping takes it", count, f"{file.name}:{first}")


def tables(mapping: FileMapping, over: Expressions, file: int) -> Iterator[tuple[str, list[Wall]]]:
    """What is to be staged, and the times in it."""
    for events in mapping.events:
        times = [*walls_of_event(events, over), *walls_of_fields(events.fields, over)]
        yield query(EVENTS, file, events.where, **of_event(events, over)), times
    for profiles in mapping.profiles:
        user, fields = over.needed(profiles.user, "user"), over.fields(profiles.fields)
        times = walls_of_fields(profiles.fields, over)
        yield query(PROFILES, file, profiles.where, user=user, fields=fields), times
    for members in mapping.members:
        user, list = over.needed(members.user, "user"), named(members.list, "list", over)
        yield query(MEMBERS, file, members.where, user=user, type=list), []


def walls_of_event(events: Events, over: Expressions) -> Iterator[Wall]:
    yield from (Wall("id", wall(each, over)) for each in events.id if each.kind == "instant")
    happened = "time = unsettled.instant"
    if events.arrived is None:
        yield Wall("time", wall(events.time, over), f"{happened}, arrived = unsettled.instant")
    else:
        yield Wall("time", wall(events.time, over), happened)
        yield Wall("time", wall(events.arrived, over), "arrived = unsettled.instant")


def walls_of_fields(fields: Fields, over: Expressions) -> list[Wall]:
    """A column that has them all says of each what it is."""
    columns = {} if isinstance(fields, Column) else fields
    return [wall_of_field(name, column, over) for name, column in columns.items() if column.kind == "instant"]


def of_event(events: Events, over: Expressions) -> Mapping[str, Expression]:
    time = over.instant(events.time, "time")
    found = {
        "user": over.needed(events.user, "user"),
        "type": named(events.type, "type", over),
        "time": time,
        "arrived": over.instant(events.arrived, "arrived") if events.arrived else time,
        "fields": over.fields(events.fields),
    }
    return {**found, "id": id_of(events.id, found, over)}


def id_of(columns: Sequence[Column], found: Mapping[str, Expression], over: Expressions) -> Expression:
    if columns:
        parts = [over.needed(each, "id") for each in columns]
        made = " || '-' || ".join(each.made for each in parts)
        return Expression("NULL", made, f"coalesce({', '.join(each.fault for each in parts)}, NULL)")
    said = ", ".join(f"CAST({found[name].made} AS VARCHAR)" for name in ("type", "user", "time", "fields"))
    return Expression("NULL", f"md5(concat_ws(chr(31), {said}))", "NULL")


def named(name: str | Column, place: str, over: Expressions) -> Expression:
    return Expression("NULL", text(name), "NULL") if isinstance(name, str) else over.needed(name, place)


def query(
    kind: str,
    file: int,
    where: str,
    *,
    user: Expression,
    id: Expression = NOTHING,
    type: Expression = NOTHING,
    time: Expression = NOTHING,
    arrived: Expression = NOTHING,
    fields: Expression = NOTHING,
) -> str:
    values = id, type, user, time, arrived, fields
    made = ", ".join(each.made for each in values)
    faults = ", ".join(each.fault for each in (user, id, type, time, arrived, fields))
    condition = f"TRY({where})" if where else "true"
    return f"SELECT '{kind}', {file}, {ROW}, {made}, coalesce({faults}) FROM source WHERE {condition}"


# ---- what comes of it


def written(db: duckdb.DuckDBPyConnection, directory: Path, names: Sequence[str]) -> Imported:
    db.execute("CREATE TEMP TABLE files (file INTEGER, name VARCHAR)")
    db.executemany("INSERT INTO files VALUES (?, ?)", list(enumerate(names)))
    db.execute(
        "CREATE TEMP VIEW placed AS SELECT *, name || ':' || row AS place FROM staged JOIN files USING (file)"
    )
    for kind, columns in WRITTEN.items():
        good = (
            f"SELECT {columns} FROM placed WHERE kind = '{kind}' AND why IS NULL ORDER BY arrived, file, row"
        )
        made = directory / f"{kind}.parquet"
        db.execute(f"COPY ({good}) TO {text(str(made))} (FORMAT parquet, COMPRESSION zstd)")
    counts = dict(db.execute("SELECT kind, count(*) FROM staged WHERE why IS NULL GROUP BY kind").fetchall())
    users = db.execute("SELECT count(DISTINCT user_id) FROM staged WHERE why IS NULL").fetchall()[0][0]
    found = {kind: counts.get(kind, 0) for kind in WRITTEN}
    return Imported(**found, users=users, left_out=left_out(db))


def left_out(db: duckdb.DuckDBPyConnection) -> tuple[LeftOut, ...]:
    grouped = (
        "SELECT why, count(*), arg_min(place, (file, row)) FROM placed WHERE why IS NOT NULL "
        "GROUP BY why ORDER BY count(*) DESC, why"
    )
    return tuple(LeftOut(*row) for row in db.execute(grouped).fetchall())


def backwards(db: duckdb.DuckDBPyConnection) -> LeftOut | None:
    before = (
        "max(arrived) OVER (PARTITION BY file ORDER BY row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    events = f"SELECT file, row, place, arrived < {before} AS is_back FROM placed WHERE kind = '{EVENTS}' AND why IS NULL"
    found = f"SELECT count(*), arg_min(place, (file, row)) FROM ({events}) WHERE is_back"
    count, first = db.execute(found).fetchall()[0]
    return LeftOut("it arrived before the one above it", count, first) if count else None
