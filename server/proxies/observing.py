"""Stores whose every answer is timed. Any port can be wrapped: its methods are looked up by name, and all are awaited."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from typing import Any

from opentelemetry.trace import NoOpTracer, StatusCode, get_current_span

from server.ports import Stores
from server.telemetry import Telemetry

NOBODY = NoOpTracer()


def observed(stores: Stores, telemetry: Telemetry) -> Stores:
    """The same stores, each observed under the name that it has there."""
    ports = [
        each.name
        for each in fields(stores)
        if each.name not in ("purge", "close") and getattr(stores, each.name) is not None
    ]
    wrapped: Any = {name: Observed(name, getattr(stores, name), telemetry) for name in ports}
    return replace(stores, **wrapped)


class Observed:
    """A store of which each call is a point of `suasion.store.duration`, and a span within that of the call that needs it."""

    def __init__(self, name: str, store: Any, telemetry: Telemetry) -> None:
        self._name = name
        self._store = store
        self._telemetry = telemetry

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        """Asked for once a method; it is an attribute from then on."""
        asked = getattr(self._store, method)
        known = {"suasion.store": self._name, "suasion.store.method": method}

        async def timed(*words: Any, **named: Any) -> Any:
            start, told = time.perf_counter(), known
            called = get_current_span().get_span_context().is_valid  # the timers' looks are none's work
            tracer = self._telemetry.tracer if called else NOBODY
            with tracer.start_as_current_span(
                f"{self._name}.{method}",
                attributes=known,
                record_exception=False,
                set_status_on_exception=False,
            ) as span:
                try:
                    return await asked(*words, **named)
                except Exception as error:  # told by its kind alone: its text may show data
                    told = known | {"error.type": type(error).__name__}
                    span.set_attributes(told)
                    span.set_status(StatusCode.ERROR)
                    raise
                finally:
                    self._telemetry.stores.record(time.perf_counter() - start, told)

        setattr(self, method, timed)
        return timed
