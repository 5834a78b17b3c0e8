"""Spans, metrics and pages for whoever operates the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client import CollectorRegistry
from suasion.v1 import answer_pb2
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb

from server.rpc.pages import pages_of
from server.stores import memory_stores
from server.telemetry import prometheus, telling
from tests.server.conftest import RULES, Run, Running, refused
from tests.server.messages import NOON, cart, record, subject
from tests.server.test_process import SHOP, Serve, ask, lines, serve, told

__all__ = ["serve"]
CANARY = "anna.canary@example.org"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"  # of the W3C recommendation


class Seen:
    """A server that tells all to us."""

    def __init__(self, run: Run, **options: Any) -> None:
        self.exporter = InMemorySpanExporter()
        self.registry = CollectorRegistry()
        self.telemetry = telling(
            [SimpleSpanProcessor(self.exporter)], [prometheus(self.registry)], self.registry
        )
        self.server = run(Running.start(memory_stores(), telemetry=self.telemetry, **options))
        run(self.server.client.activate(RULES))

    def spans(self, method: str) -> list[ReadableSpan]:
        return [each for each in self.exporter.get_finished_spans() if each.name == method]

    def number(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)


@pytest.fixture
def seen(run: Run) -> Iterator[Seen]:
    found = Seen(run)
    yield found
    run(found.server.stop())
    found.telemetry.close()


def match(server: Running, **options: Any) -> Any:
    return server.client.decisions.MatchPlan(decisions_pb.MatchPlanRequest(subject=subject()), **options)


def test_a_call_is_a_span_of_the_callers_trace_with_what_it_decided(seen: Seen, run: Run) -> None:
    answer = run(match(seen.server, metadata=(("traceparent", f"00-{TRACE}-{PARENT}-01"),)))
    [span] = seen.spans("suasion.v1.DecisionService/MatchPlan")
    assert span.kind is SpanKind.SERVER and span.parent is not None
    assert f"{span.context.trace_id:032x}" == TRACE and f"{span.parent.span_id:016x}" == PARENT
    assert dict(span.attributes or {}) == {
        "rpc.system.name": "grpc",
        "rpc.method": "suasion.v1.DecisionService/MatchPlan",
        "rpc.response.status_code": "OK",
    }
    [event] = span.events
    verdict = answer_pb2.Verdict.Name(answer.verdict).removeprefix("VERDICT_").lower()
    assert event.name == "feature_flag.evaluation"
    assert dict(event.attributes or {}) == {
        "feature_flag.key": "best",
        "feature_flag.result.variant": answer.plan or verdict,
        "feature_flag.result.reason": "targeting_match",
        "feature_flag.provider.name": "suasion",
        "feature_flag.version": answer.provenance.version,
        "suasion.verdict": verdict,
    }
    labels = {"suasion_decide": "best", "suasion_plan": answer.plan, "suasion_verdict": verdict}
    assert seen.number("suasion_decisions_total", **labels) == 1


def test_what_stores_are_asked_is_a_span_within_and_is_timed(seen: Seen, run: Run) -> None:
    run(match(seen.server))
    [call] = seen.spans("suasion.v1.DecisionService/MatchPlan")
    [fetch] = seen.spans("profiles.fetch")
    assert fetch.parent is not None and fetch.parent.span_id == call.context.span_id
    labels = {"suasion_store": "profiles", "suasion_store_method": "fetch"}
    assert seen.number("suasion_store_duration_seconds_count", **labels) == 1


def test_an_error_of_ours_is_one_and_a_callers_mistake_is_not(
    seen: Seen, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch(user: str) -> Any:
        raise ValueError(CANARY)

    run(refused(seen.server.client.decisions.MatchPlan(decisions_pb.MatchPlanRequest())))
    monkeypatch.setattr(seen.server.stores.profiles, "fetch", fetch)
    run(refused(match(seen.server)))
    run(seen.server.stop())  # a refused call ends a little after its status was sent
    mistake, bug = seen.spans("suasion.v1.DecisionService/MatchPlan")
    assert mistake.status.status_code is StatusCode.UNSET
    assert (mistake.attributes or {})["rpc.response.status_code"] == "INVALID_ARGUMENT"
    assert bug.status.status_code is StatusCode.ERROR
    assert (bug.attributes or {})["error.type"] == "INTERNAL"


def test_crowds_and_contacts_are_evaluations_too(seen: Seen, run: Run) -> None:
    version = run(
        seen.server.client.decisions.CheckCrowds(
            decisions_pb.CheckCrowdsRequest(subject=subject(), crowds=["german", "staff"])
        )
    ).provenance.version
    contact = decisions_pb.CheckContactRequest(
        subject=subject(), message=decisions_pb.Message(channel=CANARY)
    )
    run(seen.server.client.decisions.CheckContact(contact))
    events = [event for span in seen.exporter.get_finished_spans() for event in span.events]
    told = [dict(event.attributes or {}) for event in events]
    found = [(each["feature_flag.key"], each["feature_flag.result.variant"]) for each in told]
    assert found == [("german", "unknown"), ("staff", "unknown"), ("contact", "block")]
    assert {each["feature_flag.version"] for each in told} == {version}


def test_what_streams_and_timers_decide_is_told_too(run: Run) -> None:
    seen = Seen(run, clock="events")

    async def decide() -> list[str]:
        decisions, facts = seen.server.client.decisions, seen.server.client.facts
        for name in ("staff", "do_not_contact"):
            await facts.LoadList(facts_pb.LoadListRequest(list=name))
        await facts.RecordEvents(record(cart("e1", NOON), cart("e2", NOON)))
        request = decisions_pb.DecideRequest(subject=subject("u2"))
        stream = decisions.StreamDecide(iter([decisions_pb.StreamDecideRequest(request=request)]))
        plans = [each.result.response.plan async for each in stream]
        await facts.RecordEvents(record(cart("e3", "2026-03-03T14:00:01+00:00", user="u3")))
        watched = decisions.Watch(decisions_pb.WatchRequest())
        plans.append((await watched.read()).decision.plan)
        watched.cancel()
        return plans

    plans = run(decide())
    run(seen.server.stop())
    assert plans == ["hello", "nudge"]
    [stream] = seen.spans("suasion.v1.DecisionService/StreamDecide")
    timers = seen.spans("suasion.timers.decide")
    variants = [
        event.attributes["feature_flag.result.variant"] for event in (*stream.events, *timers[0].events)
    ]  # type: ignore[index]
    assert variants == plans
    seen.telemetry.close()


def test_which_version_serves_is_shown(seen: Seen, run: Run) -> None:
    version = seen.server.service.active.release.version
    told = {"feature_flag_version": version, "suasion_workspace": "default"}
    assert version and seen.number("suasion_rule_set_epoch", **told) == 1


# ---- a process of its own


class Collector(trace_service_pb2_grpc.TraceServiceServicer, metrics_service_pb2_grpc.MetricsServiceServicer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.metrics: list[Any] = []

    def Export(self, request: Any, context: Any) -> Any:
        if isinstance(request, trace_service_pb2.ExportTraceServiceRequest):
            self.spans.append(request)
            return trace_service_pb2.ExportTraceServiceResponse()
        self.metrics.append(request)
        return metrics_service_pb2.ExportMetricsServiceResponse()


@pytest.fixture
def collector() -> Iterator[tuple[Collector, str]]:
    server, kept = grpc.server(ThreadPoolExecutor(2)), Collector()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(kept, server)  # type: ignore[no-untyped-call]
    metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server(kept, server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield kept, f"127.0.0.1:{port}"
    server.stop(None)


def test_a_collector_is_sent_spans_and_metrics_with_nothing_personal(
    serve: Serve, collector: tuple[Collector, str]
) -> None:
    kept, address = collector
    served = serve(str(SHOP), "--otlp", address)
    ask(served, "profiles", "-", stdin=lines({"user_id": CANARY, "attributes": {"country": CANARY}}))
    ask(served, "profiles", "-", stdin=lines({"user_id": CANARY, "attributes": {"email_ok": CANARY}}))
    ask(served, "plan", CANARY)
    ask(served, "contact", CANARY, "--channel", CANARY)
    _, errors = served.end()
    names = {
        span.name
        for each in kept.spans
        for of in each.resource_spans
        for scope in of.scope_spans
        for span in scope.spans
    }
    assert {"suasion.v1.DecisionService/MatchPlan", "profiles.upsert"} <= names
    shown = {
        metric.name
        for each in kept.metrics
        for of in each.resource_metrics
        for scope in of.scope_metrics
        for metric in scope.metrics
    }
    assert {"rpc.server.call.duration", "suasion.store.duration", "suasion.decisions"} <= shown
    assert CANARY not in f"{kept.spans}{kept.metrics}{errors}"
    access = [json.loads(line) for line in errors.splitlines() if '"event":"call"' in line]
    ids = {
        span.trace_id.hex()
        for each in kept.spans
        for of in each.resource_spans
        for scope in of.scope_spans
        for span in scope.spans
    }
    assert {each["trace_id"] for each in access} <= ids and len(access) == 4


def test_a_collector_that_is_gone_does_not_keep_the_server_from_its_work(serve: Serve) -> None:
    served = serve(str(SHOP), "--otlp", "127.0.0.1:1")
    assert told(served, "list", "u1")["crowd_count"] == 3
    assert served.end()[0] == 0


def page(address: str, path: str, method: str = "GET") -> tuple[int, str]:
    connection = HTTPConnection(address)
    connection.request(method, path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_pages_tell_of_life_readiness_and_numbers(serve: Serve) -> None:
    served = serve(str(SHOP), "--metrics", "127.0.0.1:0")
    assert served.process.stderr
    shown = next(line for line in served.process.stderr if line.startswith("pages: "))
    pages = shown.partition("http://")[2].partition("/")[0]
    assert page(pages, "/healthz") == (200, "alive\n")
    assert page(pages, "/readyz") == (200, "ready\n")
    assert page(pages, "/nothing")[0] == 404
    assert page(pages, "/metrics", "POST")[0] == 405
    ask(served, "list", CANARY)
    status, text = page(pages, "/metrics")
    call = 'rpc_method="suasion.v1.DecisionService/ListCrowds",rpc_response_status_code="OK"'
    assert status == 200 and call in text and CANARY not in text


def test_a_server_is_ready_while_rules_are_active_until_its_end_is_near(bare: Running, run: Run) -> None:
    endpoint = bare.service.endpoint
    readyz = pages_of(endpoint, CollectorRegistry())["/readyz"]
    found = [run(readyz()).status]
    run(bare.client.activate(RULES))
    found.append(run(readyz()).status)
    run(endpoint.say_farewell())
    assert [*found, run(readyz()).status] == [503, 200, 503]
