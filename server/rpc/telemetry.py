"""Spans and metrics of calls, and of what they decide, by OpenTelemetry's conventions for RPC and feature flags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import grpc
from google.protobuf.message import Message
from opentelemetry.context import Context as TraceContext
from opentelemetry.trace import Span, SpanKind, StatusCode, format_span_id, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from suasion.v1 import answer_pb2
from suasion.v1 import decision_service_pb2 as pb

from server import logs
from server.ports import Commit, ContactLedger, Taken
from server.rpc.calls import Around, Call, Proceed, timed
from server.rpc.written import Written
from server.telemetry import Telemetry

MOST_EVENTS = 100
"""Evaluations told on one span; all are counted."""
OF_SERVER = frozenset(
    {
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DATA_LOSS,
    }
)
"""Codes that the conventions call an error of the server; others are the caller's."""
PROPAGATOR = TraceContextTextMapPropagator()


def tells(telemetry: Telemetry) -> Around:
    """A span and a duration for each call, in the caller's trace if it says so."""

    async def with_telemetry(call: Call, proceed: Proceed) -> Message | None:
        known = {"rpc.system.name": "grpc", "rpc.method": call.method.removeprefix("/")}
        span = telemetry.tracer.start_as_current_span(
            known["rpc.method"],
            trace_of(call),
            SpanKind.SERVER,
            known,
            record_exception=False,
            set_status_on_exception=False,
        )
        with span as current:
            log_trace(current)
            answered = partial(tell_answer, telemetry, current, call.request)
            watched = call if call.write is None else call._replace(write=overheard(call.write, answered))
            response = await timed(watched, proceed, partial(tell_end, telemetry, current, known))
            if response is not None:
                answered(response)
            return response

    return with_telemetry


class Overheard:
    """A ledger of which is told what the timers decide: nobody is answered that, it is published."""

    def __init__(self, ledger: ContactLedger, telemetry: Telemetry) -> None:
        self._ledger = ledger
        self._telemetry = telemetry

    def __getattr__(self, method: str) -> Any:
        return getattr(self._ledger, method)

    async def commit(self, taken: Taken) -> Commit:
        outcome = await self._ledger.commit(taken)
        if taken.publish and outcome is None:
            with self._telemetry.tracer.start_as_current_span("suasion.timers.decide") as span:
                tell_answer(self._telemetry, span, None, pb.DecideResponse.FromString(taken.answer))
        return outcome


def trace_of(call: Call) -> TraceContext:
    metadata = call.context.invocation_metadata() or ()
    return PROPAGATOR.extract({key: value for key, value in metadata if key in PROPAGATOR.fields})


def log_trace(span: Span) -> None:
    context = span.get_span_context()
    if context.is_valid:
        ids = {"trace_id": format_trace_id(context.trace_id), "span_id": format_span_id(context.span_id)}
        logs.trace.set(ids)


def overheard(write: Callable[[Any], Any], answered: Callable[[Message], None]) -> Callable[[Any], Any]:
    async def both(response: Message) -> None:
        answered(response)
        await write(response)

    return both


def tell_end(
    telemetry: Telemetry, span: Span, known: Mapping[str, str], code: grpc.StatusCode, seconds: float
) -> None:
    told = {**known, "rpc.response.status_code": code.name}
    if code in OF_SERVER:
        told["error.type"] = code.name
        span.set_status(StatusCode.ERROR)
    span.set_attributes(told)
    telemetry.calls.record(seconds, told)


# ---- what was decided


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`key` is a decide, a crowd, or `contact`; `plan` and `decide` are the rules' own names, or empty."""

    key: str
    variant: str
    version: str
    verdict: str = ""
    decide: str = ""
    plan: str = ""


def tell_answer(telemetry: Telemetry, span: Span, request: Any, response: Message) -> None:
    found = list(evaluations(request, response))
    for each in found:
        if each.verdict:
            told = {"suasion.decide": each.decide, "suasion.plan": each.plan, "suasion.verdict": each.verdict}
            telemetry.decisions.add(1, told)
    if span.is_recording():
        for each in islice(found, MOST_EVENTS):
            span.add_event("feature_flag.evaluation", told_of(each))


def told_of(each: Evaluation) -> dict[str, str]:
    told = {
        "feature_flag.key": each.key,
        "feature_flag.result.variant": each.variant,
        "feature_flag.result.reason": REASONS.get(each.verdict, "targeting_match"),
        "feature_flag.provider.name": "suasion",
        "feature_flag.version": each.version,
    }
    return told | ({"suasion.verdict": each.verdict} if each.verdict else {})


REASONS: Mapping[str, str] = {"holdout": "split", "none": "default"}


def evaluations(request: Any, response: Any) -> Iterator[Evaluation]:
    """What an answer decided; nothing for what decides nothing."""
    if isinstance(response, Written):
        response = response.message()
    read = EVALUATIONS.get(type(response))
    if read is not None:
        yield from read(request, response)


def of_crowds(_: Any, response: pb.CheckCrowdsResponse) -> Iterator[Evaluation]:
    for each in response.answers:
        yield Evaluation(
            each.crowd, word(answer_pb2.Answer, each.answer, "ANSWER_"), response.provenance.version
        )


def of_plans(_: Any, response: Any) -> Iterator[Evaluation]:
    verdict = word(answer_pb2.Verdict, response.verdict, "VERDICT_")
    version = response.provenance.version
    yield Evaluation(
        response.decide, response.plan or verdict, version, verdict, response.decide, response.plan
    )


def of_contact(request: pb.CheckContactRequest, response: pb.CheckContactResponse) -> Iterator[Evaluation]:
    """A channel is the caller's own word, and is not told."""
    verdict = word(answer_pb2.Verdict, response.verdict, "VERDICT_")
    yield Evaluation("contact", verdict, response.provenance.version, verdict, plan=request.plan)


def of_many_plans(_: Any, response: pb.BatchDecideResponse) -> Iterator[Evaluation]:
    for each in response.results:
        if each.HasField("response"):
            yield from of_plans(None, each.response)


def of_one_of_a_stream(_: Any, response: pb.StreamDecideResponse) -> Iterator[Evaluation]:
    if response.result.HasField("response"):
        yield from of_plans(None, response.result.response)


def of_many_contacts(
    request: pb.BatchCheckContactRequest, response: pb.BatchCheckContactResponse
) -> Iterator[Evaluation]:
    for asked, each in zip(request.requests, response.results, strict=True):
        if each.HasField("response"):
            yield from of_contact(asked, each.response)


EVALUATIONS: Mapping[type[Message], Callable[[Any, Any], Iterable[Evaluation]]] = {
    pb.CheckCrowdsResponse: of_crowds,
    pb.MatchPlanResponse: of_plans,
    pb.CheckContactResponse: of_contact,
    pb.DecideResponse: of_plans,
    pb.BatchDecideResponse: of_many_plans,
    pb.StreamDecideResponse: of_one_of_a_stream,
    pb.BatchCheckContactResponse: of_many_contacts,
}


def word(enum: Any, value: int, prefix: str) -> str:
    name: str = enum.Name(value)
    return name.removeprefix(prefix).lower()
