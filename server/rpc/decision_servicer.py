"""DecisionService on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from typing import TypeAlias

from suasion.v1 import decision_service_pb2 as pb
from suasion.v1.decision_service_pb2_grpc import DecisionServiceServicer

from server.ports import StoreUnavailable
from server.rpc.calls import Context
from server.rpc.checks import identifier, instant, not_too_many, refusal, some
from server.rpc.convert.answers import (
    checked_crowds_to,
    contacted_to,
    listed_crowds_to,
    matched_to,
    published_to,
)
from server.rpc.convert.asks import ask_from
from server.rpc.convert.subject import MOST_NAMES, contact_from, names, subject_from
from server.rpc.errors import status_of
from server.rpc.interceptors import request_id
from server.usecases.check_contact import CheckContact
from server.usecases.crowds import CheckCrowds, ListCrowds
from server.usecases.decide import Decide
from server.usecases.match_plan import MatchPlan
from server.usecases.refusals import InvalidRequest, Refusal
from server.usecases.subject import Subject
from server.usecases.watch import Watch

MOST_AT_ONCE = 1000
"""Requests of a batch."""
MOST_EXPLAINED = 20
"""Crowds; explaining one takes as long as answering for hundreds."""


class DecisionServicer(DecisionServiceServicer):
    def __init__(
        self,
        check_crowds: CheckCrowds,
        list_crowds: ListCrowds,
        match_plan: MatchPlan,
        check_contact: CheckContact,
        decide: Decide,
        watch: Watch,
    ) -> None:
        self._check_crowds = check_crowds
        self._list_crowds = list_crowds
        self._match_plan = match_plan
        self._check_contact = check_contact
        self._decide = decide
        self._watch = watch

    async def CheckCrowds(self, request: pb.CheckCrowdsRequest, context: Context) -> pb.CheckCrowdsResponse:
        subject, as_of = asked(request)
        crowds = some("crowds", request.crowds, MOST_NAMES)
        if request.explain:
            not_too_many("crowds", crowds, MOST_EXPLAINED)
        asked_for = names("crowds", crowds)
        answer = await self._check_crowds(subject, asked_for, as_of, explain=request.explain)
        return checked_crowds_to(answer)

    async def ListCrowds(self, request: pb.ListCrowdsRequest, context: Context) -> pb.ListCrowdsResponse:
        return listed_crowds_to(await self._list_crowds(*asked(request)))

    async def MatchPlan(self, request: pb.MatchPlanRequest, context: Context) -> pb.MatchPlanResponse:
        subject, as_of = asked(request)
        decide = identifier("decide", request.decide) if request.decide else ""
        return matched_to(await self._match_plan(subject, decide, as_of))

    async def CheckContact(
        self, request: pb.CheckContactRequest, context: Context
    ) -> pb.CheckContactResponse:
        subject, as_of = asked(request)
        return contacted_to(await self._check_contact(subject, contact_from(request), as_of))

    async def Decide(self, request: pb.DecideRequest, context: Context) -> pb.DecideResponse:
        return await self._decided(request)

    async def BatchDecide(self, request: pb.BatchDecideRequest, context: Context) -> pb.BatchDecideResponse:
        requests = some("requests", request.requests, MOST_AT_ONCE)
        results = await asyncio.gather(
            *(self._result(each, f"requests[{index}]") for index, each in enumerate(requests))
        )
        return pb.BatchDecideResponse(results=results)

    async def StreamDecide(
        self, request_iterator: AsyncIterable[pb.StreamDecideRequest], context: Context
    ) -> AsyncIterator[pb.StreamDecideResponse]:
        async for each in request_iterator:
            yield pb.StreamDecideResponse(result=await self._result(each.request, "request"))

    async def Watch(self, request: pb.WatchRequest, context: Context) -> AsyncIterator[pb.WatchResponse]:
        if request.after_id < 0:
            raise refusal("after_id", "an id is not negative")
        async for published in self._watch(None if request.only_new else request.after_id):
            yield published_to(published)

    async def _decided(self, request: pb.DecideRequest) -> pb.DecideResponse:
        ask = ask_from(request, request_id.get())
        advisory = request.HasField("reserve") and not request.reserve
        answer = await (self._decide.advise(ask) if advisory else self._decide(ask))
        return pb.DecideResponse.FromString(answer)

    async def _result(self, request: pb.DecideRequest, path: str) -> pb.DecideResult:
        """The answer to one of many; or why there is none, which does not keep the others back."""
        try:
            return pb.DecideResult(response=await self._decided(request))
        except (Refusal, StoreUnavailable) as error:
            refused = error.below(path) if isinstance(error, InvalidRequest) else error
            return pb.DecideResult(error=status_of(refused))


Question: TypeAlias = (
    pb.CheckCrowdsRequest | pb.ListCrowdsRequest | pb.MatchPlanRequest | pb.CheckContactRequest
)


def asked(request: Question) -> tuple[Subject, int | None]:
    """About whom, and as of when."""
    time = instant("as_of_time", request.as_of_time) if request.HasField("as_of_time") else None
    return subject_from(request.subject, request_id.get()), time
