"""An event history made of a decision log: what its decisions were told of."""

from __future__ import annotations

from pathlib import Path

from server.adapters.history.importing import EVENTS, MEMBERS, PROFILES, Imported, staging, written
from server.adapters.log.archive import ParquetArchive

MASKED = '{"masked":true}'
TOLD = f"""
INSERT INTO staged
SELECT '{EVENTS}', 0, row_number() OVER (ORDER BY time, type, id), id, type, "user", time, arrived, fields,
  CASE WHEN contains(fields, '{MASKED}') THEN 'a field of it is masked' END
FROM (
  SELECT event->>'event_id' AS id, event->>'event' AS type, "user", CAST(event->>'time' AS TIMESTAMPTZ) AS time, min(time) AS arrived,
    CAST(list_reduce(list(DISTINCT event->'fields' ORDER BY event->'fields'), lambda one, other: json_merge_patch(one, other)) AS VARCHAR) AS fields
  FROM (SELECT "user", time, unnest(from_json(facts->'events', '["JSON"]')) AS event FROM decisions)
  GROUP BY ALL
)
"""
"""Each decision has as many fields of an event as its question wanted: together they are all that any did."""
KNOWN = f"""
INSERT INTO staged
SELECT '{PROFILES}', 0, 0, NULL, NULL, "user", NULL, NULL, arg_max(facts->>'user', (time, decision_id)), NULL
FROM decisions WHERE (facts->'user') IS NOT NULL AND NOT contains((facts->>'user'), '{MASKED}') GROUP BY "user"
"""
LISTED = f"""
INSERT INTO staged
SELECT '{MEMBERS}', 0, 0, NULL, unnest(from_json(lists, '["VARCHAR"]')), "user", NULL, NULL, NULL, NULL
FROM (SELECT "user", arg_max(facts->'lists', (time, decision_id)) AS lists FROM decisions WHERE (facts->'lists') IS NOT NULL GROUP BY "user")
"""
"""Users and lists as the last decision knew them."""


def import_log(log: Path, directory: Path) -> Imported:
    """Write an event history into a directory. An event arrives when the first decision knew of it. Raises OSError."""
    with staging(directory, "UTC") as db:
        db.register("records", ParquetArchive(log).dataset())
        kept = 'SELECT decision_id, "user", time, CAST(facts AS JSON) AS facts FROM records'
        db.execute(f"CREATE TEMP TABLE decisions AS {kept}")
        for query in (TOLD, KNOWN, LISTED):
            db.execute(query)
        return written(db, directory, [log.name])
