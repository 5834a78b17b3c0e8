"""What `Decide` is asked."""

from __future__ import annotations

import hashlib

from google.protobuf.duration_pb2 import Duration
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1.subject_pb2 import Subject

from server.rpc.checks import identifier, instant, refusal
from server.rpc.convert.facts import event_from
from server.rpc.convert.subject import subject_from
from server.usecases.decide import LEASE, Ask
from server.usecases.record_events import ReportedEvent
from server.usecases.taking import Name

SHORTEST_LEASE, LONGEST_LEASE = 10**6, 24 * 3600 * 10**6


def ask_from(request: pb.DecideRequest, request_id: str) -> Ask:
    """`request_id` is that of the call; only what the request itself says names it."""
    event = event_of(request)
    subject = request.subject
    if event is not None and not subject.user_id:
        subject = Subject()
        subject.CopyFrom(request.subject)
        subject.user_id = event.user
    if event is not None and subject.user_id != event.user:
        raise refusal("event.user_id", "the event is about another user than the subject")
    advisory = request.HasField("reserve") and not request.reserve
    if request.HasField("as_of_time") and not advisory:
        raise refusal(
            "as_of_time", "what is reserved is decided now; set `reserve` to false to look elsewhere"
        )
    return Ask(
        subject=subject_from(subject, request.request_id or request_id),
        event=event,
        decide=identifier("decide", request.decide) if request.decide else "",
        lease=lease_of(request.lease_duration) if request.HasField("lease_duration") else LEASE,
        name=Name() if advisory else name_of(request, event),
        as_of=instant("as_of_time", request.as_of_time) if request.HasField("as_of_time") else None,
    )


def event_of(request: pb.DecideRequest) -> ReportedEvent | None:
    if not request.HasField("event"):
        return None
    event = pb.DecideRequest().event
    event.CopyFrom(request.event)
    event.user_id = event.user_id or request.subject.user_id
    return event_from(event, "event.")


def name_of(request: pb.DecideRequest, event: ReportedEvent | None) -> Name:
    """An event names the request, else its id does. How long to reserve is no part of what is asked."""
    if event is None and not request.request_id:
        return Name()
    asked = pb.DecideRequest(subject=request.subject, event=request.event if event else None)
    asked.subject.user_id = asked.subject.user_id or (event.user if event else "")
    if event:
        asked.event.user_id = event.user
    fingerprint = hashlib.sha256(asked.SerializeToString(deterministic=True)).digest()
    return Name(f"event {event.id}" if event else f"request {request.request_id}", fingerprint)


def lease_of(duration: Duration) -> int:
    """Microseconds, of a field `lease_duration`."""
    lease = duration.seconds * 10**6 + duration.nanos // 1000
    if not SHORTEST_LEASE <= lease <= LONGEST_LEASE:
        raise refusal("lease_duration", "a lease is from 1 second to 24 hours")
    return lease
