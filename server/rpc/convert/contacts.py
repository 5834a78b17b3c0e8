"""Contacts that were granted."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from suasion.v1 import answer_pb2
from suasion.v1 import contact_pb2 as pb

from server.ports import LAPSED, Reservation, State
from server.rpc.convert.time import timestamp

STATES: Mapping[State, pb.ContactState] = {
    State.RESERVED: pb.CONTACT_STATE_RESERVED,
    State.DISPATCHED: pb.CONTACT_STATE_DISPATCHED,
    State.CONFIRMED: pb.CONTACT_STATE_CONFIRMED,
    State.FAILED: pb.CONTACT_STATE_FAILED,
    State.UNCERTAIN: pb.CONTACT_STATE_UNCERTAIN,
    State.RELEASED: pb.CONTACT_STATE_RELEASED,
    State.HELD_OUT: pb.CONTACT_STATE_HELD_OUT,
}


def contact_to(reservation: Reservation) -> pb.Contact:
    touch = reservation.touch
    return pb.Contact(
        contact_id=reservation.id,
        user_id=reservation.user,
        state=STATES[reservation.state],
        plan=reservation.plan,
        channel=touch.channel,
        content=reservation.content,
        arguments=[
            answer_pb2.NamedValue(name=name, value_json=orjson.dumps(value).decode())
            for name, value in orjson.loads(reservation.arguments).items()
        ],
        occurrence=touch.occurrence,
        reserve_time=timestamp(touch.time),
        lease_expire_time=timestamp(reservation.lease) if reservation.state in LAPSED else None,
        fencing_token=reservation.token,
        tags=sorted(touch.tags),
        counted=touch.counted,
        campaign=touch.campaign or "",
        version=reservation.version,
        decision_id=reservation.decision_id,
        completes=touch.completes or "",
        duplicate=reservation.duplicate,
    )
