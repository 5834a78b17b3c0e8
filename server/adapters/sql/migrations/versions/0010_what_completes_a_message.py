"""Contacts that complete the message of another."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, String, inspect

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    there = {column["name"] for column in inspect(op.get_bind()).get_columns("contacts")}
    for column in (
        Column("completes", String(768)),
        Column("duplicate", Boolean(), nullable=False, server_default="0"),
    ):
        if column.name not in there:
            op.add_column("contacts", column)
