"""Who may decide next about a user whom several want to decide about."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, String, inspect

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    there = {column["name"] for column in inspect(op.get_bind()).get_columns("users")}
    for column in (Column("turn_of", String(64)), Column("turn_ends", BigInteger())):
        if column.name not in there:
            op.add_column("users", column)
