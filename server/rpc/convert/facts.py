"""Profiles, events and lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from google.rpc import status_pb2
from suasion.v1 import fact_service_pb2 as pb

from server.ports import ListMode, ListState, Recording
from server.rpc.checks import identifier, instant, refusal
from server.rpc.convert.time import timestamp
from server.rpc.errors import status_of
from server.usecases.record_events import EventResult, EventResults, ReportedEvent
from server.usecases.refusals import InvalidRequest, Refusal
from server.usecases.upsert_profiles import ProfileChange, ProfileResults

STATES = {
    Recording.RECORDED: pb.RecordEventResult.STATE_RECORDED,
    Recording.DUPLICATE: pb.RecordEventResult.STATE_DUPLICATE,
}
MODES = {
    pb.LoadListRequest.MODE_UNSPECIFIED: ListMode.REPLACE,
    pb.LoadListRequest.MODE_REPLACE: ListMode.REPLACE,
    pb.LoadListRequest.MODE_ADD: ListMode.ADD,
    pb.LoadListRequest.MODE_REMOVE: ListMode.REMOVE,
}


def event_from(message: pb.Event, below: str = "") -> ReportedEvent:
    """`below`: where the event stands in its request, with a dot behind it."""
    if not message.HasField("event_time"):
        raise refusal(f"{below}event_time", "this is required")
    return ReportedEvent(
        id=identifier(f"{below}event_id", message.event_id),
        type=identifier(f"{below}type", message.type),
        user=identifier(f"{below}user_id", message.user_id),
        time=instant(f"{below}event_time", message.event_time),
        fields=message.fields_json,
    )


def profile_from(message: pb.Profile) -> ProfileChange:
    return ProfileChange(identifier("user_id", message.user_id), message.attributes_json)


def horizon_from(message: pb.Horizon) -> tuple[str, int | None]:
    """The event type, and microseconds; None for a history that is complete."""
    type = identifier("horizon.event_type", message.event_type)
    known = message.HasField("known_since_time")
    return type, instant("horizon.known_since_time", message.known_since_time) if known else None


def horizon_to(type: str, known_since: int | None) -> pb.Horizon:
    known = None if known_since is None else timestamp(known_since)
    return pb.Horizon(event_type=type, known_since_time=known)


def mode_from(mode: pb.LoadListRequest.Mode) -> ListMode:
    if mode not in MODES:
        raise refusal("mode", f"{mode} is no mode")
    return MODES[mode]


def list_to(name: str, found: ListState | None, version: str) -> pb.GetListResponse:
    if found is None:
        return pb.GetListResponse(list=name, version=version)
    return pb.GetListResponse(
        list=name,
        list_version=found.version,
        user_count=found.size,
        load_time=timestamp(found.time),
        version=version,
    )


def event_result_to(index: int, event: pb.Event, result: EventResult) -> pb.RecordEventResult:
    return pb.RecordEventResult(
        event_id=event.event_id,
        state=STATES[result.recording] if result.recording else pb.RecordEventResult.STATE_UNSPECIFIED,
        error=item_error(f"events[{index}]", result.refusal),
        undeclared_field_count=result.undeclared,
    )


def event_results_to(events: Sequence[pb.Event], answer: EventResults) -> dict[str, Any]:
    """The fields that answers to a call and to a message of a stream have in common."""
    pairs = zip(events, answer.results, strict=True)
    counts = Counter(result.recording for result in answer.results)
    return {
        "results": [event_result_to(index, event, result) for index, (event, result) in enumerate(pairs)],
        "recorded_count": counts[Recording.RECORDED],
        "duplicate_count": counts[Recording.DUPLICATE],
        "version": answer.version,
    }


def profile_results_to(profiles: Sequence[pb.Profile], answer: ProfileResults) -> pb.UpsertProfilesResponse:
    pairs = zip(profiles, answer.results, strict=True)
    return pb.UpsertProfilesResponse(
        results=[
            pb.UpsertProfileResult(
                user_id=profile.user_id,
                error=item_error(f"profiles[{index}]", result.refusal),
                undeclared_field_count=result.undeclared,
            )
            for index, (profile, result) in enumerate(pairs)
        ],
        stored_count=sum(result.refusal is None for result in answer.results),
        version=answer.version,
    )


def item_error(path: str, refusal: Refusal | None) -> status_pb2.Status | None:
    return status_of(in_request(path, refusal)) if refusal else None


def in_request(path: str, refusal: Refusal) -> Refusal:
    """Why the item at `path` was refused, with paths from the request down."""
    return refusal.below(path) if isinstance(refusal, InvalidRequest) else refusal


def require_one(path: str, refusals: Sequence[Refusal | None]) -> None:
    """Lets a call fail of which no item was accepted, as its first item did."""
    if refusals and all(refusals) and refusals[0]:
        raise in_request(f"{path}[0]", refusals[0])
