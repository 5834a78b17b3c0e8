"""Crowds whose members a version serves."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text, inspect
from sqlalchemy.dialects.mysql import LONGTEXT

revision = "0009"
down_revision = "0008"

Long = Text().with_variant(LONGTEXT, "mysql", "mariadb")


def upgrade() -> None:
    for table in ("releases", "schedules"):
        if "crowd" not in {column["name"] for column in inspect(op.get_bind()).get_columns(table)}:
            op.add_column(table, Column("crowd", Long))
