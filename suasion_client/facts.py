"""Tell the server what is known of users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from google.protobuf.message import Message
from suasion.v1 import fact_service_pb2 as pb

from suasion_client.errors import SuasionError, error_of
from suasion_client.request import Request, all_of
from suasion_client.values import instant_or_none, json_of, timestamp


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
    """`error` says why it was refused; else it is recorded, `known` if it was before. `undeclared`: how many of its fields the
    rules do not declare; they are kept, and looked at by nothing."""

    id: str
    known: bool
    error: SuasionError | None
    undeclared: int = 0


@dataclass(frozen=True, slots=True)
class RecordEvents(Request[tuple[EventResult, ...]]):
    """Record up to 1,000 events; each result stands where its event does. Fails as a whole when none was accepted."""

    method = "FactService/RecordEvents"
    response = pb.RecordEventsResponse
    events: Sequence[Event]

    def message(self) -> Message:
        return pb.RecordEventsRequest(events=[each.message() for each in all_of(Event, self.events)])

    def read(self, response: pb.RecordEventsResponse) -> tuple[EventResult, ...]:
        return results_of(response)


@dataclass(frozen=True, slots=True)
class Backfill(Request[tuple[EventResult, ...]]):
    """Store up to 1,000 events of long ago: they open no occurrences of plans, and move no clock."""

    method = "FactService/Backfill"
    response = pb.BackfillResponse
    events: Sequence[Event]

    def message(self) -> Message:
        return pb.BackfillRequest(events=[each.message() for each in all_of(Event, self.events)])

    def read(self, response: pb.BackfillResponse) -> tuple[EventResult, ...]:
        return results_of(response)


def results_of(response: pb.RecordEventsResponse | pb.BackfillResponse) -> tuple[EventResult, ...]:
    return tuple(
        EventResult(
            each.event_id,
            each.state == pb.RecordEventResult.STATE_DUPLICATE,
            error_of(each.error) if each.HasField("error") else None,
            each.undeclared_field_count,
        )
        for each in response.results
    )


@dataclass(frozen=True, slots=True)
class SetHorizon(Request[None]):
    """Say from when on the history of an event type is complete; None: all that ever happened is stored.
    Not repeated by itself."""

    method = "FactService/SetHorizon"
    response = pb.SetHorizonResponse
    repeatable = False
    event: str
    known_since: datetime | None

    def message(self) -> Message:
        known_since = timestamp(self.known_since)
        return pb.SetHorizonRequest(horizon=pb.Horizon(event_type=self.event, known_since_time=known_since))

    def read(self, response: pb.SetHorizonResponse) -> None:
        """There is nothing in it that was not asked for."""


@dataclass(frozen=True, slots=True)
class ListHorizons(Request[Mapping[str, datetime | None]]):
    """From when on the history of each event type of the active rules is complete; None: it always was."""

    method = "FactService/ListHorizons"
    response = pb.ListHorizonsResponse

    def message(self) -> Message:
        return pb.ListHorizonsRequest()

    def read(self, response: pb.ListHorizonsResponse) -> Mapping[str, datetime | None]:
        return {each.event_type: instant_or_none(each, "known_since_time") for each in response.horizons}


@dataclass(frozen=True, slots=True)
class Profile:
    """Attributes of a user; None says that one is missing, those not named stay."""

    user: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProfileResult:
    """`error` says why it was refused; else it is kept. `undeclared`: as of events."""

    user: str
    error: SuasionError | None
    undeclared: int = 0


@dataclass(frozen=True, slots=True)
class UpsertProfiles(Request[tuple[ProfileResult, ...]]):
    """Set attributes of up to 1,000 users; each result stands where its profile does. Not repeated by itself: it might undo
    what somebody else set meanwhile."""

    method = "FactService/UpsertProfiles"
    response = pb.UpsertProfilesResponse
    repeatable = False
    profiles: Sequence[Profile]

    def message(self) -> Message:
        profiles = [
            pb.Profile(user_id=each.user, attributes_json=json_of(each.attributes))
            for each in all_of(Profile, self.profiles)
        ]
        return pb.UpsertProfilesRequest(profiles=profiles)

    def read(self, response: pb.UpsertProfilesResponse) -> tuple[ProfileResult, ...]:
        return tuple(
            ProfileResult(
                profile.user,
                error_of(each.error) if each.HasField("error") else None,
                each.undeclared_field_count,
            )
            for profile, each in zip(self.profiles, response.results, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Erased:
    """How many of each there were."""

    attributes: int
    events: int
    lists: int
    contacts: int


@dataclass(frozen=True, slots=True)
class EraseUser(Request[Erased]):
    """Erase all that is known of a user."""

    method = "FactService/EraseUser"
    response = pb.EraseUserResponse
    user: str

    def message(self) -> Message:
        return pb.EraseUserRequest(user_id=self.user)

    def read(self, response: pb.EraseUserResponse) -> Erased:
        return Erased(
            response.attribute_count, response.event_count, response.list_count, response.contact_count
        )


class ListMode(StrEnum):
    """What the users named are to a list: all of it, on it too, or off it."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class ListState:
    """How many users are on a list, its version, which counts its changes, and when it was loaded last; 0 and None for one
    that never was."""

    users: int
    version: int
    loaded: datetime | None


@dataclass(frozen=True, slots=True)
class GetList(Request[ListState]):
    """How a list is."""

    method = "FactService/GetList"
    response = pb.GetListResponse
    list: str

    def message(self) -> Message:
        return pb.GetListRequest(list=self.list)

    def read(self, response: pb.GetListResponse) -> ListState:
        loaded = instant_or_none(response, "load_time")
        return ListState(response.user_count, response.list_version, loaded)


@dataclass(frozen=True, slots=True)
class LoadList(Request[int]):
    """Say who is on a list; answered by how many are. `expected_version`: a Conflict if the list has another one. Not repeated
    by itself."""

    method = "FactService/LoadList"
    response = pb.LoadListResponse
    repeatable = False
    list: str
    users: Sequence[str]
    mode: ListMode = ListMode.REPLACE
    expected_version: int | None = None

    def message(self) -> Message:
        return pb.LoadListRequest(
            list=self.list,
            user_ids=self.users,
            mode=f"MODE_{self.mode.upper()}",
            expected_list_version=self.expected_version,
        )

    def read(self, response: pb.LoadListResponse) -> int:
        return response.user_count
