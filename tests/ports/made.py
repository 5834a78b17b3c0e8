"""Short ways to write what stores are given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compiler.facts import Touch
from server.ports import Occurrence, Reservation, Spend, State, Stores, Taken

LEASE = 100
"""How long after its time the lease of a reservation ends."""


def touch(time: int, activity: str = "nudge") -> Touch:
    return Touch(time, activity, "push", frozenset({"promo", "über"}), True, "spring", f"{activity}/e{time}")


def reserved(id: str, time: int = 1, user: str = "u1", **more: Any) -> Reservation:
    plain = Reservation(
        id=id,
        user=user,
        touch=touch(time),
        state=State.RESERVED,
        lease=time + LEASE,
        plan="nudge",
        content="nudge_v3",
        arguments='{"percent": 15}',
        version="v1",
        decision_id=f"decision-{id}",
    )
    return replace(plain, **more)


def occurrence(event: str, due: int = 5, user: str = "u1", **more: Any) -> Occurrence:
    plain = Occurrence(
        user, "nudge", "nudge", event, f"nudge/{event}", "v1", "best", due, expires=None, wake=due
    )
    return replace(plain, **more)


def taken(user: str = "u1", revision: int = 0, now: int = 1, **more: Any) -> Taken:
    return replace(Taken(None, b"", user, revision, now, b"answer"), **more)


async def reserve(stores: Stores, *reservations: Reservation) -> None:
    """Write reservations down, whatever the users' revisions are."""
    for each in reservations:
        history = await stores.contacts.history(each.user, None)
        decision = taken(each.user, history.revision, each.touch.time, reservation=each)
        assert await stores.contacts.commit(decision) is None


def spend(amount: int, limit: int, owner: str = "plan nudge", start: int | None = None) -> Spend:
    return Spend(owner, amount, limit, start)
