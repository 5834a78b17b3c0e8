"""When versions are to serve."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, PrimaryKeyConstraint, String, Text
from sqlalchemy.dialects.mysql import LONGTEXT

revision = "0005"
down_revision = "0004"

Long = Text().with_variant(LONGTEXT, "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "schedules",
        Column("version", String(64), nullable=False),
        Column("due", BigInteger(), nullable=False),
        Column("actor", String(256), nullable=False),
        Column("reason", Long, nullable=False),
        Column("share", String(64), nullable=False),
        Column("retire_plans", Boolean(), nullable=False),
        PrimaryKeyConstraint("version"),
        if_not_exists=True,
    )
