"""DecisionService on the wire."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterator
from itertools import count
from typing import TypeAlias

from google.rpc import status_pb2
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1.decision_service_pb2_grpc import DecisionServiceServicer

from server.rpc.calls import Context
from server.rpc.checks import each, identifier, instant, not_too_many, refusal, some
from server.rpc.convert.answers import contacted_to, matched_to, published_to
from server.rpc.convert.asks import ask_from
from server.rpc.convert.crowds import (
    checked_crowds_to,
    checked_form_to,
    checked_many_to,
    dictionary_to,
    form_from,
    listed_crowds_to,
    listed_form_to,
    listed_many_to,
)
from server.rpc.convert.subject import MOST_NAMES, contact_from, names, subject_from
from server.rpc.errors import status_of
from server.rpc.interceptors import request_id, require_request_id
from server.rpc.written import Written, within
from server.usecases.at_once import Failure, attempted, each_in_turn, each_of
from server.usecases.check_contact import CheckContact
from server.usecases.crowds import CheckCrowds, CrowdDictionary, Form, ListCrowds, Subjects
from server.usecases.decide import Decide
from server.usecases.match_plan import MatchPlan
from server.usecases.refusals import InvalidRequest
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
        dictionary: CrowdDictionary,
    ) -> None:
        self._check_crowds = check_crowds
        self._list_crowds = list_crowds
        self._match_plan = match_plan
        self._check_contact = check_contact
        self._decide = decide
        self._watch = watch
        self._dictionary = dictionary

    async def CheckCrowds(self, request: pb.CheckCrowdsRequest, context: Context) -> pb.CheckCrowdsResponse:
        subject, as_of = asked(request)
        crowds = names("crowds", some("crowds", request.crowds, MOST_NAMES))
        form = form_from(request.form)
        if form is Form.NAMES:
            not_too_many("crowds", crowds, MOST_EXPLAINED if request.explain else MOST_NAMES)
            answer = await self._check_crowds(subject, crowds, as_of, explain=request.explain)
            return checked_crowds_to(answer)
        if request.explain:
            raise refusal("explain", "crowds are explained by name; leave `form` out")
        return checked_form_to(await self._check_crowds.tell(subject, crowds, form, as_of))

    async def ListCrowds(self, request: pb.ListCrowdsRequest, context: Context) -> pb.ListCrowdsResponse:
        form = form_from(request.form)
        if form is Form.NAMES:
            return listed_crowds_to(await self._list_crowds(*asked(request)))
        subject, as_of = asked(request)
        return listed_form_to(await self._list_crowds.tell(subject, form, as_of))

    async def MatchPlan(self, request: pb.MatchPlanRequest, context: Context) -> pb.MatchPlanResponse:
        subject, as_of = asked(request)
        decide = identifier("decide", request.decide) if request.decide else ""
        return matched_to(await self._match_plan(subject, decide, as_of))

    async def CheckContact(
        self, request: pb.CheckContactRequest, context: Context
    ) -> pb.CheckContactResponse:
        return await self._contacted(request, request_id.get())

    async def GetCrowdDictionary(
        self, request: pb.GetCrowdDictionaryRequest, context: Context
    ) -> pb.GetCrowdDictionaryResponse:
        return dictionary_to(await self._dictionary(request.version))

    async def Decide(self, request: pb.DecideRequest, context: Context) -> Written:
        return Written(pb.DecideResponse, await self._decided(request, request_id.get()))

    async def BatchCheckCrowds(
        self, request: pb.BatchCheckCrowdsRequest, context: Context
    ) -> pb.BatchCheckCrowdsResponse:
        crowds = names("crowds", some("crowds", request.crowds, MOST_NAMES))
        answer = await self._check_crowds.many(
            subjects_of(request), crowds, form_from(request.form), as_of_time(request)
        )
        return checked_many_to(answer)

    async def BatchListCrowds(
        self, request: pb.BatchListCrowdsRequest, context: Context
    ) -> pb.BatchListCrowdsResponse:
        answer = await self._list_crowds.many(
            subjects_of(request), form_from(request.form), as_of_time(request)
        )
        return listed_many_to(answer)

    async def BatchCheckContact(
        self, request: pb.BatchCheckContactRequest, context: Context
    ) -> pb.BatchCheckContactResponse:
        requests = some("requests", request.requests, MOST_AT_ONCE)
        verdicts = await each_of(map(self._contacted, requests, ids()))
        results = [contact_result(each, f"requests[{index}]") for index, each in enumerate(verdicts)]
        return pb.BatchCheckContactResponse(results=results)

    async def BatchDecide(self, request: pb.BatchDecideRequest, context: Context) -> Written:
        requests = some("requests", request.requests, MOST_AT_ONCE)
        decisions = await each_in_turn(
            zip(requests, ids(), strict=False), user_of, lambda asked: self._decided(*asked)
        )
        results = [decide_result(each, f"requests[{index}]") for index, each in enumerate(decisions)]
        return Written(pb.BatchDecideResponse, b"".join([within(RESULTS, each) for each in results]))

    async def StreamDecide(
        self, request_iterator: AsyncIterable[pb.StreamDecideRequest], context: Context
    ) -> AsyncIterator[Written]:
        made_up = ids()
        async for request in request_iterator:
            decision = await attempted(self._decided(request.request, next(made_up)))
            yield Written(pb.StreamDecideResponse, within(RESULT, decide_result(decision, "request")))

    async def Watch(self, request: pb.WatchRequest, context: Context) -> AsyncIterator[pb.WatchResponse]:
        if request.after_id < 0:
            raise refusal("after_id", "an id is not negative")
        async for published in self._watch(None if request.only_new else request.after_id):
            yield published_to(published)

    async def _decided(self, request: pb.DecideRequest, id: str) -> bytes:
        """A DecideResponse. `id`: of a request that has none."""
        require_request_id(request.request_id)
        ask = ask_from(request, id)
        advisory = request.HasField("reserve") and not request.reserve
        return await (self._decide.advise(ask) if advisory else self._decide(ask))

    async def _contacted(self, request: pb.CheckContactRequest, id: str) -> pb.CheckContactResponse:
        """`id`: of a request that has none."""
        require_request_id(request.request_id)
        subject = subject_from(request.subject, request.request_id or id)
        contact = await self._check_contact(subject, contact_from(request), as_of_time(request))
        return contacted_to(contact)


Question: TypeAlias = pb.CheckCrowdsRequest | pb.ListCrowdsRequest | pb.MatchPlanRequest


def asked(request: Question) -> tuple[Subject, int | None]:
    """About whom, and as of when."""
    return subject_from(request.subject, request_id.get()), as_of_time(request)


def as_of_time(request: Question | Many | pb.CheckContactRequest) -> int | None:
    return instant("as_of_time", request.as_of_time) if request.HasField("as_of_time") else None


# ---- many at once


Many: TypeAlias = pb.BatchCheckCrowdsRequest | pb.BatchListCrowdsRequest


def subjects_of(request: Many) -> Subjects:
    """Those who are asked about, or why they cannot be meant."""
    subjects = some("subjects", request.subjects, MOST_AT_ONCE)
    return each(subjects, lambda subject: subject_from(subject, request_id.get()))


def user_of(asked: tuple[pb.DecideRequest, str]) -> str:
    """Whom a decision is about."""
    request, _ = asked
    return request.subject.user_id or request.event.user_id


def ids() -> Iterator[str]:
    """Of the first, second and later of the requests that are made by this call."""
    return (f"{request_id.get()}/{number}" for number in count())


RESULTS = pb.BatchDecideResponse.RESULTS_FIELD_NUMBER
RESULT = pb.StreamDecideResponse.RESULT_FIELD_NUMBER
RESPONSE = pb.DecideResult.RESPONSE_FIELD_NUMBER


def decide_result(decision: bytes | Failure, path: str) -> bytes:
    """A DecideResult: an answer, which is large and was written before, or why there is none, paths from `path` down."""
    if isinstance(decision, bytes):
        return within(RESPONSE, decision)
    return pb.DecideResult(error=error_of(decision, path)).SerializeToString()


def contact_result(verdict: pb.CheckContactResponse | Failure, path: str) -> pb.CheckContactResult:
    if isinstance(verdict, pb.CheckContactResponse):
        return pb.CheckContactResult(response=verdict)
    return pb.CheckContactResult(error=error_of(verdict, path))


def error_of(failure: Failure, path: str) -> status_pb2.Status:
    return status_of(failure.below(path) if isinstance(failure, InvalidRequest) else failure)
