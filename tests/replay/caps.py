"""A cap, counted in SQL: of the contacts that somebody is to have, in order, each goes out unless so many did within the window before it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from cli.purchases import EXAMPLE

DAY = 86_400_000_000
WALK = """
WITH RECURSIVE
wished AS (SELECT "user", time, row_number() OVER (PARTITION BY "user" ORDER BY time, place) AS number FROM ({wished})),
walk AS (
  SELECT DISTINCT "user", 0::BIGINT AS number, []::BIGINT[] AS sent FROM wished
  UNION ALL
  SELECT "user", wished.number,
    CASE WHEN len(list_filter(sent, lambda each: each > time - {window})) < {cap} THEN list_append(sent, time) ELSE sent END
  FROM walk JOIN wished USING ("user") WHERE wished.number = walk.number + 1
)
SELECT "user", max(len(sent)) AS sent FROM walk GROUP BY "user" HAVING sent > 0
"""
CDNOW = f"""
SELECT CAST(CAST(line[2:6] AS INTEGER) AS VARCHAR) AS "user", number AS place,
  epoch_us(timezone('America/New_York', strptime(line[13:20], '%Y%m%d') + INTERVAL 12 HOUR)) AS time
FROM (SELECT line, row_number() OVER () AS number FROM read_csv('{EXAMPLE / "purchases.txt"}', header = false, delim = '\\n', names = ['line']))
"""


def sent(wished: str, cap: int, days: int) -> dict[str, int]:
    """By user. `wished`: a query for user, time in microseconds, and place among those of the same time."""
    query = WALK.format(wished=wished, window=days * DAY, cap=cap)
    return dict(duckdb.execute(query).fetchall())


def some(wished: str, every: int) -> str:
    """Of users whose number is a multiple of `every`."""
    return f'SELECT * FROM ({wished}) WHERE CAST("user" AS BIGINT) % {every} = 0'


def invoices(file: Path, every: int) -> str:
    """What is written about to customers whose number is a multiple of `every`: each invoice once, however many lines it has, and each
    cancellation."""
    return f"""
    SELECT CAST(CAST(customer AS BIGINT) AS VARCHAR) AS "user", epoch_us(timezone('Europe/London', min(time))) AS time,
      min(number) AS place
    FROM (SELECT *, file_row_number AS number FROM read_parquet('{file}', file_row_number = true))
    WHERE customer IS NOT NULL AND customer % {every} = 0 GROUP BY customer, invoice
    """
