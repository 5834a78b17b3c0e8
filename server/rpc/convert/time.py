"""Instants and spans."""

from __future__ import annotations

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp


def timestamp(time: int) -> Timestamp:
    """Microseconds since 1970-01-01T00:00Z as a message."""
    seconds, micros = divmod(time, 10**6)
    return Timestamp(seconds=seconds, nanos=micros * 1000)


def duration(span: int) -> Duration:
    """Microseconds as a message."""
    seconds, micros = divmod(span, 10**6)
    return Duration(seconds=seconds, nanos=micros * 1000)
