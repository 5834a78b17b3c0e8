"""Reservations as rows of SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from compiler.facts import Touch
from server.adapters.sql import spending
from server.adapters.sql.locks import lock
from server.adapters.sql.revisions import raise_revisions
from server.adapters.sql.tables import contacts
from server.ports import GIVEN_BACK, HOLDING, LAPSED, Reservation, Spend, Standing, State


def add(connection: Connection, new: Sequence[Reservation]) -> None:
    """New reservations. What they take of budgets, and their users' revisions, are the caller's to write."""
    if new:
        connection.execute(insert(contacts), [row_of(each) for each in new])


def spend(connection: Connection, reservation: Reservation) -> None:
    """What a new reservation takes of budgets."""
    if reservation.state in HOLDING:
        spending.take(connection, reservation.touch.time, reservation.spends)


def replace(connection: Connection, before: Reservation, after: Reservation) -> None:
    """What a reservation has become. Budgets get back what it took when it holds no longer."""
    connection.execute(update(contacts).where(contacts.c.id == before.id).values(row_of(after)))
    lock(connection, spending.budgets_of([before, after]))
    if before.state in HOLDING and after.state not in HOLDING:
        spending.take(connection, before.touch.time, before.spends, sign=-1)
    elif before.state not in HOLDING and after.state in HOLDING:
        spending.take(connection, after.touch.time, after.spends)
    raise_revisions(connection, [before.user])


def row_of(reservation: Reservation) -> dict[str, Any]:
    touch = reservation.touch
    return {
        "id": reservation.id,
        "user_id": reservation.user,
        "time": touch.time,
        "state": reservation.state.value,
        "lease": reservation.lease if reservation.state in LAPSED else None,
        "token": reservation.token,
        "dispatched_by": reservation.dispatched_by,
        "plan": reservation.plan,
        "activity": touch.activity,
        "occurrence": touch.occurrence,
        "channel": touch.channel,
        "tags": json.dumps(sorted(touch.tags), ensure_ascii=False),
        "counted": touch.counted,
        "campaign": touch.campaign,
        "content": reservation.content,
        "arguments": reservation.arguments,
        "version": reservation.version,
        "decision_id": reservation.decision_id,
        "completes": touch.completes,
        "duplicate": reservation.duplicate,
        "spends": json.dumps([astuple(each) for each in reservation.spends]),
    }


def reservation_of(row: Row[Any]) -> Reservation:
    return Reservation(
        id=row.id,
        user=row.user_id,
        touch=touch_of(row),
        state=State(row.state),
        lease=row.lease or 0,
        plan=row.plan,
        content=row.content,
        arguments=row.arguments,
        version=row.version,
        decision_id=row.decision_id,
        token=row.token,
        dispatched_by=row.dispatched_by,
        spends=tuple(Spend(*each) for each in json.loads(row.spends)),
        duplicate=row.duplicate,
    )


def touch_of(row: Row[Any]) -> Touch:
    return Touch(
        time=row.time,
        activity=row.activity,
        channel=row.channel,
        tags=tags_of(row.tags),
        counted=row.counted,
        campaign=row.campaign,
        occurrence=row.occurrence,
        completes=row.completes,
    )


@lru_cache(maxsize=1000)
def tags_of(written: str) -> frozenset[str]:
    """Few sets of them stand in many rows."""
    return frozenset(json.loads(written))


STANDING = select(
    *(contacts.c[name] for name in ("user_id", "state", "lease", "time", "activity")),
    *(contacts.c[name] for name in ("channel", "tags", "counted", "campaign", "occurrence", "completes")),
).where(contacts.c.state.not_in([state.value for state in GIVEN_BACK]))
"""Touches as they stand, without what a decision does not need: a user may have a thousand."""


def standing_of(row: Sequence[Any]) -> tuple[str, Standing]:
    """Whose it is, and how it stands."""
    user, state, lease, time, activity, channel, tags, counted, campaign, occurrence, completes = row
    touch = Touch(time, activity, channel, tags_of(tags), counted, campaign, occurrence, completes)
    return user, Standing(touch, State(state), lease or 0)
