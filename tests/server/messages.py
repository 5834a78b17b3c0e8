"""Short ways to write requests."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1 import subject_pb2

NOON = "2026-03-03T12:00:00+00:00"


def at(text: str) -> Timestamp:
    """An instant, written with its offset."""
    timestamp = Timestamp()
    timestamp.FromDatetime(datetime.fromisoformat(text))
    return timestamp


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def event(id: str, type: str, time: str = NOON, user: str = "u1", **fields: Any) -> facts_pb.Event:
    return facts_pb.Event(
        event_id=id, type=type, user_id=user, event_time=at(time), fields_json=json.dumps(fields).encode()
    )


def cart(id: str, time: str, amount: str = "30.00", user: str = "u1") -> facts_pb.Event:
    return event(id, "cart_add", time, user, sku="a", price=eur(amount))


def record(*events: facts_pb.Event) -> facts_pb.RecordEventsRequest:
    return facts_pb.RecordEventsRequest(events=events)


def profile(user: str = "u1", /, **attributes: Any) -> facts_pb.UpsertProfilesRequest:
    change = facts_pb.Profile(user_id=user, attributes_json=json.dumps(attributes).encode())
    return facts_pb.UpsertProfilesRequest(profiles=[change])


def subject(user: str = "u1", /, **facts: Any) -> subject_pb2.Subject:
    return subject_pb2.Subject(user_id=user, facts_json=json.dumps(facts).encode() if facts else b"")


def error_info(status: status_pb2.Status) -> error_details_pb2.ErrorInfo:
    """The ErrorInfo of a status."""
    info = error_details_pb2.ErrorInfo()
    assert any(detail.Unpack(info) for detail in status.details), status
    return info


def status_of(error: Any) -> status_pb2.Status:
    """The google.rpc.Status that came with a failed call."""
    found = rpc_status.from_call(error)
    assert found is not None, "the call ended without details"
    return found
