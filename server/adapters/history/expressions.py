"""What a mapping says of values, in the SQL of DuckDB. An expression that fails is NULL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from compiler.types import INSTANT_MAX, INSTANT_MIN
from compiler.wire.time_text import write_instant
from server.adapters.history.mapping import Column, Fields
from server.adapters.history.sources import quoted, text

FIRST, LAST = (write_instant(each) for each in (INSTANT_MIN, INSTANT_MAX))
INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True)
class Expression:
    """`raw`: what stands in the file, `made`: what it was made. `fault`: the reason why a row cannot be used, or NULL."""

    raw: str
    made: str
    fault: str


def plain(raw: str, column: Column) -> str:
    return raw


def as_type(type: str) -> Callable[[str, Column], str]:
    return lambda raw, column: f"TRY_CAST({raw} AS {type})"


def as_flag(raw: str, column: Column) -> str:
    """Of numbers 1 and 0 alone."""
    return f"TRY_CAST(trim(CAST({raw} AS VARCHAR)) AS BOOLEAN)"


def as_int(raw: str, column: Column) -> str:
    """Nothing is rounded."""
    whole = f"TRY_CAST({raw} AS BIGINT)"
    return f"CASE WHEN TRY_CAST({raw} AS DOUBLE) = {whole} THEN {whole} END"


def as_number(raw: str, column: Column) -> str:
    number = f"TRY_CAST({raw} AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def as_instant(raw: str, column: Column) -> str:
    return f"strftime(timezone('UTC', {instant(raw, column)}), '{INSTANT}')"


def as_date(raw: str, column: Column) -> str:
    return f"CAST(TRY_CAST({parsed(raw, column)} AS DATE) AS VARCHAR)"


def as_money(raw: str, column: Column) -> str:
    amount = f"CAST(TRY_CAST({raw} AS DECIMAL(38, 6)) AS VARCHAR)"
    return f"CASE WHEN {amount} IS NOT NULL THEN json_object('amount', {amount}, 'currency', {text(column.currency)}) END"


def instant(raw: str, column: Column) -> str:
    """As TIMESTAMPTZ; without an offset in the session's zone."""
    made = f"TRY_CAST({parsed(raw, column)} AS TIMESTAMPTZ)"
    return f"CASE WHEN {is_instant(made)} THEN {made} END"


def is_instant(made: str) -> str:
    """Whether it is one of the years that there are; DuckDB also knows others, and the infinite."""
    return f"{made} BETWEEN TIMESTAMPTZ '{FIRST}' AND TIMESTAMPTZ '{LAST}'"


def parsed(raw: str, column: Column) -> str:
    return f"try_strptime(CAST({raw} AS VARCHAR), {text(column.format)})" if column.format else raw


READ: Mapping[str, Callable[[str, Column], str]] = {
    "": plain,
    "text": as_type("VARCHAR"),
    "int": as_int,
    "number": as_number,
    "flag": as_flag,
    "date": as_date,
    "instant": as_instant,
    "money": as_money,
    "json": as_type("JSON"),
}
"""By what a value is read as."""
SUCH_AS: Mapping[str, str] = {
    "int": "`12`",
    "number": "`12.5`",
    "flag": "`yes`, `false` or `1`",
    "date": "`2026-03-02`",
    "instant": "`2026-03-02 10:00`",
    "money": "`19.90`",
    "json": '`{"a": 1}`',
}
"""What can be read, for who has something else."""


def none_such(name: str, kind: str, column: Column) -> str:
    """Why a value cannot be used."""
    such = f"as `{column.format}` has it" if column.format else f"such as {SUCH_AS.get(kind)}"
    return f"its `{name}` is no {kind}, {such}"


@dataclass(frozen=True, slots=True)
class Expressions:
    """Over a file that has these columns."""

    columns: Collection[str]

    def raw(self, source: str) -> str:
        """A column, though it be called like a word of SQL; or an expression."""
        is_column = source in self.columns or source.isidentifier()
        return f"source.{quoted(source)}" if is_column else f"TRY({source})"

    def value(self, column: Column, name: str) -> Expression:
        raw = self.raw(column.source)
        made = READ[column.kind](raw, column)
        why = none_such(name, column.kind or "text", column)
        return Expression(raw, made, fault(f"{raw} IS NOT NULL AND {made} IS NULL", why))

    def needed(self, column: Column, name: str) -> Expression:
        """As text, and there."""
        found = self.value(column, name)
        made = f"CAST({found.made} AS VARCHAR)"
        missing = fault(f"coalesce({made}, '') = ''", f"it has no `{name}`")
        return Expression(found.raw, made, f"coalesce({found.fault}, {missing})")

    def instant(self, column: Column, name: str) -> Expression:
        raw = self.raw(column.source)
        made = instant(raw, column)
        missing = fault(f"{raw} IS NULL", f"it has no `{name}`")
        unreadable = fault(f"{made} IS NULL", none_such(name, "instant", column))
        return Expression(raw, made, f"coalesce({missing}, {unreadable})")

    def fields(self, fields: Fields) -> Expression:
        """One JSON object, which is empty where nothing is said."""
        if isinstance(fields, Column):
            said = self.value(fields, "fields")
            return Expression(said.raw, f"coalesce({said.made}, '{{}}')", said.fault)
        found = {name: self.value(column, name) for name, column in fields.items()}
        members = ", ".join(f"{text(name)}, {each.made}" for name, each in found.items())
        faults = ", ".join(each.fault for each in found.values())
        return Expression(
            "NULL", f"json_object({members})", f"coalesce({faults}, NULL)" if faults else "NULL"
        )


def fault(condition: str, why: str) -> str:
    return f"CASE WHEN {condition} THEN {text(why)} END"
