"""What was used up of budgets, in SQL: entries, and totals of the periods asked about, so that none is added up twice."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from server.adapters.sql.tables import spending, totals
from server.ports import Reservation, Spend

EVER = -(2**62)
"""Stands in keys for a period without a start."""


def budgets_of(reservations: Iterable[Reservation]) -> set[str]:
    """The locks of what they spend from."""
    return {f"budget {spend.owner}" for each in reservations for spend in each.spends}


def take(connection: Connection, time: int, spends: Iterable[Spend], sign: int = 1) -> None:
    """What a touch of `time` spends; with `sign` −1 it is given back."""
    for spend in spends:
        amount = sign * spend.amount
        connection.execute(insert(spending).values(owner=spend.owner, time=time, amount=amount))
        counted = update(totals).where(totals.c.owner == spend.owner, totals.c.since <= time)
        connection.execute(counted.values(amount=totals.c.amount + amount))


def affords(connection: Connection, spend: Spend) -> bool:
    """Whether it leaves enough, by all that was taken, also by those whose clock is ahead. Keeps the total, so that the
    next to ask finds it."""
    since = EVER if spend.start is None else spend.start
    total = kept(connection, spend.owner, since)
    if total is None:
        total = added_up(connection, spend.owner, spending.c.time >= since)
        connection.execute(insert(totals).values(owner=spend.owner, since=since, amount=total))
    return total + spend.amount <= spend.limit


def used(connection: Connection, owner: str, start: int | None, until: int | None) -> int:
    """From `start` to `until`, both included; None is without bound."""
    since = EVER if start is None else start
    total = kept(connection, owner, since)
    if total is None:
        total = added_up(connection, owner, spending.c.time >= since)
    return total if until is None else total - added_up(connection, owner, spending.c.time > until)


def kept(connection: Connection, owner: str, since: int) -> int | None:
    query = select(totals.c.amount).where(totals.c.owner == owner, totals.c.since == since)
    return connection.execute(query).scalar_one_or_none()


def added_up(connection: Connection, owner: str, which: ColumnElement[bool]) -> int:
    total = select(func.coalesce(func.sum(spending.c.amount), 0))
    return int(connection.execute(total.where(spending.c.owner == owner, which)).scalar_one())
