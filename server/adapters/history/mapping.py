"""What the columns of foreign files mean: a mapping, written in TOML (docs/replay.md).

    zone = "America/New_York"
    [[event]]
    type = "purchase"
    user = "customer"
    time = { from = "day", format = "%Y%m%d" }
    fields.quantity = { from = "discs", as = "int" }

What stands for a value is the name of a column, or an expression of DuckDB over columns.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

AS = ("text", "int", "number", "flag", "date", "instant", "money", "json")
DATED = ("date", "instant")


class MappingWrong(Exception):
    """The text says what is wrong with a mapping, in words."""


@dataclass(frozen=True, slots=True)
class Column:
    """A value of each row. `kind`: one of AS; empty is as the file has it. `format`: of a date or instant, as `strptime` has it.
    `currency`: of money."""

    source: str
    kind: str = ""
    format: str = ""
    currency: str = ""


Fields = Mapping[str, Column] | Column
"""By name; or a column that has them all, as a JSON object."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """Rows that say what is known of a user. `where`: which; empty is all."""

    user: Column
    fields: Fields
    where: str = ""


@dataclass(frozen=True, slots=True)
class Members:
    """Rows that put a user on a list."""

    user: Column
    list: str | Column
    where: str = ""


@dataclass(frozen=True, slots=True)
class Events:
    """Rows that are an event each. `type`: a column, or the name itself. `id`: columns; none is made of all that the event says.
    `arrived`: None is when it happened."""

    user: Column
    fields: Fields
    type: str | Column
    time: Column
    id: tuple[Column, ...] = ()
    arrived: Column | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class FileMapping:
    """`zone`: of times without an offset; empty where none is said. `csv`: options of DuckDB's `read_csv`."""

    zone: str = ""
    csv: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Events, ...] = ()
    profiles: tuple[Profiles, ...] = ()
    members: tuple[Members, ...] = ()


def read_mapping(text: str) -> FileMapping:
    """Raises MappingWrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingWrong(f"it is no TOML: {str(error).lower()}") from error
    require(document, "the mapping", (), ("zone", "csv", "event", "profile", "member"))
    return FileMapping(
        document.get("zone", ""),
        document.get("csv", {}),
        tuple(map(events_of, document.get("event", ()))),
        tuple(map(profiles_of, document.get("profile", ()))),
        tuple(map(members_of, document.get("member", ()))),
    )


def events_of(table: Any) -> Events:
    require(table, "[[event]]", ("type", "user", "time"), ("id", "arrived", "where", "fields"))
    id = table.get("id", ())
    return Events(
        type=name_or_column(table["type"], "type"),
        time=instant(table["time"], "time"),
        id=tuple(column(each, "id") for each in ([id] if isinstance(id, str | dict) else id)),
        arrived=instant(table["arrived"], "arrived") if "arrived" in table else None,
        fields=fields_of(table),
        **rows(table),
    )


def profiles_of(table: Any) -> Profiles:
    require(table, "[[profile]]", ("user",), ("where", "fields"))
    return Profiles(fields=fields_of(table), **rows(table))


def members_of(table: Any) -> Members:
    require(table, "[[member]]", ("list", "user"), ("where",))
    return Members(list=name_or_column(table["list"], "list"), **rows(table))


def rows(table: Mapping[str, Any]) -> dict[str, Any]:
    return {"user": column(table["user"], "user"), "where": table.get("where", "")}


def fields_of(table: Mapping[str, Any]) -> Fields:
    fields = table.get("fields", {})
    if isinstance(fields, str):
        return Column(fields, "json")
    return {name: column(value, f"fields.{name}") for name, value in fields.items()}


def name_or_column(value: Any, place: str) -> str | Column:
    return value if isinstance(value, str) else column(value, place)


def instant(value: Any, place: str) -> Column:
    found = column({"as": "instant", **value} if isinstance(value, dict) else value, place)
    if found.kind not in ("", "instant"):
        raise MappingWrong(f"`{place}` is an instant and cannot be read as `{found.kind}`")
    return found


def column(value: Any, place: str) -> Column:
    if isinstance(value, str):
        return Column(value)
    require(value, f"`{place}`", ("from",), ("as", "format", "currency"))
    kind = value.get("as", "")
    if kind and kind not in AS:
        raise MappingWrong(f"`{place}` cannot be read as `{kind}`; say one of {', '.join(AS)}")
    if (kind == "money") != ("currency" in value):
        raise MappingWrong(f"`{place}`: money needs a `currency`, and nothing else has one")
    if kind not in DATED and "format" in value:
        raise MappingWrong(
            f"`{place}`: a `format` is of what is read as {' or '.join(DATED)}; say so with `as`"
        )
    return Column(value["from"], kind, value.get("format", ""), value.get("currency", ""))


def require(table: Any, place: str, needed: tuple[str, ...], others: tuple[str, ...]) -> None:
    if not isinstance(table, dict):
        raise MappingWrong(f"{place} is a column, or a table with {' and '.join(needed)}")
    for name in needed:
        if name not in table:
            raise MappingWrong(f"{place} lacks `{name}`")
    for name in table:
        if name not in (*needed, *others):
            raise MappingWrong(f"{place} has no `{name}`; it may have {', '.join((*needed, *others))}")
