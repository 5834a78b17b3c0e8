"""Totals of events that are no longer kept."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, PrimaryKeyConstraint, String, Text
from sqlalchemy.dialects.mysql import BINARY, LONGTEXT

revision = "0008"
down_revision = "0007"

Counter = BigInteger().with_variant(Integer, "sqlite")
Id = String(256)
Long = Text().with_variant(LONGTEXT, "mysql", "mariadb")
Digest = LargeBinary(16).with_variant(BINARY(16), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "shapes",
        Column("number", Counter, autoincrement=True, nullable=False),
        Column("name", String(640), nullable=False),
        Column("type", Id, nullable=False),
        Column("is_complete", Boolean(), nullable=False),
        PrimaryKeyConstraint("number"),
        if_not_exists=True,
        sqlite_autoincrement=True,
    )
    op.create_index("shapes_by_name", "shapes", ["name"], unique=True, if_not_exists=True)
    op.create_table(
        "event_totals",
        Column("shape", BigInteger(), autoincrement=False, nullable=False),
        Column("user_id", Id, nullable=False),
        Column("body", Long, nullable=False),
        PrimaryKeyConstraint("shape", "user_id"),
        if_not_exists=True,
    )
    op.create_index("event_totals_of_user", "event_totals", ["user_id"], if_not_exists=True)
    op.create_table(
        "dropped_events",
        Column("id", Digest, nullable=False),
        Column("event", Digest, nullable=False),
        Column("user_id", Id, nullable=False),
        Column("shapes", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("dropped_events_of_user", "dropped_events", ["user_id"], if_not_exists=True)
