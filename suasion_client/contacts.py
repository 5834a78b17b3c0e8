"""Lead a contact from its reservation to its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from google.protobuf.message import Message
from suasion.v1 import contact_pb2
from suasion.v1 import contact_service_pb2 as pb

from suasion_client.request import Request, new_id
from suasion_client.values import (
    Provenance,
    Reason,
    User,
    Verdict,
    arguments,
    duration,
    instant,
    instant_or_none,
    json_of,
    reasons,
    subject,
    timestamp,
    verdict,
)


class ContactState(StrEnum):
    """RESERVED → DISPATCHED → CONFIRMED, FAILED or UNCERTAIN; RELEASED before it was dispatched; HELD_OUT never goes out."""

    RESERVED = "reserved"
    DISPATCHED = "dispatched"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    RELEASED = "released"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that was granted. With the user, `occurrence` is the key under which a channel may deduplicate.

    `lease_until`: dispatch it before (RESERVED), or say what became of it (DISPATCHED); None in other states.
    `fencing_token`: bring along to Confirm and Fail what Dispatch answered.
    """

    id: str
    user: str
    state: ContactState
    plan: str
    channel: str
    content: str
    arguments: Mapping[str, Any]
    occurrence: str
    reserved_at: datetime
    lease_until: datetime | None
    fencing_token: int
    version: str
    decision_id: str

    @classmethod
    def of(cls, message: contact_pb2.Contact) -> Contact:
        name = contact_pb2.ContactState.Name(message.state)
        return cls(
            id=message.contact_id,
            user=message.user_id,
            state=ContactState(name.removeprefix("CONTACT_STATE_").lower()),
            plan=message.plan,
            channel=message.channel,
            content=message.content,
            arguments=arguments(message.arguments),
            occurrence=message.occurrence,
            reserved_at=instant(message.reserve_time),
            lease_until=instant_or_none(message, "lease_expire_time"),
            fencing_token=message.fencing_token,
            version=message.version,
            decision_id=message.decision_id,
        )


@dataclass(frozen=True, slots=True)
class Reserved:
    """`contact` of a SEND what was reserved, of a HOLDOUT what would have been."""

    verdict: Verdict
    until: datetime | None
    reasons: tuple[Reason, ...]
    contact: Contact | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Reserve(Request[Reserved]):
    """Reserve a contact with a plan that no `decide` granted, if its policies allow it now.

    `occurrence`: of an earlier contact, to try again what was given back; empty: the request itself. `lease`: from a second to a
    day, 5 minutes if None.
    """

    method = "ContactService/Reserve"
    response = pb.ReserveResponse
    user: str | User
    plan: str
    occurrence: str = ""
    lease: timedelta | None = None
    request_id: str = field(default_factory=new_id)

    def message(self) -> Message:
        return pb.ReserveRequest(
            subject=subject(self.user),
            plan=self.plan,
            occurrence=self.occurrence,
            lease_duration=duration(self.lease),
            request_id=self.request_id,
        )

    def read(self, response: pb.ReserveResponse) -> Reserved:
        return Reserved(
            verdict(response.verdict),
            instant_or_none(response, "until_time"),
            reasons(response.reasons),
            Contact.of(response.contact) if response.HasField("contact") else None,
            Provenance.of(response.provenance),
        )


@dataclass(frozen=True, slots=True)
class Dispatch(Request[Contact]):
    """Say that a contact is about to go out. Nothing may go out without the answer to this.

    `lease`: how long it may be on its way before it is UNCERTAIN, 5 minutes if None. `deduplicates`: the channel drops a second
    message of the same occurrence, so that what is UNCERTAIN may be dispatched again. Raises Conflict if it may not go out.
    """

    method = "ContactService/Dispatch"
    response = pb.DispatchResponse
    contact: str
    lease: timedelta | None = None
    deduplicates: bool = False
    request_id: str = field(default_factory=new_id)

    def message(self) -> Message:
        return pb.DispatchRequest(
            contact_id=self.contact,
            lease_duration=duration(self.lease),
            deduplicates=self.deduplicates,
            request_id=self.request_id,
        )

    def read(self, response: pb.DispatchResponse) -> Contact:
        return Contact.of(response.contact)


@dataclass(frozen=True, slots=True)
class Confirm(Request[Contact]):
    """Say that it went out, as the one who dispatched it: with the token that Dispatch answered."""

    method = "ContactService/Confirm"
    response = pb.ConfirmResponse
    contact: str
    fencing_token: int

    def message(self) -> Message:
        return pb.ConfirmRequest(contact_id=self.contact, fencing_token=self.fencing_token)

    def read(self, response: pb.ConfirmResponse) -> Contact:
        return Contact.of(response.contact)


@dataclass(frozen=True, slots=True)
class Fail(Request[Contact]):
    """Say that it did not go out, for sure: limits and budgets get back what it took."""

    method = "ContactService/Fail"
    response = pb.FailResponse
    contact: str
    fencing_token: int

    def message(self) -> Message:
        return pb.FailRequest(contact_id=self.contact, fencing_token=self.fencing_token)

    def read(self, response: pb.FailResponse) -> Contact:
        return Contact.of(response.contact)


@dataclass(frozen=True, slots=True)
class Release(Request[Contact]):
    """Give back a contact that will not be dispatched."""

    method = "ContactService/Release"
    response = pb.ReleaseResponse
    contact: str

    def message(self) -> Message:
        return pb.ReleaseRequest(contact_id=self.contact)

    def read(self, response: pb.ReleaseResponse) -> Contact:
        return Contact.of(response.contact)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The id of the event; `known` if it was recorded before."""

    event_id: str
    known: bool


@dataclass(frozen=True, slots=True)
class RecordOutcome(Request[Recorded]):
    """Record what the user made of a contact, as an event of the rules such as `rejected`. `time` None is now; the same type of
    the same contact counts once."""

    method = "ContactService/RecordOutcome"
    response = pb.RecordOutcomeResponse
    contact: str
    type: str
    time: datetime | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    event_id: str = ""

    def message(self) -> Message:
        return pb.RecordOutcomeRequest(
            contact_id=self.contact,
            type=self.type,
            event_time=timestamp(self.time),
            fields_json=json_of(self.fields) if self.fields else b"",
            event_id=self.event_id,
        )

    def read(self, response: pb.RecordOutcomeResponse) -> Recorded:
        return Recorded(response.event_id, response.duplicate)


@dataclass(frozen=True, slots=True)
class Page:
    """Contacts; ask the same on with `after=next` until `next` is empty."""

    contacts: tuple[Contact, ...]
    next: str


@dataclass(frozen=True, slots=True)
class History(Request[Page]):
    """The contacts of a user, whatever became of them, newest first. `most`: at most 1,000; 50 if 0."""

    method = "ContactService/History"
    response = pb.HistoryResponse
    user: str
    most: int = 0
    after: str = ""

    def message(self) -> Message:
        return pb.HistoryRequest(user_id=self.user, page_size=self.most, page_token=self.after)

    def read(self, response: pb.HistoryResponse) -> Page:
        return Page(tuple(Contact.of(each) for each in response.contacts), response.next_page_token)


@dataclass(frozen=True, slots=True)
class ListUncertain(Request[Page]):
    """The contacts of all users that were dispatched and nobody told of, oldest first. `most`: at most 1,000; 50 if 0."""

    method = "ContactService/ListUncertain"
    response = pb.ListUncertainResponse
    most: int = 0
    after: str = ""

    def message(self) -> Message:
        return pb.ListUncertainRequest(page_size=self.most, page_token=self.after)

    def read(self, response: pb.ListUncertainResponse) -> Page:
        return Page(tuple(Contact.of(each) for each in response.contacts), response.next_page_token)
