"""Decisions sent to a collector: a small one of our own, over real gRPC."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2, logs_service_pb2_grpc
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import SpanContext

from server.adapters.log.otlp import LARGEST_FACTS, OtlpSink
from server.adapters.log.rows import RecordWriter
from server.adapters.log.sinks import SinkUnavailable
from server.ports import LogCounts, WhenFull
from server.telemetry import FrugalSpanExporter
from server.wiring import decision_log
from tests.log.sinks import some


class Collector(logs_service_pb2_grpc.LogsServiceServicer):
    """Keeps what it is sent, or refuses it."""

    def __init__(self) -> None:
        self.refuses = False
        self.refused = 0
        self.records: list[Any] = []
        self.changed = Condition()

    def Export(self, request: Any, context: Any) -> Any:
        with self.changed:
            self.changed.notify_all()
            if self.refuses:
                self.refused += 1
                context.abort(grpc.StatusCode.PERMISSION_DENIED, "not now")
            for of in request.resource_logs:
                for scope in of.scope_logs:
                    self.records += scope.log_records
        return logs_service_pb2.ExportLogsServiceResponse()

    def until_refused(self) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.refused > 0)


@pytest.fixture
def collector() -> Iterator[tuple[Collector, str]]:
    server, kept = grpc.server(ThreadPoolExecutor(2)), Collector()
    logs_service_pb2_grpc.add_LogsServiceServicer_to_server(kept, server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield kept, f"127.0.0.1:{port}"
    server.stop(None)


def attributes(record: Any) -> dict[str, Any]:
    return {each.key: each.value for each in record.attributes}


def test_a_decision_is_a_log_record(collector: tuple[Collector, str]) -> None:
    kept, address = collector
    sink, (record,) = OtlpSink(address), some(1)
    row = RecordWriter(mask=True)(record)
    sink.write([row])
    sink.close()
    (sent,) = kept.records
    told = attributes(sent)
    assert (sent.event_name, sent.time_unix_nano) == ("suasion.decision", record.facts.now * 1000)
    assert told["suasion.decision_id"].string_value == record.decision_id
    assert told["suasion.user"].string_value == record.user
    assert told["suasion.advisory"].bool_value is True
    body = {each.key: each.value.string_value for each in sent.body.kvlist_value.values}
    assert body == {"facts": row["facts"], "outcome": row["outcome"]}


def test_facts_that_no_collector_takes_are_left_out_and_said_to_be(collector: tuple[Collector, str]) -> None:
    kept, address = collector
    row = RecordWriter(mask=True)(some(1)[0])
    OtlpSink(address).write([{**row, "facts": " " * (LARGEST_FACTS + 1)}])
    body = {each.key: each.value.string_value for each in kept.records[0].body.kvlist_value.values}
    assert body["facts"] == "left out: too large"


def test_a_refusal_is_one(collector: tuple[Collector, str]) -> None:
    kept, address = collector
    kept.refuses = True
    with pytest.raises(SinkUnavailable):
        OtlpSink(address).write([RecordWriter(mask=True)(some(1)[0])])


def alive(kind: type) -> int:
    return sum(type(each) is kind for each in gc.get_objects())


def test_what_was_refused_is_let_go_of_without_the_collector_of_cycles(
    collector: tuple[Collector, str],
) -> None:
    """Else each batch that a dead collector does not take stays until it comes by, and keeps calls waiting then."""
    kept, address = collector
    kept.refuses = True
    made = [RecordWriter(mask=False)(each) for each in some(20)]
    spans = [ReadableSpan("call", SpanContext(1, each, is_remote=False)) for each in range(1, 21)]
    of_spans = FrugalSpanExporter(endpoint=address, insecure=True)
    gc.collect()
    gc.disable()
    try:
        with pytest.raises(SinkUnavailable):
            OtlpSink(address).write(made)
        assert of_spans.export(spans) is SpanExportResult.FAILURE
        spans.clear()
        assert (alive(ReadableLogRecord), alive(ReadableSpan)) == (0, 0)
    finally:
        gc.enable()
        of_spans.shutdown()


def test_records_are_sent_again_until_the_collector_takes_them(collector: tuple[Collector, str]) -> None:
    kept, address = collector
    kept.refuses = True

    async def scenario() -> LogCounts:
        log = decision_log(f"otlp:{address}", full=WhenFull.BLOCK)
        for each in some(700):
            await log.record(each)
        await asyncio.to_thread(kept.until_refused)
        kept.refuses = False
        await log.close()
        return log.counts()

    assert asyncio.run(scenario()) == LogCounts(700, 700)
    assert len({attributes(each)["suasion.decision_id"].string_value for each in kept.records}) == 700
