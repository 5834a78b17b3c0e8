"""The first tables. Like each migration it can be run again: MariaDB undoes no tables when one ends half-way."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Text,
)
from sqlalchemy.dialects.mysql import LONGBLOB, LONGTEXT

revision = "0001"
down_revision = None

Id = String(256)
Version = String(64)
Long = Text().with_variant(LONGTEXT, "mysql", "mariadb")
Bytes = LargeBinary().with_variant(LONGBLOB, "mysql", "mariadb")
Counter = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    grants()
    what_waits()
    budgets()
    facts()
    rules()
    locked()


def grants() -> None:
    op.create_table(
        "answers",
        Column("key", String(768), nullable=False),
        Column("user_id", Id, nullable=False),
        Column("time", BigInteger(), nullable=False),
        Column("fingerprint", Bytes, nullable=False),
        Column("answer", Bytes, nullable=False),
        PrimaryKeyConstraint("key"),
        if_not_exists=True,
    )
    op.create_index("ix_answers_time", "answers", ["time"], if_not_exists=True)
    op.create_index("ix_answers_user_id", "answers", ["user_id"], if_not_exists=True)

    op.create_table(
        "contacts",
        Column("id", Version, nullable=False),
        Column("user_id", Id, nullable=False),
        Column("time", BigInteger(), nullable=False),
        Column("state", String(16), nullable=False),
        Column("lease", BigInteger()),
        Column("token", BigInteger(), nullable=False),
        Column("dispatched_by", Id, nullable=False),
        Column("plan", Id, nullable=False),
        Column("activity", Id, nullable=False),
        Column("occurrence", String(768), nullable=False),
        Column("channel", Id, nullable=False),
        Column("tags", Long, nullable=False),
        Column("counted", Boolean(), nullable=False),
        Column("campaign", Id),
        Column("content", Long, nullable=False),
        Column("arguments", Long, nullable=False),
        Column("version", Version, nullable=False),
        Column("decision_id", Version, nullable=False),
        Column("spends", Long, nullable=False),
        PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("contacts_by_lease", "contacts", ["lease"], if_not_exists=True)
    op.create_index("contacts_by_time", "contacts", ["time"], if_not_exists=True)
    op.create_index("contacts_of_user", "contacts", ["user_id", "time"], if_not_exists=True)


def what_waits() -> None:
    op.create_table(
        "occurrences",
        Column("user_id", Id, nullable=False),
        Column("activity", Id, nullable=False),
        Column("event_id", Id, nullable=False),
        Column("plan", Id, nullable=False),
        Column("occurrence", String(768), nullable=False),
        Column("version", Version, nullable=False),
        Column("decide", Id, nullable=False),
        Column("due", BigInteger(), nullable=False),
        Column("expires", BigInteger()),
        Column("wake", BigInteger()),
        PrimaryKeyConstraint("user_id", "activity", "event_id"),
        if_not_exists=True,
    )
    op.create_index("ix_occurrences_wake", "occurrences", ["wake"], if_not_exists=True)

    op.create_table(
        "outbox",
        Column("id", Counter, autoincrement=True, nullable=False),
        Column("user_id", Id, nullable=False),
        Column("time", BigInteger(), nullable=False),
        Column("answer", Bytes, nullable=False),
        PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_index("ix_outbox_time", "outbox", ["time"], if_not_exists=True)
    op.create_index("ix_outbox_user_id", "outbox", ["user_id"], if_not_exists=True)


def budgets() -> None:
    op.create_table(
        "spending",
        Column("id", Counter, autoincrement=True, nullable=False),
        Column("owner", Id, nullable=False),
        Column("time", BigInteger(), nullable=False),
        Column("amount", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("spending_of_owner", "spending", ["owner", "time"], if_not_exists=True)

    op.create_table(
        "spending_totals",
        Column("owner", Id, nullable=False),
        Column("since", BigInteger(), nullable=False),
        Column("amount", BigInteger(), nullable=False),
        PrimaryKeyConstraint("owner", "since"),
        if_not_exists=True,
    )


def facts() -> None:
    op.create_table(
        "events",
        Column("id", Id, nullable=False),
        Column("type", Id, nullable=False),
        Column("user_id", Id, nullable=False),
        Column("time", BigInteger(), nullable=False),
        Column("fields", Long, nullable=False),
        Column("judge_at", BigInteger()),
        PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("events_of_type", "events", ["type", "time"], if_not_exists=True)
    op.create_index("events_of_user", "events", ["user_id", "type", "time"], if_not_exists=True)
    op.create_index("events_to_judge", "events", ["user_id", "judge_at"], if_not_exists=True)
    op.create_index("ix_events_judge_at", "events", ["judge_at"], if_not_exists=True)

    op.create_table(
        "horizons",
        Column("type", Id, nullable=False),
        Column("known_since", BigInteger(), nullable=False),
        PrimaryKeyConstraint("type"),
        if_not_exists=True,
    )
    op.create_table(
        "lists",
        Column("name", Id, nullable=False),
        Column("version", BigInteger(), nullable=False),
        Column("time", BigInteger(), nullable=False),
        PrimaryKeyConstraint("name"),
        if_not_exists=True,
    )
    op.create_table(
        "members",
        Column("list", Id, nullable=False),
        Column("user_id", Id, nullable=False),
        PrimaryKeyConstraint("list", "user_id"),
        if_not_exists=True,
    )
    op.create_table(
        "profiles",
        Column("user_id", Id, nullable=False),
        Column("attributes", Long, nullable=False),
        PrimaryKeyConstraint("user_id"),
        if_not_exists=True,
    )


def rules() -> None:
    op.create_table(
        "releases",
        Column("epoch", BigInteger(), autoincrement=False, nullable=False),
        Column("version", Version, nullable=False),
        Column("time", BigInteger(), nullable=False),
        Column("brings_back", BigInteger(), nullable=False),
        Column("share", Version, nullable=False),
        Column("rest", Version),
        PrimaryKeyConstraint("epoch"),
        if_not_exists=True,
    )
    op.create_index("ix_releases_rest", "releases", ["rest"], if_not_exists=True)
    op.create_index("ix_releases_version", "releases", ["version"], if_not_exists=True)

    op.create_table(
        "rule_sets",
        Column("version", Version, nullable=False),
        Column("files", Long, nullable=False),
        Column("time", BigInteger(), nullable=False),
        Column("revoked", Boolean(), nullable=False),
        PrimaryKeyConstraint("version"),
        if_not_exists=True,
    )
    op.create_index("rule_sets_by_time", "rule_sets", ["time", "version"], if_not_exists=True)


def locked() -> None:
    op.create_table(
        "locks",
        Column("name", String(320), nullable=False),
        PrimaryKeyConstraint("name"),
        if_not_exists=True,
    )
    op.create_table(
        "users",
        Column("user_id", Id, nullable=False),
        Column("revision", BigInteger(), nullable=False),
        PrimaryKeyConstraint("user_id"),
        if_not_exists=True,
    )
