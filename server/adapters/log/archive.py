"""Reads a directory of decisions, while any number of processes write to it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from errno import EIO
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from server.adapters.log import parquet, segments, spill
from server.adapters.log.columns import SCHEMA, fitted
from server.adapters.log.names import locked
from server.adapters.log.parquet import finish, write_file
from server.adapters.log.rows import Row
from server.adapters.log.rule_files import kept_versions, read_rules
from server.adapters.log.segments import table_of
from server.ports.log import Erased, Part, Wanted
from server.ports.rules import RuleFiles

ROWS = 1_000
"""That are plain values at a time."""
CONDITIONS = {
    "id": "decision_id = ?",
    "user": '"user" = ?',
    "kind": "kind = ?",
    "plan": "plan = ?",
    "verdict": "verdict = ?",
    "reason": "list_contains([each.code for each in reasons] || [each.rule for each in reasons], ?)",
    "version": "starts_with(version, ?)",
    "shadow_of": "shadow_of = ?",
    "since": "epoch_us(time) >= ?",
    "until": "epoch_us(time) < ?",
}
"""What is asked for stands in the text of a query as `?` alone."""


class ParquetArchive:
    """A directory that `ParquetSink` fills."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @property
    def directory(self) -> Path:
        return self._directory

    def find(self, wanted: Wanted, most: int, after: int) -> list[Row]:
        import duckdb  # which takes memory that processes which only read need not have

        asked = {name: value for name in CONDITIONS if (value := getattr(wanted, name)) is not None}
        conditions = " AND ".join(["true", *(CONDITIONS[name] for name in asked)])
        query = f"SELECT * FROM decisions WHERE {conditions} ORDER BY time DESC, decision_id LIMIT ? OFFSET ?"
        try:
            with duckdb.connect() as connection:
                connection.register("decisions", self.dataset())
                found: Any = connection.sql(query, params=[*asked.values(), most, after]).to_arrow_table()
        except (duckdb.Error, pa.ArrowException) as error:
            if (name := self._damaged()) is None:
                raise
            raise OSError(EIO, f"`{name}` in it is damaged; move that file away") from error
        return list(plain_rows(found))

    def _damaged(self) -> str | None:
        """The first file that cannot be read."""
        files = sorted(self._directory.glob(parquet.PATTERN))
        return next((path.name for path in files if not is_readable(path)), None)

    def parts(self) -> list[Part]:
        opened = {path.stem for path in self._directory.glob(segments.PATTERN)}
        stored = {path.stem for path in self._directory.glob(parquet.PATTERN)}
        groups = (groups_of(self._directory / f"{stem}.parquet") for stem in sorted(stored))
        return [*chain.from_iterable(groups), *map(Part, sorted(opened - stored))]

    def read(self, part: Part, columns: Sequence[str] | None = None) -> Iterator[Row]:
        """Raises OSError for a file that is damaged, too."""
        names = SCHEMA.names if columns is None else columns
        try:
            for table in self._tables(part, names):
                yield from plain_rows(table)
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise OSError(EIO, "it is damaged") from error

    def _tables(self, part: Part, names: Sequence[str]) -> Iterator[Any]:
        """Of some rows each. What was a segment when parts were listed may have become a file."""
        if part.group is None:
            with suppress(FileNotFoundError):
                segment = open_segment(self._directory / f"{part.name}.arrows")
                yield from (fitted(pa.Table.from_batches([each]), names) for each in segment.to_batches(ROWS))
                return
        with pq.ParquetFile(self._directory / f"{part.name}.parquet") as file:
            known = [name for name in names if name in file.schema_arrow.names]
            groups = range(file.num_row_groups) if part.group is None else [part.group]
            for batch in file.iter_batches(ROWS, list(groups), known, use_threads=False):
                yield fitted(pa.Table.from_batches([batch]), names)

    def versions(self) -> list[str]:
        return kept_versions(self._directory)

    def rules(self, version: str) -> RuleFiles | None:
        return read_rules(self._directory, version)

    def erase(self, user: str) -> Erased:
        gone = left = 0
        for path in sorted(self._directory.glob(segments.PATTERN)):
            if file := locked(path, "rb"):
                with file:
                    finish(path, file)
            else:
                left += of_user(read_segment(path), user)
        for path in sorted(self._directory.glob(parquet.PATTERN)):
            gone += erase_from(path, user)
        for path in sorted(self._directory.glob(spill.PATTERN)):
            left += sum(orjson.loads(line)["user"] == user for line in spilled(path))
        return Erased(gone, left)

    def dataset(self) -> Any:
        """Segments are read before files are looked for: what becomes a file in between is then there twice, and known
        by its name."""
        import pyarrow.dataset as ds  # like duckdb

        opened = {path.stem: read_segment(path) for path in self._directory.glob(segments.PATTERN)}
        files = {path.stem: path for path in self._directory.glob(parquet.PATTERN)}
        still = [table for stem, table in opened.items() if stem not in files]
        stored = ds.dataset([str(path) for path in files.values()], schema=SCHEMA)
        return ds.dataset([stored, ds.dataset(pa.concat_tables([SCHEMA.empty_table(), *still]))])


def is_readable(path: Path) -> bool:
    try:
        pq.read_table(path, schema=SCHEMA)
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        return False
    return True


def groups_of(path: Path) -> list[Part]:
    try:
        found = pq.read_metadata(path)
    except (pa.ArrowException, OSError):
        return [Part(path.stem)]
    rows = (found.row_group(group).num_rows for group in range(found.num_row_groups))
    return [Part(path.stem, group, count) for group, count in enumerate(rows)]


def plain_rows(table: Any) -> Iterator[Row]:
    names = table.column_names
    values = map(plain_column, table.columns)
    return (dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))


def plain_column(values: Any) -> list[Any]:
    """Instants as microseconds."""
    return (values.cast(pa.int64()) if pa.types.is_timestamp(values.type) else values).to_pylist()  # type: ignore[no-any-return]


def read_segment(path: Path) -> Any:
    try:
        return open_segment(path)
    except FileNotFoundError:  # it has become a file
        return SCHEMA.empty_table()


def open_segment(path: Path) -> Any:
    with path.open("rb") as file:
        return table_of(file)


# ---- erasing


def of_user(rows: Any, user: str) -> int:
    count: int = pc.sum(pc.equal(rows["user"], user)).as_py() or 0
    return count


def erase_from(path: Path, user: str) -> int:
    """How many records a file held. It stays as old as it was."""
    found = path.stat()
    table = pq.read_table(path, schema=SCHEMA)
    count = of_user(table, user)
    if count == table.num_rows:
        path.unlink()
    elif count:
        write_file(table.filter(pc.not_equal(table["user"], user)), path)
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    return count


def spilled(path: Path) -> list[bytes]:
    """The whole lines of a file, those that were dealt with too."""
    *lines, _ = path.read_bytes()[spill.HEAD :].split(b"\n")
    return lines
