"""How often something about a user has changed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, insert, select, update

from server.adapters.sql.database import chunks
from server.adapters.sql.tables import users


def revision_of(connection: Connection, user: str) -> int:
    query = select(users.c.revision).where(users.c.user_id == user)
    return connection.execute(query).scalar_one_or_none() or 0


def raise_revisions(connection: Connection, changed: Collection[str]) -> None:
    for some in chunks(sorted(changed)):
        query = select(users.c.user_id).where(users.c.user_id.in_(some))
        known = set(connection.execute(query).scalars())
        if known:
            raised = update(users).values(revision=users.c.revision + 1)
            connection.execute(raised.where(users.c.user_id.in_(known)))
        if new := [{"user_id": user, "revision": 1} for user in some if user not in known]:
            connection.execute(insert(users), new)
