"""Whether anything of a user waits to be relayed is found without a look at all that was ever published about them."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("outbox_to_relay", "outbox", ["user_id", "relay_at"], if_not_exists=True)
    op.drop_index("ix_outbox_user_id", "outbox", if_exists=True)
