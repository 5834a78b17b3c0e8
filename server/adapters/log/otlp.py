"""A sink: a collector of OpenTelemetry logs, over gRPC."""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import LogRecordExportResult
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from dsl.version import ENGINE_VERSION
from server.adapters.log.rows import Row
from server.adapters.log.sinks import SinkUnavailable
from server.ports.rules import RuleFiles

EVENT = "suasion.decision"
SECONDS = 5.0
"""For an export, tries included."""
LARGEST_FACTS = 2**21
"""Bytes; collectors take messages of 4 MiB. What is larger is left out, and said to be."""
RESOURCE = Resource.create({"service.name": "suasion", "service.version": ENGINE_VERSION})
SCOPE = InstrumentationScope("suasion.decisions", ENGINE_VERSION)


class OtlpSink:
    """Sends each row as a log record: its columns as attributes, `facts` and `outcome` as the body.

    The files of versions are not sent: they are in the store of rules.
    """

    def __init__(self, address: str) -> None:
        """`address` is `host:port`, without TLS."""
        self._exporter = OTLPLogExporter(endpoint=address, insecure=True, timeout=SECONDS)

    def write(self, rows: Sequence[Row]) -> None:
        records = [log_record(row) for row in rows]
        try:
            result = self._exporter.export(records)
        finally:
            records.clear()  # which an error and its traceback, holding each other, would keep until the collector of cycles comes by
        if result is not LogRecordExportResult.SUCCESS:
            raise SinkUnavailable("the collector does not take records")

    def tick(self) -> None:
        """Nothing is put off."""

    def keep(self, version: str, rules: RuleFiles) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        self._exporter.shutdown()


def log_record(row: Row) -> ReadableLogRecord:
    fits = len(row["facts"]) <= LARGEST_FACTS
    body = {"outcome": row["outcome"], "facts": row["facts"] if fits else "left out: too large"}
    told = {name: value for name, value in row.items() if name not in body and value is not None}
    told["reasons"] = [f"{each['code']} {each['rule']} {each['location']}" for each in row["reasons"]]
    told["gates"] = [f"{each['plan']} {each['fell_at']} {each['verdict']}" for each in row["gates"]]
    record = LogRecord(
        timestamp=row["time"] * 1000,
        severity_number=SeverityNumber.INFO,
        body=body,
        attributes={f"suasion.{name}": value for name, value in told.items()},
        event_name=EVENT,
    )
    return ReadableLogRecord(record, RESOURCE, SCOPE)
