"""Logs: one line of JSON each on stderr, free of personal data."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType

import orjson

trace: ContextVar[Mapping[str, str]] = ContextVar("trace", default=MappingProxyType({}))
"""`trace_id` and `span_id` of what is under way; empty where nobody traces."""


class JsonLines(logging.Formatter):
    """Writes the mapping that a logger of ours was given.

    Of other libraries' records it tells where and what kind of exception, but not the text, which may show data.
    """

    def format(self, record: logging.LogRecord) -> str:
        told = record.msg if isinstance(record.msg, dict) else foreign(record)
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return orjson.dumps({"time": time, "level": record.levelname.lower(), **told, **trace.get()}).decode()


def foreign(record: logging.LogRecord) -> dict[str, str]:
    kind = record.exc_info[0] if record.exc_info else None
    place = f"{record.pathname}:{record.lineno}"
    return {
        "event": "library",
        "logger": record.name,
        "at": place,
        "exception": kind.__name__ if kind else "",
    }


def to_stderr(level: int, *, access: bool) -> None:
    """Send all logs of the process from `level` on to stderr; without `access` no line for each call."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("suasion.access").disabled = not access
