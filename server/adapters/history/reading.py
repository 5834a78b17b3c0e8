"""Reads an event history, batch after batch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from server.adapters.history.importing import EVENTS, MEMBERS, PROFILES
from server.replay.history import Arrival, Learned

ROWS = 8192
"""In memory at once."""
INSTANT = pa.timestamp("us", tz="UTC")


class ParquetHistory:
    """A directory that `import_files` or `import_log` filled."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def events(self, *, by_time: bool = False) -> Iterator[Arrival]:
        for batch in self._by_time() if by_time else self._batches(EVENTS):
            instants = (batch[name].cast(INSTANT).cast(pa.int64()) for name in ("time", "arrived"))
            texts = (batch[name] for name in ("id", "type", "user", "fields", "place"))
            columns = (each.to_pylist() for each in (*texts, *instants))
            for id, type, user, fields, place, time, arrived in zip(*columns, strict=True):
                yield Arrival(id, type, user, time, arrived, fields.encode(), place)

    def count(self) -> int:
        rows: int = pq.read_metadata(self._directory / f"{EVENTS}.parquet").num_rows
        return rows

    def profiles(self) -> Iterator[Learned]:
        for batch in self._batches(PROFILES):
            users, attributes = (batch[name].to_pylist() for name in ("user", "attributes"))
            since = batch["since"].cast(INSTANT).cast(pa.int64()).to_pylist()
            yield from map(Learned, users, map(orjson.loads, attributes), since)

    def members(self) -> Iterator[tuple[str, str]]:
        for batch in self._batches(MEMBERS):
            for row in batch.to_pylist():
                yield row["list"], row["user"]

    def _by_time(self) -> Iterator[Any]:
        """Those of one instant as they arrived."""
        file = str(self._directory / f"{EVENTS}.parquet")
        rows = "SELECT * EXCLUDE file_row_number FROM read_parquet(?, file_row_number = true)"
        with duckdb.connect() as db:
            found: Any = db.sql(f"{rows} ORDER BY time, file_row_number", params=[file])
            yield from found.to_arrow_reader(ROWS)

    def _batches(self, kind: str) -> Iterator[Any]:
        with pq.ParquetFile(self._directory / f"{kind}.parquet") as file:
            yield from file.iter_batches(batch_size=ROWS)
