"""OpenTelemetry: what is measured, and where that goes. Nothing in it is personal: no id of a user, no fact.

Names are those of OpenTelemetry's conventions where it has some, else they begin with `suasion.`. Sampling, headers and certificates
are set by OpenTelemetry's own `OTEL_*` variables.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TypeAlias

from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import Counter, Histogram, Meter, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.trace import NoOpTracer, Tracer
from prometheus_client import CollectorRegistry

from dsl.version import ENGINE_VERSION
from server.usecases.status import Figure, Serves

# Those of the conventions, and some below, as most of our calls end in a millisecond.
SECONDS = (
    0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
)  # fmt: skip
EXPORT_SECONDS = 5.0
"""How long an export may take; what a collector does not take is dropped, from a queue of 2,048 spans."""


WORKSPACE = "suasion.workspace"
Observe: TypeAlias = Callable[[], Iterable[Observation]]


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What is told of the service's work. `registry` holds what Prometheus is shown, `close` sends what is left."""

    tracer: Tracer
    meter: Meter
    calls: Histogram
    stores: Histogram
    decisions: Counter
    registry: CollectorRegistry
    close: Callable[[], None]

    gauges: dict[str, list[Observe]] = field(default_factory=dict)
    """What each gauge asks whenever somebody looks: one for each workspace."""

    def watch(self, figures: Iterable[Figure], workspace: str) -> None:
        """Show numbers that are read whenever somebody looks."""
        for figure in figures:
            self._gauge(figure.name, figure.unit, partial(observe, figure, workspace))

    def watch_rules(self, serves: Callable[[], Iterable[Serves]], workspace: str) -> None:
        """Show which rule-set versions serve, and since which epoch."""

        def observe() -> Iterable[Observation]:
            return [
                Observation(each.epoch, {"feature_flag.version": each.version, WORKSPACE: workspace})
                for each in serves()
            ]

        self._gauge("suasion.rule_set.epoch", "{activation}", observe)

    def _gauge(self, name: str, unit: str, asked: Observe) -> None:
        """OpenTelemetry would hear but the first of several gauges of one name."""
        if name not in self.gauges:
            every = self.gauges[name] = []
            self.meter.create_observable_gauge(
                name, [lambda _: chain.from_iterable(each() for each in every)], unit
            )
        self.gauges[name].append(asked)


def observe(figure: Figure, workspace: str) -> Iterable[Observation]:
    value = figure.read()
    return [] if value is None else [Observation(value, {WORKSPACE: workspace})]


class FrugalSpanExporter(OTLPSpanExporter):
    """Lets go of what it could not send: an error and its traceback, holding each other, would keep it until the collector of cycles comes by."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        own = list(spans)
        try:
            return super().export(own)
        finally:
            own.clear()


def telemetry(otlp: str | None) -> Telemetry:
    """Tells Prometheus, and a collector at `host:port` or `https://host:port` if there is one."""
    address = otlp if otlp is None or "://" in otlp else f"http://{otlp}"
    registry = CollectorRegistry()
    readers: list[MetricReader] = [prometheus(registry)]
    processors: list[SpanProcessor] = []
    if address:
        exporter = OTLPMetricExporter(endpoint=address, timeout=EXPORT_SECONDS)
        readers.append(PeriodicExportingMetricReader(exporter))
        processors.append(BatchSpanProcessor(FrugalSpanExporter(endpoint=address, timeout=EXPORT_SECONDS)))
    return telling(processors, readers, registry)


def prometheus(registry: CollectorRegistry) -> PrometheusMetricReader:
    """Shows what is measured to who reads the registry."""
    return PrometheusMetricReader(scope_info_enabled=False, registry=registry)


def telling(
    processors: Sequence[SpanProcessor], readers: Sequence[MetricReader], registry: CollectorRegistry
) -> Telemetry:
    """Without a processor nobody wants spans, and none are made."""
    resource = Resource.create(
        {
            "service.name": "suasion",
            "service.version": ENGINE_VERSION,
            "service.instance.id": str(uuid.uuid4()),
        }
    )
    meters = MeterProvider(readers, resource)
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    for each in processors:
        tracers.add_span_processor(each)

    def close() -> None:
        tracers.shutdown()
        meters.shutdown()

    meter = meters.get_meter("suasion", ENGINE_VERSION)
    return Telemetry(
        tracer=tracers.get_tracer("suasion", ENGINE_VERSION) if processors else NoOpTracer(),
        meter=meter,
        calls=seconds(meter, "rpc.server.call.duration", "Duration of incoming calls."),
        stores=seconds(meter, "suasion.store.duration", "Duration of what stores are asked."),
        decisions=meter.create_counter(
            "suasion.decisions", "{decision}", "Decisions, by decide, plan and verdict."
        ),
        registry=registry,
        close=close,
    )


def seconds(meter: Meter, name: str, description: str) -> Histogram:
    return meter.create_histogram(name, "s", description, explicit_bucket_boundaries_advisory=SECONDS)
