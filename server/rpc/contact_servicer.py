"""ContactService on the wire."""

from __future__ import annotations

import hashlib

from suasion.v1 import contact_service_pb2 as pb
from suasion.v1.contact_service_pb2_grpc import ContactServiceServicer

from server.ports import Recording
from server.rpc.calls import Context
from server.rpc.checks import identifier, instant, refusal
from server.rpc.convert.asks import lease_of
from server.rpc.convert.contacts import contact_to
from server.rpc.convert.subject import contact_from, subject_from
from server.rpc.interceptors import request_id
from server.rpc.paging import page_of, place_from, size_from, token_to
from server.usecases.contacts import Contacts, Reserve, Wish
from server.usecases.decide import LEASE
from server.usecases.taking import Name

LONGEST_OCCURRENCE = 768
"""Characters, as stores keep them."""


class ContactServicer(ContactServiceServicer):
    def __init__(self, reserve: Reserve, contacts: Contacts) -> None:
        self._reserve = reserve
        self._contacts = contacts

    async def Reserve(self, request: pb.ReserveRequest, context: Context) -> pb.ReserveResponse:
        wish = Wish(
            subject=subject_from(request.subject, request.request_id or request_id.get()),
            contact=contact_from(request),
            occurrence=occurrence_of(request),
            lease=lease_of(request.lease_duration) if request.HasField("lease_duration") else LEASE,
            name=name_of(request),
        )
        return pb.ReserveResponse.FromString(await self._reserve(wish))

    async def Dispatch(self, request: pb.DispatchRequest, context: Context) -> pb.DispatchResponse:
        lease = lease_of(request.lease_duration) if request.HasField("lease_duration") else LEASE
        moved = await self._contacts.dispatch(
            identifier("contact_id", request.contact_id),
            lease,
            identifier("request_id", request.request_id),
            deduplicates=request.deduplicates,
        )
        return pb.DispatchResponse(contact=contact_to(moved))

    async def Confirm(self, request: pb.ConfirmRequest, context: Context) -> pb.ConfirmResponse:
        moved = await self._contacts.confirm(identifier("contact_id", request.contact_id), token_of(request))
        return pb.ConfirmResponse(contact=contact_to(moved))

    async def Fail(self, request: pb.FailRequest, context: Context) -> pb.FailResponse:
        moved = await self._contacts.fail(identifier("contact_id", request.contact_id), token_of(request))
        return pb.FailResponse(contact=contact_to(moved))

    async def Release(self, request: pb.ReleaseRequest, context: Context) -> pb.ReleaseResponse:
        moved = await self._contacts.release(identifier("contact_id", request.contact_id))
        return pb.ReleaseResponse(contact=contact_to(moved))

    async def RecordOutcome(
        self, request: pb.RecordOutcomeRequest, context: Context
    ) -> pb.RecordOutcomeResponse:
        contact, type = identifier("contact_id", request.contact_id), identifier("type", request.type)
        event = identifier("event_id", request.event_id or f"{contact}/{type}")
        time = instant("event_time", request.event_time) if request.HasField("event_time") else None
        result = await self._contacts.outcome(contact, type, time, request.fields_json, event)
        if result.refusal:
            raise result.refusal
        return pb.RecordOutcomeResponse(event_id=event, duplicate=result.recording is Recording.DUPLICATE)

    async def History(self, request: pb.HistoryRequest, context: Context) -> pb.HistoryResponse:
        size = size_from(request.page_size)
        user = identifier("user_id", request.user_id)
        found = await self._contacts.history(user, place_from(request.page_token), size + 1)
        page, last = page_of(found, size)
        return pb.HistoryResponse(
            contacts=map(contact_to, page),
            next_page_token=token_to((last.touch.time, last.id)) if last else "",
        )

    async def ListUncertain(
        self, request: pb.ListUncertainRequest, context: Context
    ) -> pb.ListUncertainResponse:
        size = size_from(request.page_size)
        found = await self._contacts.uncertain(place_from(request.page_token), size + 1)
        page, last = page_of(found, size)
        return pb.ListUncertainResponse(
            contacts=map(contact_to, page),
            next_page_token=token_to((last.touch.time, last.id)) if last else "",
        )


def name_of(request: pb.ReserveRequest) -> Name:
    """How long to reserve is no part of what is asked."""
    if not request.request_id:
        return Name()
    asked = pb.ReserveRequest()
    asked.CopyFrom(request)
    asked.ClearField("lease_duration")
    fingerprint = hashlib.sha256(asked.SerializeToString(deterministic=True)).digest()
    return Name(f"reserve {request.request_id}", fingerprint)


def occurrence_of(request: pb.ReserveRequest) -> str:
    if len(request.occurrence) > LONGEST_OCCURRENCE:
        raise refusal("occurrence", f"no contact has one of more than {LONGEST_OCCURRENCE} characters")
    return request.occurrence


def token_of(request: pb.ConfirmRequest | pb.FailRequest) -> int:
    if request.fencing_token <= 0:
        raise refusal("fencing_token", "what `Dispatch` answered is required")
    return request.fencing_token
