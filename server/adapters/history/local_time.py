"""Times of foreign files that say no offset: wall times of the mapping's zone, read as docs/language/time.md has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from compiler.calendar.offsets import offset_table
from server.adapters.history.expressions import INSTANT, Expressions, parsed
from server.adapters.history.mapping import Column, MappingWrong
from server.adapters.history.sources import ROW, text
from server.replay.report import LeftOut

DAY = 86_400_000_000
OFFSET = r":\d\d(\.\d+)?\s*([a-z][a-z0-9_/+-]*|[+-]\d\d(:?\d\d){0,2})$"
"""What a time with an offset or a zone ends in."""
SHIFTS = "CREATE TEMP TABLE shifts (day DATE, first TIMESTAMP, last TIMESTAMP, instant TIMESTAMPTZ, is_gap BOOLEAN)"
SHIFT = "make_timestamp(?)"
REMARKS = {
    True: "its {} is one that clocks skipped; taken as when they went forward",
    False: "its {} is one that clocks showed twice; taken as the later",
}
"""By whether it is in a gap."""
NO_ZONE = 'the {} of `{}` has no offset in row {}: say `zone = "Europe/Berlin"`, or whose they are'


@dataclass(frozen=True, slots=True)
class Wall:
    """A time of each row, where it has no offset. `name`: for remarks; `time`: SQL that has it, or NULL; `settled`: assignments of SQL that put it
    right, to `unsettled.instant`."""

    name: str
    time: str
    settled: str = ""


def wall_of_field(name: str, column: Column, over: Expressions) -> Wall:
    found = f"strftime(timezone('UTC', unsettled.instant), '{INSTANT}')"
    patched = f"fields = json_merge_patch(fields, json_object({text(name)}, {found}))"
    return Wall(f"`{name}`", wall(column, over), patched)


def load_shifts(db: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Fills a table with the wall times that the clocks of a zone skip or show twice, day by day."""
    db.execute(SHIFTS)
    row = f"{SHIFT}::DATE, {SHIFT}, {SHIFT}, timezone('UTC', {SHIFT}), ?"
    if rows := list(shifts(zone)):
        db.executemany(f"INSERT INTO shifts VALUES ({row})", rows)


def shifts(zone: str) -> Iterator[tuple[int, int, int, int, bool]]:
    table = offset_table(zone)
    for instant, before, after in zip(table.transitions, table.offsets, table.offsets[1:], strict=False):
        first, last = instant + min(before, after), instant + max(before, after)
        for day in range(first // DAY * DAY, last, DAY):
            yield day, first, last, instant, after > before


def wall(column: Column, over: Expressions) -> str:
    """The wall time, in SQL; NULL of a time that has an offset."""
    made = parsed(over.raw(column.source), column)
    if column.format:
        has_offset = str("%z" in column.format or "%Z" in column.format)
    else:
        has_offset = f"regexp_matches(CAST({made} AS VARCHAR), '{OFFSET}', 'i')"
    return f"CASE WHEN NOT {has_offset} THEN TRY_CAST({made} AS TIMESTAMP) END"


def require_zone(db: duckdb.DuckDBPyConnection, wall: Wall, file: str) -> None:
    """Without one no wall time is an instant. Raises MappingWrong."""
    found = db.execute(f"SELECT min({ROW}) FROM source WHERE {wall.time} IS NOT NULL").fetchall()[0][0]
    if found is not None:
        raise MappingWrong(NO_ZONE.format(wall.name, file, found))


def settle(db: duckdb.DuckDBPyConnection, wall: Wall, start: int, file: str) -> list[LeftOut]:
    """Put times that clocks skipped right, in rows staged from `start` on; what is to be known of them and of those shown twice."""
    db.execute(
        "CREATE OR REPLACE TEMP TABLE unsettled AS SELECT row, instant, is_gap FROM "
        f"(SELECT {ROW} AS row, {wall.time} AS wall FROM source) JOIN shifts ON wall::DATE = day AND wall >= first AND wall < last"
    )
    same = f"staged.row = unsettled.row AND staged.rowid >= {start} AND why IS NULL"
    if wall.settled:
        db.execute(f"UPDATE staged SET {wall.settled} FROM unsettled WHERE {same} AND is_gap")
    counted = f"SELECT is_gap, count(*), min(staged.row) FROM staged JOIN unsettled ON {same} GROUP BY is_gap"
    found = db.execute(f"{counted} ORDER BY is_gap").fetchall()
    return [
        LeftOut(REMARKS[is_gap].format(wall.name), count, f"{file}:{row}") for is_gap, count, row in found
    ]
