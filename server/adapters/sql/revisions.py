"""How often something about a user has changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from time import time_ns
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from server.adapters.sql.chunks import chunks
from server.adapters.sql.locks import STRANGERS, lock
from server.adapters.sql.tables import users

TURN = 2 * 10**6
"""Microseconds of the system's clock in which a claimant decides anew; given up behind them."""


class Order(NamedTuple):
    """By user: the revision, and who decides next where several want to."""

    revisions: dict[str, int]
    turns: dict[str, str]


def order_of(connection: Connection, asked: Collection[str]) -> Order:
    """As it is at this instant, turns by the system's time."""
    revisions: dict[str, int] = {}
    turns: dict[str, str] = {}
    now = time_ns() // 1000
    for some in chunks(sorted({*asked, STRANGERS})):
        for row in connection.execute(select(users).where(users.c.user_id.in_(some))):
            revisions[row.user_id] = row.revision
            if row.turn_ends and row.turn_ends > now:
                turns[row.user_id] = row.turn_of
    strangers = revisions.get(STRANGERS, 0)
    return Order({user: revisions.get(user, strangers) for user in asked}, turns)


def revisions_of(connection: Connection, asked: Collection[str]) -> dict[str, int]:
    """By user."""
    return order_of(connection, asked).revisions


def turns_of(connection: Connection, asked: Sequence[str]) -> list[str | None]:
    """Of each user, who decides next."""
    turns = order_of(connection, asked).turns
    return [turns.get(user) for user in asked]


def claim_turn(connection: Connection, user: str, claimant: str) -> bool:
    """Whether the user's next decision is the claimant's, for a moment."""
    (turn,) = turns_of(connection, [user])
    if turn not in (None, claimant):
        return False
    row = update(users).where(users.c.user_id == user)
    connection.execute(row.values(turn_of=claimant, turn_ends=time_ns() // 1000 + TURN))
    return True


def end_turn(connection: Connection, user: str, claimant: str) -> None:
    row = update(users).where(users.c.user_id == user, users.c.turn_of == claimant)
    connection.execute(row.values(turn_of=None, turn_ends=None))


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
