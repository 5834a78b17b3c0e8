"""What of the outbox is still to be relayed: nothing that was published before."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, inspect

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    if "relay_at" not in {column["name"] for column in inspect(op.get_bind()).get_columns("outbox")}:
        op.add_column("outbox", Column("relay_at", BigInteger()))
    op.create_index("ix_outbox_relay_at", "outbox", ["relay_at"], if_not_exists=True)
