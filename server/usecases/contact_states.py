"""From a contact's reservation to its outcome: what each call makes of it. Pure; refuses what a state does not allow.

RESERVED → DISPATCHED → CONFIRMED, FAILED or UNCERTAIN; RESERVED → RELEASED. Leases that have ended are settled first. A repeat
of what brought a contact into its state leaves it as it is.
"""

from __future__ import annotations

from dataclasses import replace

from server.ports import Reservation, State
from server.usecases.refusals import ContactNotInState, StaleToken

UNDER_WAY = frozenset({State.DISPATCHED, State.UNCERTAIN})
"""Of what it may be told what became of it; word may come late."""
GONE_OUT = UNDER_WAY | {State.CONFIRMED}


def dispatched(
    reservation: Reservation, now: int, lease: int, request: str, *, deduplicates: bool
) -> Reservation:
    """It goes out now; `lease` is in microseconds. What is UNCERTAIN may go out again where a second message is dropped, but
    not by a late repeat of what sent it out before."""
    current = reservation.at(now)
    if current.state is State.DISPATCHED and current.dispatched_by == request:
        return reservation
    again = deduplicates and current.state is State.UNCERTAIN and current.dispatched_by != request
    if current.state is not State.RESERVED and not again:
        raise ContactNotInState("dispatched", current.state.value)
    token = current.token + 1
    return replace(current, state=State.DISPATCHED, lease=now + lease, token=token, dispatched_by=request)


def duplicated(reservation: Reservation, now: int) -> Reservation:
    """What it completed had arrived, which is only known now; what has not gone out completes nothing."""
    current = reservation.at(now)
    if current.duplicate or current.state not in GONE_OUT:
        return reservation
    return replace(current, duplicate=True)


def confirmed(reservation: Reservation, now: int, token: int) -> Reservation:
    """It went out."""
    return known(reservation, now, token, State.CONFIRMED)


def failed(reservation: Reservation, now: int, token: int) -> Reservation:
    """It did not go out."""
    return known(reservation, now, token, State.FAILED)


def known(reservation: Reservation, now: int, token: int, outcome: State) -> Reservation:
    current = reservation.at(now)
    if current.token == 0:
        raise ContactNotInState(outcome.value, current.state.value)
    if current.token != token:
        raise StaleToken
    if current.state is outcome:
        return reservation
    if current.state not in UNDER_WAY:
        raise ContactNotInState(outcome.value, current.state.value)
    return replace(current, state=outcome)


def released(reservation: Reservation, now: int) -> Reservation:
    """It is given back; also when its lease has done that already."""
    current = reservation.at(now)
    if current.state is State.RELEASED:
        return current
    if current.state is not State.RESERVED:
        raise ContactNotInState("released", current.state.value)
    return replace(current, state=State.RELEASED)
