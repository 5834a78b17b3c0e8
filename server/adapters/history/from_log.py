"""An event history made of a decision log: what its decisions were told of."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from server.adapters.history.expressions import fault, is_instant
from server.adapters.history.importing import EVENTS, MEMBERS, PROFILES, Imported, staging, written
from server.adapters.log.archive import ParquetArchive
from server.replay.parts import unreadable

MASKED = '{"masked":true}'
COLUMNS = pa.schema(
    [
        ("decision_id", pa.string()),
        ("user", pa.string()),
        ("time", pa.int64()),
        ("facts", pa.string()),
    ]
)
ROWS = 10_000
"""Records in memory at once."""
DECISIONS = """
CREATE TEMP TABLE records_read (decision_id VARCHAR, "user" VARCHAR, time TIMESTAMPTZ, facts JSON, why VARCHAR);
CREATE TEMP VIEW decisions AS SELECT * FROM records_read WHERE why IS NULL
"""
FAULTS = (
    fault('"user" IS NULL', "`user` is not on record"),
    fault(f"NOT coalesce({is_instant('made')}, false)", "its `time` cannot be read"),
    fault("json_type(document) IS DISTINCT FROM 'OBJECT'", "its facts cannot be read"),
)
READ = f"""
INSERT INTO records_read SELECT decision_id, "user", made, document, coalesce({", ".join(FAULTS)})
FROM (SELECT *, make_timestamptz(time) AS made, TRY_CAST(facts AS JSON) AS document FROM records)
"""
BROKEN = "INSERT INTO staged (kind, file, row, why) SELECT '', 0, rowid + 1, why FROM records_read WHERE why IS NOT NULL"
LOST = "INSERT INTO staged (kind, file, row, why) SELECT '', 0, 0, ? FROM range(?)"
TOLD = f"""
INSERT INTO staged
SELECT '{EVENTS}', 0, row_number() OVER (ORDER BY time, type, id), id, type, "user", time, arrived, fields,
  coalesce({fault(f"contains(fields, '{MASKED}')", "a field of it is masked")}, {fault(f"(id || type || fields) IS NULL OR NOT coalesce({is_instant('time')}, false)", "an event in its facts cannot be read")})
FROM (
  SELECT event->>'event_id' AS id, event->>'event' AS type, "user", TRY_CAST(event->>'time' AS TIMESTAMPTZ) AS time, min(time) AS arrived,
    CAST(list_reduce(list(DISTINCT event->'fields' ORDER BY event->'fields'), lambda one, other: json_merge_patch(one, other)) AS VARCHAR) AS fields
  FROM (SELECT "user", time, unnest(from_json(facts->'events', '["JSON"]')) AS event FROM decisions)
  GROUP BY ALL
)
"""
"""Each decision has as many fields of an event as its question wanted: together they are all that any did."""
KNOWN = f"""
INSERT INTO staged
SELECT '{PROFILES}', 0, 0, NULL, NULL, "user", NULL, since, CAST(json_group_object(name, value) AS VARCHAR), NULL
FROM (
  SELECT "user", name, value, CASE WHEN number > 1 THEN time END AS since
  FROM (
    SELECT *, lag(value) OVER each AS before, row_number() OVER each AS number
    FROM (
      SELECT "user", time, decision_id, name, facts->'user'->name AS value
      FROM (SELECT *, unnest(json_keys(facts->'user')) AS name FROM decisions WHERE json_type(facts->'user') = 'OBJECT')
    )
    WHERE CAST(value AS VARCHAR) <> '{MASKED}'
    WINDOW each AS (PARTITION BY "user", name ORDER BY time, decision_id)
  )
  WHERE number = 1 OR value <> before
)
GROUP BY "user", since
"""
"""Each decision has as many attributes as its question wanted. Each is known from the start as the first of them knew it, and is another from
when one of them knew it otherwise."""
LISTED = f"""
INSERT INTO staged
SELECT '{MEMBERS}', 0, 0, NULL, unnest(from_json(lists, '["VARCHAR"]')), "user", NULL, NULL, NULL, NULL
FROM (SELECT "user", arg_max(facts->'lists', (time, decision_id)) AS lists FROM decisions WHERE (facts->'lists') IS NOT NULL GROUP BY "user")
"""
"""As the last decision knew them."""


def import_log(log: Path, directory: Path) -> Imported:
    """Write an event history into a directory. An event arrives when the first decision knew of it. Raises OSError."""
    with staging(directory, "UTC") as db:
        db.execute(DECISIONS)
        read(db, ParquetArchive(log))
        for query in (BROKEN, TOLD, KNOWN, LISTED):
            db.execute(query)
        return written(db, directory, [log.name])


def read(db: duckdb.DuckDBPyConnection, archive: ParquetArchive) -> None:
    """All records; of a file that is damaged those that can be had."""
    for part in archive.parts():
        rows, had = archive.read(part, COLUMNS.names), 0
        try:
            while some := list(islice(rows, ROWS)):
                db.register("records", pa.Table.from_pylist(some, COLUMNS))
                db.execute(READ)
                had += len(some)
        except OSError as error:
            left = max(1, part.records - had)
            db.execute(LOST, [unreadable(part, error), left])
