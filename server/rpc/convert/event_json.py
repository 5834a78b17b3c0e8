"""Events as people and systems write them, one JSON object each: in files, and in messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from suasion.v1 import fact_service_pb2 as pb

from compiler.wire.errors import refusal
from compiler.wire.time_text import read_instant
from server.rpc.convert.time import timestamp


def an_event(found: Mapping[str, Any]) -> pb.Event:
    """`{"event": "cart_add", "event_id": "e-1", "user_id": "u1", "time": "…", "fields": {…}}`. Raises FactsError."""
    time = read_instant(a_text(found, "time"))
    if time is None:
        raise refusal('expected an instant such as "2026-03-01T20:10:00+01:00"', "time")
    return pb.Event(
        event_id=a_text(found, "event_id"),
        type=a_text(found, "event"),
        user_id=a_text(found, "user_id"),
        event_time=timestamp(time),
        fields_json=orjson.dumps(found.get("fields") or {}),
    )


def an_object(found: object) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise refusal("expected an object in braces")
    return found


def a_text(found: Mapping[str, Any], name: str) -> str:
    text = found.get(name)
    if not isinstance(text, str):
        raise refusal("expected a text", name)
    return text
