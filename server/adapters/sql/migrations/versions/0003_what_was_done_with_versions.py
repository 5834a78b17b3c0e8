"""What was done with versions, and checksums of their files."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, String, Text, inspect
from sqlalchemy.dialects.mysql import LONGTEXT

revision = "0003"
down_revision = "0002"

Long = Text().with_variant(LONGTEXT, "mysql", "mariadb")
Counter = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    if "checksum" not in {column["name"] for column in inspect(op.get_bind()).get_columns("rule_sets")}:
        op.add_column("rule_sets", Column("checksum", String(64)))
    op.create_table(
        "acts",
        Column("id", Counter, autoincrement=True, nullable=False),
        Column("version", String(64), nullable=False),
        Column("deed", String(32), nullable=False),
        Column("time", BigInteger(), nullable=False),
        Column("actor", String(256), nullable=False),
        Column("reason", Long, nullable=False),
        Column("epoch", BigInteger()),
        PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("acts_of_version", "acts", ["version", "id"], if_not_exists=True)
