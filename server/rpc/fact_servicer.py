"""FactService on the wire."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator

from suasion.v1 import fact_service_pb2 as pb
from suasion.v1.fact_service_pb2_grpc import FactServiceServicer

from server.rpc.calls import Context
from server.rpc.checks import each, identifier, not_too_many, some
from server.rpc.convert.facts import (
    event_from,
    event_results_to,
    horizon_from,
    horizon_to,
    list_to,
    mode_from,
    profile_from,
    profile_results_to,
    require_one,
)
from server.usecases.erase_user import EraseUser
from server.usecases.horizons import Horizons
from server.usecases.lists import Lists
from server.usecases.record_events import RecordEvents
from server.usecases.upsert_profiles import UpsertProfiles

MOST_ITEMS = 1000
"""Of a message; each is checked while other calls wait."""
MOST_USERS = 100_000


class FactServicer(FactServiceServicer):
    def __init__(
        self,
        record_events: RecordEvents,
        horizons: Horizons,
        upsert_profiles: UpsertProfiles,
        lists: Lists,
        erase_user: EraseUser,
    ) -> None:
        self._record_events = record_events
        self._horizons = horizons
        self._upsert_profiles = upsert_profiles
        self._lists = lists
        self._erase_user = erase_user

    async def UpsertProfiles(
        self, request: pb.UpsertProfilesRequest, context: Context
    ) -> pb.UpsertProfilesResponse:
        profiles = some("profiles", request.profiles, MOST_ITEMS)
        answer = await self._upsert_profiles(each(profiles, profile_from))
        require_one("profiles", [result.refusal for result in answer.results])
        return profile_results_to(profiles, answer)

    async def RecordEvents(
        self, request: pb.RecordEventsRequest, context: Context
    ) -> pb.RecordEventsResponse:
        events = some("events", request.events, MOST_ITEMS)
        answer = await self._record_events(each(events, event_from))
        require_one("events", [result.refusal for result in answer.results])
        return pb.RecordEventsResponse(**event_results_to(events, answer))

    async def StreamEvents(
        self, request_iterator: AsyncIterable[pb.StreamEventsRequest], context: Context
    ) -> AsyncIterator[pb.StreamEventsResponse]:
        async for request in request_iterator:
            events = not_too_many("events", request.events, MOST_ITEMS)
            answer = await self._record_events(each(events, event_from))
            yield pb.StreamEventsResponse(**event_results_to(events, answer))

    async def Backfill(self, request: pb.BackfillRequest, context: Context) -> pb.BackfillResponse:
        events = some("events", request.events, MOST_ITEMS)
        answer = await self._record_events.backfill(each(events, event_from))
        require_one("events", [result.refusal for result in answer.results])
        return pb.BackfillResponse(**event_results_to(events, answer))

    async def SetHorizon(self, request: pb.SetHorizonRequest, context: Context) -> pb.SetHorizonResponse:
        type, known_since = horizon_from(request.horizon)
        await self._horizons.set(type, known_since)
        return pb.SetHorizonResponse(horizon=horizon_to(type, known_since))

    async def ListHorizons(
        self, request: pb.ListHorizonsRequest, context: Context
    ) -> pb.ListHorizonsResponse:
        horizons = await self._horizons.all()
        return pb.ListHorizonsResponse(horizons=[horizon_to(*each) for each in horizons.items()])

    async def LoadList(self, request: pb.LoadListRequest, context: Context) -> pb.LoadListResponse:
        users = not_too_many("user_ids", request.user_ids, MOST_USERS)
        for index, user in enumerate(users):
            identifier(f"user_ids[{index}]", user)
        name = identifier("list", request.list)
        expected = request.expected_list_version if request.HasField("expected_list_version") else None
        change, version = await self._lists.load(name, users, mode_from(request.mode), expected)
        return pb.LoadListResponse(
            list=name,
            user_count=change.size,
            added_count=change.added,
            removed_count=change.removed,
            version=version,
            list_version=change.version,
        )

    async def GetList(self, request: pb.GetListRequest, context: Context) -> pb.GetListResponse:
        name = identifier("list", request.list)
        found, version = await self._lists.find(name)
        return list_to(name, found, version)

    async def EraseUser(self, request: pb.EraseUserRequest, context: Context) -> pb.EraseUserResponse:
        erased = await self._erase_user(identifier("user_id", request.user_id))
        return pb.EraseUserResponse(
            attribute_count=erased.attributes,
            event_count=erased.events,
            list_count=erased.lists,
            contact_count=erased.contacts,
        )
