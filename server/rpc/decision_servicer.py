"""DecisionService on the wire."""

from __future__ import annotations

from typing import TypeAlias

from suasion.v1 import decision_service_pb2 as pb
from suasion.v1.decision_service_pb2_grpc import DecisionServiceServicer

from server.rpc.calls import Context
from server.rpc.checks import identifier, instant, not_too_many, some
from server.rpc.convert.answers import checked_crowds_to, contacted_to, listed_crowds_to, matched_to
from server.rpc.convert.subject import MOST_NAMES, contact_from, names, subject_from
from server.rpc.interceptors import request_id
from server.usecases.check_contact import CheckContact
from server.usecases.crowds import CheckCrowds, ListCrowds
from server.usecases.match_plan import MatchPlan
from server.usecases.subject import Subject

MOST_EXPLAINED = 20
"""Crowds; explaining one takes as long as answering for hundreds."""


class DecisionServicer(DecisionServiceServicer):
    def __init__(
        self,
        check_crowds: CheckCrowds,
        list_crowds: ListCrowds,
        match_plan: MatchPlan,
        check_contact: CheckContact,
    ) -> None:
        self._check_crowds = check_crowds
        self._list_crowds = list_crowds
        self._match_plan = match_plan
        self._check_contact = check_contact

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


Question: TypeAlias = (
    pb.CheckCrowdsRequest | pb.ListCrowdsRequest | pb.MatchPlanRequest | pb.CheckContactRequest
)


def asked(request: Question) -> tuple[Subject, int | None]:
    """About whom, and as of when."""
    time = instant("as_of_time", request.as_of_time) if request.HasField("as_of_time") else None
    return subject_from(request.subject, request_id.get()), time
