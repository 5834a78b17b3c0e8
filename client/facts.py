"""Tell the server what is known of users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from google.protobuf.message import Message
from suasion.v1 import fact_service_pb2 as pb

from client.errors import SuasionError, error_of
from client.request import Request
from client.values import json_of, timestamp


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a user did. The `id` is unique among all events, and the same when it is sent again."""

    id: str
    type: str
    user: str
    time: datetime
    fields: Mapping[str, Any] = field(default_factory=dict)

    def message(self) -> pb.Event:
        return pb.Event(
            event_id=self.id,
            type=self.type,
            user_id=self.user,
            event_time=timestamp(self.time),
            fields_json=json_of(self.fields),
        )


@dataclass(frozen=True, slots=True)
class EventResult:
    """`error` says why it was refused; else it is recorded, `known` if it was before."""

    id: str
    known: bool
    error: SuasionError | None


@dataclass(frozen=True, slots=True)
class RecordEvents(Request[tuple[EventResult, ...]]):
    """Record up to 1,000 events; each result stands where its event does. Fails as a whole when none was accepted."""

    method = "FactService/RecordEvents"
    response = pb.RecordEventsResponse
    events: Sequence[Event]

    def message(self) -> Message:
        return pb.RecordEventsRequest(events=[each.message() for each in self.events])

    def read(self, response: pb.RecordEventsResponse) -> tuple[EventResult, ...]:
        return tuple(
            EventResult(
                each.event_id,
                each.state == pb.RecordEventResult.STATE_DUPLICATE,
                error_of(each.error) if each.HasField("error") else None,
            )
            for each in response.results
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """Attributes of a user; None says that one is missing, those not named stay."""

    user: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UpsertProfiles(Request[tuple[SuasionError | None, ...]]):
    """Set attributes of up to 1,000 users; answered by why each was refused, or None. Not repeated by itself: it might undo
    what somebody else set meanwhile."""

    method = "FactService/UpsertProfiles"
    response = pb.UpsertProfilesResponse
    repeatable = False
    profiles: Sequence[Profile]

    def message(self) -> Message:
        profiles = [
            pb.Profile(user_id=each.user, attributes_json=json_of(each.attributes)) for each in self.profiles
        ]
        return pb.UpsertProfilesRequest(profiles=profiles)

    def read(self, response: pb.UpsertProfilesResponse) -> tuple[SuasionError | None, ...]:
        return tuple(error_of(each.error) if each.HasField("error") else None for each in response.results)


class ListMode(StrEnum):
    """What the users named are to a list: all of it, on it too, or off it."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class LoadList(Request[int]):
    """Say who is on a list; answered by how many are. Not repeated by itself."""

    method = "FactService/LoadList"
    response = pb.LoadListResponse
    repeatable = False
    list: str
    users: Sequence[str]
    mode: ListMode = ListMode.REPLACE

    def message(self) -> Message:
        mode = f"MODE_{self.mode.upper()}"
        return pb.LoadListRequest(list=self.list, user_ids=self.users, mode=mode)

    def read(self, response: pb.LoadListResponse) -> int:
        return response.user_count
