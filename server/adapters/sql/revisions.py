"""How often something about a user has changed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select, update

from server.adapters.sql.chunks import chunks
from server.adapters.sql.locks import STRANGERS, lock
from server.adapters.sql.tables import users


def revisions_of(connection: Connection, asked: Collection[str]) -> dict[str, int]:
    """By user."""
    found: dict[str, int] = {}
    for some in chunks(sorted({*asked, STRANGERS})):
        query = select(users).where(users.c.user_id.in_(some))
        found |= {row.user_id: row.revision for row in connection.execute(query)}
    return {user: found.get(user, found.get(STRANGERS, 0)) for user in asked}


def own_revision(connection: Connection, user: str) -> int | None:
    query = select(users.c.revision).where(users.c.user_id == user)
    return connection.execute(query).scalar_one_or_none()


def raise_revisions(connection: Connection, changed: Collection[str]) -> None:
    for some in chunks(sorted(changed)):
        query = select(users.c.user_id).where(users.c.user_id.in_(some))
        known = set(connection.execute(query).scalars())
        if known:
            raised = update(users).values(revision=users.c.revision + 1)
            connection.execute(raised.where(users.c.user_id.in_(known)))
        if new := [user for user in some if user not in known]:
            first = (own_revision(connection, STRANGERS) or 0) + 1
            connection.execute(insert(users), [{"user_id": user, "revision": first} for user in new])


def forget_revision(connection: Connection, user: str) -> None:
    """It becomes a stranger, whose revision nobody has had before."""
    lock(connection, ["strangers"])
    above = max(own_revision(connection, each) or 0 for each in (user, STRANGERS)) + 1
    connection.execute(delete(users).where(users.c.user_id.in_((user, STRANGERS))))
    connection.execute(insert(users).values(user_id=STRANGERS, revision=above))
