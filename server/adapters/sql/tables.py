"""The tables, in types that SQLite and MariaDB have. Instants are microseconds. What changes here is a migration, too."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects.mysql import BINARY, LONGBLOB, LONGTEXT

metadata = MetaData()

# SQLite counts rows by INTEGER keys alone.
Counter = BigInteger().with_variant(Integer, "sqlite")
Id = String(256)
# MariaDB has several sizes, of which TEXT and BLOB end at 64 KiB.
Long = Text().with_variant(LONGTEXT, "mysql", "mariadb")
Digest = LargeBinary(16).with_variant(BINARY(16), "mysql", "mariadb")
Bytes = LargeBinary().with_variant(LONGBLOB, "mysql", "mariadb")


def key(name: str) -> Column[str]:
    """A column of ids that takes part in the primary key."""
    return Column(name, Id, primary_key=True)


rule_sets = Table(
    "rule_sets",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("files", Long, nullable=False),  # JSON
    Column("time", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column(
        "checksum", String(64)
    ),  # SHA-256 of the files as they are kept; none of what an earlier release kept
    Index("rule_sets_by_time", "time", "version"),
)

releases = Table(
    "releases",
    metadata,
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("version", String(64), nullable=False, index=True),
    Column("time", BigInteger, nullable=False),
    Column("brings_back", BigInteger, nullable=False),  # an epoch
    Column("share", String(64), nullable=False),  # a fraction: 1/10
    Column("rest", String(64), index=True),
    Column("shadow", String(64)),
    Column("sample", String(64), nullable=False, server_default="0"),  # a fraction
    Column("crowd", Long),
)

acts = Table(
    "acts",  # never changed
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("version", String(64), nullable=False),
    Column("deed", String(32), nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("actor", Id, nullable=False),
    Column("reason", Long, nullable=False),
    Column("epoch", BigInteger),
    Index("acts_of_version", "version", "id"),
)

schedules = Table(
    "schedules",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("due", BigInteger, nullable=False),
    Column("actor", Id, nullable=False),
    Column("reason", Long, nullable=False),
    Column("share", String(64), nullable=False),  # a fraction: 1/10
    Column("retire_plans", Boolean, nullable=False),
    Column("crowd", Long),
)

profiles = Table("profiles", metadata, key("user_id"), Column("attributes", Long, nullable=False))

events = Table(
    "events",
    metadata,
    key("id"),
    Column("type", Id, nullable=False),
    Column("user_id", Id, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("fields", Long, nullable=False),
    Column("judge_at", BigInteger, index=True),  # its time while its triggers have not been looked at
    Index("events_to_judge", "user_id", "judge_at"),
    Index("events_of_user", "user_id", "type", "time"),
    Index("events_of_type", "type", "time"),
)

shapes = Table(
    "shapes",
    metadata,
    Column("number", Counter, primary_key=True, autoincrement=True),
    Column("name", String(640), nullable=False),
    Column("type", Id, nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Index("shapes_by_name", "name", unique=True),
    sqlite_autoincrement=True,  # a later shape has a greater number
)

event_totals = Table(
    "event_totals",
    metadata,
    Column("shape", BigInteger, primary_key=True, autoincrement=False),
    key("user_id"),
    Column("body", Long, nullable=False),  # a JSON object
    Index("event_totals_of_user", "user_id"),
)

dropped_events = Table(
    "dropped_events",
    metadata,
    Column("id", Digest, primary_key=True),
    Column("event", Digest, nullable=False),
    Column("user_id", Id, nullable=False),
    Column("shapes", BigInteger, nullable=False),  # the greatest number of those that it was folded into
    Index("dropped_events_of_user", "user_id"),
)

horizons = Table("horizons", metadata, key("type"), Column("known_since", BigInteger, nullable=False))

lists = Table(
    "lists",
    metadata,
    key("name"),
    Column("version", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
)
members = Table("members", metadata, key("list"), key("user_id"))

users = Table(
    "users",
    metadata,
    key("user_id"),
    Column("revision", BigInteger, nullable=False),
    Column("turn_of", String(64)),
    Column("turn_ends", BigInteger),
)

locks = Table("locks", metadata, Column("name", String(320), primary_key=True))

contacts = Table(
    "contacts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user_id", Id, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("lease", BigInteger),  # null once nothing ends it
    Column("token", BigInteger, nullable=False),
    Column("dispatched_by", Id, nullable=False),
    Column("plan", Id, nullable=False),
    Column("activity", Id, nullable=False),
    Column("occurrence", String(768), nullable=False),
    Column("channel", Id, nullable=False),
    Column("tags", Long, nullable=False),  # a JSON array
    Column("counted", Boolean, nullable=False),
    Column("campaign", Id),
    Column("content", Long, nullable=False),
    Column("arguments", Long, nullable=False),  # a JSON object
    Column("version", String(64), nullable=False),
    Column("decision_id", String(64), nullable=False),
    Column("spends", Long, nullable=False),  # a JSON array
    Column("completes", String(768)),  # an occurrence
    Column("duplicate", Boolean, nullable=False, server_default="0"),
    Index("contacts_of_user", "user_id", "time"),
    Index("contacts_by_lease", "lease"),
    Index("contacts_by_time", "time"),
    Index("contacts_by_state", "state", "time", "id"),
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

totals = Table(
    "spending_totals",
    metadata,
    key("owner"),
    Column("since", BigInteger, primary_key=True),
    Column("amount", BigInteger, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("key", String(768), primary_key=True),
    Column("user_id", Id, nullable=False, index=True),
    Column("time", BigInteger, nullable=False, index=True),
    Column("fingerprint", Bytes, nullable=False),
    Column("answer", Bytes, nullable=False),
)

occurrences = Table(
    "occurrences",
    metadata,
    key("user_id"),
    key("activity"),
    key("event_id"),
    Column("plan", Id, nullable=False),
    Column("occurrence", String(768), nullable=False),
    Column("version", String(64), nullable=False),
    Column("decide", Id, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Column("wake", BigInteger, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("user_id", Id, nullable=False),
    Column("time", BigInteger, nullable=False, index=True),
    Column("answer", Bytes, nullable=False),
    Column("relay_at", BigInteger, index=True),  # null once it was relayed
    Index("outbox_to_relay", "user_id", "relay_at"),
    sqlite_autoincrement=True,  # an id is never given twice, also when all before were dropped
)
