"""The CDNOW purchases as events, and what was published about their buyers."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1.fact_service_pb2 import Event

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "cdnow"
ZONE = ZoneInfo("America/New_York")
NOON = 12
"""The recorded purchases have a day and no time; we say that each was made at noon in New York."""

PUBLISHED: Mapping[str, int] = {
    "repeats_0": 1411,
    "repeats_1": 439,
    "repeats_2": 214,
    "repeats_3": 100,
    "repeats_4": 62,
    "repeats_5": 38,
    "repeats_6": 29,
    "repeats_7_plus": 64,
}
"""Customers by repeat purchase days up to 1997-09-30, as the walk-through of the R package BTYD prints them."""


def purchases(path: Path = EXAMPLE / "purchases.txt") -> list[Event]:
    """One event a line of the file, in order of time.

    The event id is customer, day, and which purchase of that day it is: the same whenever the file is sent again.
    """
    return sorted(
        events(path.read_text(encoding="ascii").splitlines()), key=lambda event: event.event_time.seconds
    )


def events(lines: list[str]) -> Iterator[Event]:
    known: Counter[tuple[str, str]] = Counter()
    for line in lines:
        customer, _, day, quantity, dollars = line.split()
        known[customer, day] += 1
        date = datetime.strptime(day, "%Y%m%d")
        fields = {
            "day": f"{date:%Y-%m-%d}",
            "quantity": int(quantity),
            "amount": {"amount": dollars, "currency": "USD"},
        }
        yield Event(
            event_id=f"{customer}-{day}-{known[customer, day]}",
            type="purchase",
            user_id=str(int(customer)),
            event_time=timestamp(date.replace(hour=NOON, tzinfo=ZONE)),
            fields_json=json.dumps(fields).encode(),
        )


def timestamp(instant: datetime) -> Timestamp:
    written = Timestamp()
    written.FromDatetime(instant.astimezone(UTC))
    return written
