"""What every part of a request has to be, whatever the rules say. Refuses with the path of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sized
from datetime import UTC, datetime
from typing import TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from dsl.limits import YEARS
from server.usecases.refusals import InvalidRequest, Violation

Item = TypeVar("Item")
Items = TypeVar("Items", bound=Sized)
Result = TypeVar("Result")

LONGEST_ID = 256
"""Bytes of UTF-8."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
FIRST = int(datetime(YEARS.start, 1, 1, tzinfo=UTC).timestamp())
BEHIND_LAST = int(datetime(YEARS.stop, 1, 1, tzinfo=UTC).timestamp())


def refusal(path: str, message: str) -> InvalidRequest:
    """One violation, ready to be raised."""
    return InvalidRequest([Violation(path, message)])


def identifier(path: str, text: str) -> str:
    """An id: not empty, at most 256 bytes, no control characters."""
    if not text:
        raise refusal(path, "this is required")
    if len(text.encode()) > LONGEST_ID:
        raise refusal(path, f"{len(text.encode()):,} bytes are too many; an id has at most {LONGEST_ID}")
    if CONTROL.search(text):
        raise refusal(path, "an id holds no control characters")
    return text


def instant(path: str, timestamp: Timestamp) -> int:
    """Microseconds since 1970-01-01T00:00Z, the rest of a nanosecond cut off."""
    if not (FIRST <= timestamp.seconds < BEHIND_LAST and 0 <= timestamp.nanos < 10**9):
        raise refusal(path, f"an instant between the years {YEARS.start} and {YEARS.stop - 1} is wanted")
    return timestamp.seconds * 10**6 + timestamp.nanos // 1000


def some(path: str, items: Items, most: int) -> Items:
    """The items, of which there have to be some, but not too many."""
    if not items:
        raise refusal(path, "at least one is wanted")
    return not_too_many(path, items, most)


def not_too_many(path: str, items: Items, most: int) -> Items:
    if len(items) > most:
        raise refusal(path, f"{len(items):,} are too many; there may be {most:,}")
    return items


def distinct(path: str, names: Iterable[str]) -> None:
    """Refuses a name that is given twice."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            raise refusal(f"{path}[{index}]", f"`{name}` is given twice")
        seen.add(name)


def each(items: Iterable[Item], convert: Callable[[Item], Result]) -> list[Result | InvalidRequest]:
    """What `convert` makes of every item, or why it was refused, with paths from the item down."""
    return [attempt(convert, item) for item in items]


def attempt(convert: Callable[[Item], Result], item: Item) -> Result | InvalidRequest:
    try:
        return convert(item)
    except InvalidRequest as refused:
        return refused
