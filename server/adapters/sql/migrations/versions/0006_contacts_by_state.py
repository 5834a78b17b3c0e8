"""Contacts can be asked for by what became of them."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("contacts_by_state", "contacts", ["state", "time", "id"], if_not_exists=True)
