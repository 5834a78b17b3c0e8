"""A version that decides beside what serves, for nobody."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String, inspect

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    there = {column["name"] for column in inspect(op.get_bind()).get_columns("releases")}
    for column in (
        Column("shadow", String(64)),
        Column("sample", String(64), nullable=False, server_default="0"),
    ):
        if column.name not in there:
            op.add_column("releases", column)
