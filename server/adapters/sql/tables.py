"""The tables of the embedded store, in types that MariaDB has too. Instants are microseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

# SQLite counts rows by INTEGER keys alone.
Counter = BigInteger().with_variant(Integer, "sqlite")
Id = String(256)


def key(name: str) -> Column[str]:
    """A column of ids that takes part in the primary key."""
    return Column(name, Id, primary_key=True)


rule_sets = Table(
    "rule_sets",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("files", Text, nullable=False),  # JSON
)

activations = Table(
    "activations",
    metadata,
    Column("epoch", Counter, primary_key=True, autoincrement=True),
    Column("version", String(64), nullable=False, index=True),
    Column("time", BigInteger, nullable=False),
)

profiles = Table("profiles", metadata, key("user_id"), Column("attributes", Text, nullable=False))

events = Table(
    "events",
    metadata,
    key("id"),
    Column("type", Id, nullable=False),
    Column("user_id", Id, nullable=False),
    Column("time", BigInteger, nullable=False, index=True),
    Column("fields", Text, nullable=False),
    Index("events_of_user", "user_id", "type", "time"),
)

lists = Table("lists", metadata, key("name"))
members = Table("members", metadata, key("list"), key("user_id"))

touches = Table(
    "touches",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("user_id", Id, nullable=False),
    Column("shadow", Boolean, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("activity", Id, nullable=False),
    Column("channel", Id, nullable=False),
    Column("tags", Text, nullable=False),  # a JSON array
    Column("counted", Boolean, nullable=False),
    Column("campaign", Id),
    Column("occurrence", String(768), nullable=False),
    Index("touches_of_user", "user_id", "time"),
)

spending = Table(
    "spending",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("owner", Id, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Index("spending_of_owner", "owner", "time"),
)
