"""Requests about contacts that cannot be meant, as a table."""

from __future__ import annotations

from typing import Any

import msgpack
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import contact_service_pb2 as pb
from suasion.v1 import decision_service_pb2 as decisions_pb

from server.rpc.paging import token_to
from tests.server.bad_requests import CANARY, DEEP, EXHAUSTED, FAR, NINE, NOT_FOUND, Bad, packed, raw
from tests.server.messages import subject

RESERVE, DISPATCH, CONFIRM = "contacts.Reserve", "contacts.Dispatch", "contacts.Confirm"
FAIL, RELEASE = "contacts.Fail", "contacts.Release"
OUTCOME, HISTORY = "contacts.RecordOutcome", "contacts.History"
HUGE = token_to((2**63, "x"))
DAY = 24 * 3600


def reserve(**more: Any) -> Any:
    return pb.ReserveRequest(**{"subject": subject(), "plan": "hello", **more})


def message(**more: Any) -> Any:
    return pb.ReserveRequest(subject=subject(), message=decisions_pb.Message(**{"channel": "sms", **more}))


def dispatch(**more: Any) -> Any:
    return pb.DispatchRequest(**{"contact_id": "c", "request_id": "d", **more})


def outcome(**more: Any) -> Any:
    return pb.RecordOutcomeRequest(**{"contact_id": "c", "type": "order_paid", **more})


def history(**more: Any) -> Any:
    return pb.HistoryRequest(**{"user_id": "u1", **more})


TABLE = [
    # ---- empty
    Bad("nothing", RESERVE, pb.ReserveRequest(), path="subject.user_id"),
    Bad("nothing", DISPATCH, pb.DispatchRequest(), path="contact_id"),
    Bad("nothing", CONFIRM, pb.ConfirmRequest(), path="contact_id"),
    Bad("nothing", FAIL, pb.FailRequest(), path="contact_id"),
    Bad("nothing", RELEASE, pb.ReleaseRequest(), path="contact_id"),
    Bad("nothing", OUTCOME, pb.RecordOutcomeRequest(), path="contact_id"),
    Bad("nothing", HISTORY, pb.HistoryRequest(), path="user_id"),
    Bad("no contact", RESERVE, pb.ReserveRequest(subject=subject()), path="contact"),
    Bad("no channel", RESERVE, message(channel=""), path="message.channel"),
    Bad("no request id", DISPATCH, pb.DispatchRequest(contact_id="c"), path="request_id"),
    Bad("no token", CONFIRM, pb.ConfirmRequest(contact_id="c"), path="fencing_token"),
    Bad("no token", FAIL, pb.FailRequest(contact_id="c"), path="fencing_token"),
    Bad("no type", OUTCOME, outcome(type=""), path="type"),
    # ---- unknown
    Bad("plan", RESERVE, reserve(plan="helo"), NOT_FOUND, "UNKNOWN_NAME"),
    Bad("policy", RESERVE, message(policies=["x"]), NOT_FOUND, "UNKNOWN_NAME"),
    Bad("contact", DISPATCH, dispatch(), NOT_FOUND, "UNKNOWN_CONTACT"),
    Bad(
        "contact",
        CONFIRM,
        pb.ConfirmRequest(contact_id="c", fencing_token=1),
        NOT_FOUND,
        "UNKNOWN_CONTACT",
    ),
    Bad("contact", FAIL, pb.FailRequest(contact_id="c", fencing_token=1), NOT_FOUND, "UNKNOWN_CONTACT"),
    Bad("contact", RELEASE, pb.ReleaseRequest(contact_id="c"), NOT_FOUND, "UNKNOWN_CONTACT"),
    Bad("contact", OUTCOME, outcome(), NOT_FOUND, "UNKNOWN_CONTACT"),
    # ---- wrongly typed
    Bad(
        "an attribute",
        RESERVE,
        reserve(subject=raw(b'{"user":{"tier":7}}')),
        path="subject.facts_json.user.tier",
    ),
    Bad(
        "an attribute",
        RESERVE,
        reserve(subject=packed(msgpack.packb({"user": {"tier": CANARY}}))),
        path="subject.facts_msgpack.user.tier",
    ),
    Bad("touches told", RESERVE, reserve(subject=subject(touches=[])), path="subject.facts_json.touches"),
    Bad("a kind", RESERVE, message(kind=NINE), path="message.kind"),
    Bad("an occurrence", RESERVE, reserve(occurrence="nudge/e1"), path="occurrence"),
    Bad("no lease", RESERVE, reserve(lease_duration=Duration()), path="lease_duration"),
    Bad("a long lease", RESERVE, reserve(lease_duration=Duration(seconds=DAY + 1)), path="lease_duration"),
    Bad("a lease", DISPATCH, dispatch(lease_duration=Duration(seconds=-5)), path="lease_duration"),
    Bad("a token", CONFIRM, pb.ConfirmRequest(contact_id="c", fencing_token=-1), path="fencing_token"),
    Bad("a token", FAIL, pb.FailRequest(contact_id="c", fencing_token=-1), path="fencing_token"),
    Bad("a time out of range", OUTCOME, outcome(event_time=FAR), path="event_time"),
    Bad("nanoseconds", OUTCOME, outcome(event_time=Timestamp(nanos=-1)), path="event_time"),
    Bad("a size", HISTORY, history(page_size=-1), path="page_size"),
    Bad("a token", HISTORY, history(page_token="?"), path="page_token"),
    Bad("half a token", HISTORY, history(page_token="eHg="), path="page_token"),
    # ---- huge
    Bad("an id", RESERVE, reserve(subject=subject("u" * 257)), path="subject.user_id"),
    Bad("an occurrence", RESERVE, reserve(occurrence="hello/" + "x" * 763), path="occurrence"),
    Bad("depth", RESERVE, reserve(subject=raw(DEEP)), path="subject.facts_json"),
    Bad("a request", RESERVE, reserve(subject=raw(b" " * (5 * 2**20))), EXHAUSTED, "REQUEST_TOO_LARGE"),
    Bad("a request id", DISPATCH, dispatch(request_id="d" * 129), path="request_id"),
    Bad("a lease", DISPATCH, dispatch(lease_duration=Duration(seconds=2**62)), path="lease_duration"),
    Bad("an id", RELEASE, pb.ReleaseRequest(contact_id="c" * 257), path="contact_id"),
    Bad("an event id", OUTCOME, outcome(event_id="e" * 257), path="event_id"),
    Bad("a time in a token", HISTORY, history(page_token=HUGE), path="page_token"),
    # ---- hostile
    Bad("a control character", RESERVE, reserve(plan="hello\x00"), path="plan"),
    Bad("a terminal's escape", DISPATCH, dispatch(contact_id="\x1b[2J"), path="contact_id"),
    Bad("a line end", RELEASE, pb.ReleaseRequest(contact_id="c\n"), path="contact_id"),
    Bad("SQL", OUTCOME, outcome(contact_id="'; drop table contacts; --"), NOT_FOUND, "UNKNOWN_CONTACT"),
    Bad(
        "a request id",
        CONFIRM,
        pb.ConfirmRequest(contact_id="c", fencing_token=1, request_id="ä"),
        path="request_id",
    ),
    Bad("a token of others", HISTORY, history(page_token="é"), path="page_token"),
]
