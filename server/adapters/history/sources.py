"""Rows of a foreign file as a table of DuckDB, each with its number; broken ones are told by theirs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

ROW = "file_row"
"""The number of a row in its file, the head of a CSV file counted, in the table `source` and for expressions of a mapping."""
COLUMNS = f"COLUMNS(lambda name: lower(name) NOT IN ('{ROW}', 'file_row_number'))"
"""Of a file, but those that are called like what counts its rows."""


class FileUnreadable(Exception):
    """The text names the file and says why, in words."""


def load(db: duckdb.DuckDBPyConnection, file: Path, csv: Mapping[str, Any]) -> list[int]:
    """Fill the table `source`; the numbers of rows that are broken. Raises FileUnreadable."""
    reader = READERS.get(file.suffix)
    if reader is None:
        raise FileUnreadable(f"`{file}` is none of {', '.join(READERS)}")
    if not file.is_file():
        raise FileUnreadable(f"there is no file `{file}`")
    try:
        return reader(db, file, csv)
    except duckdb.Error as error:
        raise FileUnreadable(f"cannot read `{file}`: {first_line(error)}") from error


def first_line(error: duckdb.Error) -> str:
    return str(error).partition("\n")[0].partition(": ")[2].lower()


def load_parquet(db: duckdb.DuckDBPyConnection, file: Path, csv: Mapping[str, Any]) -> list[int]:
    rows = f"SELECT {COLUMNS}, file_row_number + 1 AS {ROW}"
    fill(db, f"{rows} FROM read_parquet(?, file_row_number = true)", [str(file)])
    return []


def load_csv(db: duckdb.DuckDBPyConnection, file: Path, csv: Mapping[str, Any]) -> list[int]:
    """DuckDB counts the rows that it rejects, but not among those that it returns."""
    options = {"header": True, **csv, "all_varchar": True, "store_rejects": True}
    named = ", ".join(f"{name} = ?" for name in options)
    db.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    good = f"SELECT {COLUMNS}, row_number() OVER () AS {ROW} FROM read_csv(?, {named})"
    db.execute(f"CREATE OR REPLACE TEMP TABLE good AS {good}", [str(file), *options.values()])
    head = 1 if options["header"] else 0
    db.execute(
        "CREATE OR REPLACE TEMP TABLE rejected AS SELECT line, number, line - number - ? AS before FROM "
        "(SELECT line, row_number() OVER (ORDER BY line) AS number FROM (SELECT DISTINCT line FROM reject_errors))",
        [head],
    )
    fill(
        db,
        f"SELECT good.* EXCLUDE {ROW}, good.{ROW} + ? + coalesce(rejected.number, 0) AS {ROW} "
        f"FROM good ASOF LEFT JOIN rejected ON good.{ROW} > rejected.before",
        [head],
    )
    return [line for (line,) in db.execute("SELECT line FROM rejected ORDER BY line").fetchall()]


def load_json_lines(db: duckdb.DuckDBPyConnection, file: Path, csv: Mapping[str, Any]) -> list[int]:
    """Members are columns of text; what is in braces or brackets is its JSON."""
    lines = "SELECT json, row_number() OVER () AS number FROM read_ndjson_objects(?, ignore_errors = true)"
    db.execute(f"CREATE OR REPLACE TEMP TABLE lines AS {lines}", [str(file)])
    keys = "SELECT DISTINCT unnest(json_keys(json)) AS name FROM lines WHERE json_type(json) = 'OBJECT'"
    names = [name for (name,) in db.execute(f"{keys} ORDER BY name DESC").fetchall() if name]
    members = "".join(f"{member(alike)} AS {quoted(alike[0])}, " for alike in spellings(names))
    whole = "json IS NOT NULL AND json_type(json) = 'OBJECT'"
    fill(db, f"SELECT {members} number AS {ROW} FROM lines WHERE {whole}", [])
    broken = f"SELECT number FROM lines WHERE ({whole}) IS NOT TRUE ORDER BY number"
    return [number for (number,) in db.execute(broken).fetchall()]


def fill(db: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> None:
    db.execute(f"CREATE OR REPLACE TEMP TABLE source AS {query}", values)


READERS: Mapping[str, Callable[[duckdb.DuckDBPyConnection, Path, Mapping[str, Any]], list[int]]] = {
    ".parquet": load_parquet,
    ".csv": load_csv,
    ".txt": load_csv,
    ".jsonl": load_json_lines,
}
"""By how a file's name ends."""


def spellings(names: Iterable[str]) -> Collection[list[str]]:
    """Names that are one in SQL, as it does not tell capitals; what counts rows is none."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name.lower(), []).append(name)
    found.pop(ROW, None)
    return found.values()


def member(names: Iterable[str]) -> str:
    """The first of these that an object has, by JSON Pointer (RFC 6901)."""
    paths = ("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
    return f"coalesce({', '.join(f'json->>{text(path)}' for path in paths)})"


def quoted(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"
