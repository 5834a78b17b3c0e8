"""The columns of a decision log in Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

INSTANT = pa.timestamp("us", tz="UTC")
REASON = pa.struct(
    [
        ("plan", pa.string()),
        ("fell_at", pa.string()),
        ("code", pa.string()),
        ("rule", pa.string()),
        ("location", pa.string()),
    ]
)
GATE = pa.struct([("plan", pa.string()), ("fell_at", pa.string()), ("verdict", pa.string())])

SCHEMA = pa.schema(
    [
        ("time", INSTANT),
        ("decision_id", pa.string()),
        ("kind", pa.string()),
        ("asked", pa.string()),
        ("user", pa.string()),
        ("verdict", pa.string()),
        ("plan", pa.string()),
        ("channel", pa.string()),
        ("until", INSTANT),
        ("occurrence", pa.string()),
        ("reasons", pa.list_(REASON)),
        ("gates", pa.list_(GATE)),
        ("version", pa.string()),
        ("plan_versions", pa.list_(pa.string())),
        ("tzdata_version", pa.string()),
        ("engine_version", pa.string()),
        ("reservation_id", pa.string()),
        ("latency_us", pa.int64()),
        ("advisory", pa.bool_()),
        ("degraded", pa.bool_()),
        ("missing", pa.list_(pa.string())),
        ("unavailable", pa.list_(pa.string())),
        ("request_id", pa.string()),
        ("masked", pa.bool_()),
        ("shadow_of", pa.string()),
        ("beside", pa.string()),
        ("facts", pa.string()),
        ("outcome", pa.string()),
    ]
)


def fitted(table: Any, names: Sequence[str]) -> Any:
    """The columns of these names, with their types; nothing in those that the table lacks."""
    count, fields = table.num_rows, [SCHEMA.field(name) for name in names]
    known = frozenset(table.column_names)
    return pa.table(
        [table[each.name] if each.name in known else pa.nulls(count, each.type) for each in fields],
        names=list(names),
    ).cast(pa.schema(fields))
