"""What happened, in the order in which it was heard of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from compiler.wire.json_text import Json


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it was reported; nothing in `fields`, a JSON object, has been looked at. `time`, `arrived`: microseconds. `place`:
    where it stands, such as `events.csv:17`."""

    id: str
    type: str
    user: str
    time: int
    arrived: int
    fields: bytes
    place: str


class Learned(NamedTuple):
    """Attributes of a user, from an instant on, in microseconds; None is from the start."""

    user: str
    attributes: Mapping[str, Json]
    since: int | None = None


class History(Protocol):
    """Events that were put on record. Raises OSError."""

    def events(self, *, by_time: bool = False) -> Iterator[Arrival]:
        """In the order of their arrival, or of their time."""

    def count(self) -> int:
        """How many events there are."""

    def profiles(self) -> Iterator[Learned]:
        """What is known of users."""

    def members(self) -> Iterator[tuple[str, str]]:
        """List and user: who is on which from the start."""
