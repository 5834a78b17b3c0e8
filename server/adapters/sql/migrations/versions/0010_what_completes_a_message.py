"""Contacts that complete the message of another."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String, inspect

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    if "completes" not in {column["name"] for column in inspect(op.get_bind()).get_columns("contacts")}:
        op.add_column("contacts", Column("completes", String(768)))
