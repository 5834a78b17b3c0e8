"""What is known of users: attributes, events, lists. Kept as the JSON in which it came; the deciding version types it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from enum import Enum
from typing import Protocol, TypeAlias

from compiler.wire.json_text import Json
from dsl.frozen import dataclass


class ProfileStore(Protocol):
    """Attributes of users."""

    async def upsert(self, profiles: Sequence[tuple[str, Mapping[str, Json]]]) -> None:
        """Set (user, attributes), in order and all or nothing: those named replace kept ones, others stay."""

    async def fetch(self, user: str) -> Mapping[str, Json]:
        """All attributes of a user; a stranger has none."""

    async def erase(self, user: str) -> int:
        """Erase what is known of a user; how many attributes that were."""


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """Something that a user did. `fields` is a JSON object, keys sorted: equal events have equal bytes."""

    id: str
    type: str
    user: str
    time: int
    fields: bytes


class Recording(Enum):
    """What became of an event: stored now, stored before, or refused as its id is another event's."""

    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class KeptTotal:
    """What was folded of a user's events of one shape; `body` is None if nothing was.

    `is_complete`: nothing was dropped, before events of its type were folded into it, nor is there a horizon that somebody set.
    """

    body: bytes | None
    is_complete: bool


@dataclass(frozen=True, slots=True)
class EventHistory:
    """Events of one user by type, ordered by (time, id), and the horizons of those types that have one.

    `known_since`: from this instant on the history of the type is complete, of whatever user. A type without a horizon is
    known from its first event on. `totals`: of the shapes into which events of these types were folded.
    """

    events: Mapping[str, tuple[RecordedEvent, ...]]
    known_since: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, KeptTotal] = field(default_factory=dict)


class Fold(Protocol):
    """Adds events of one user up for one shape."""

    def added(self, body: bytes | None, events: Sequence[RecordedEvent]) -> bytes:
        """What was folded, with these events."""

    def without(self, body: bytes, events: Sequence[RecordedEvent]) -> bytes:
        """What was folded, without some of its events that are kept again."""


Folds: TypeAlias = Mapping[str, Mapping[str, Fold]]
"""By type of event and name of the shape."""
NO_FOLDS: Folds = {}


class EventStore(Protocol):
    """What users did; an id counts once among all users.

    An event that may open occurrences of plans is kept as *unjudged* until a decision or the timers have looked at it
    (`Taken.judged`), so that a crash between the two loses none.

    What is dropped may be folded into *totals* before, by shape. Of what was folded the id is still known, so that it counts once.
    """

    async def append(
        self,
        events: Sequence[RecordedEvent],
        to_judge: Collection[str] = (),
        again: Folds | None = None,
    ) -> list[Recording]:
        """Store events in one transaction; the answers are in their order. Durable when it returns.

        `to_judge`: types of which a new event is unjudged. `again`: what was folded and dropped is taken out of the totals of
        these shapes, and stored anew; else it is a duplicate. The revisions of the users are raised (see ContactHistory).
        """

    async def fetch(self, user: str, since: Mapping[str, int | None], until: int) -> EventHistory:
        """Of each type those with since < time ≤ until (None: from the start)."""

    async def find(self, id: str) -> RecordedEvent | None:
        """An event by its id."""

    async def erase(self, user: str) -> int:
        """Erase the events of a user, and what was folded of others; how many they were. The ids of all are free again."""

    async def types(self) -> frozenset[str]:
        """Types of which there are events."""

    async def prune(self, before: Mapping[str, int], most: int, folds: Folds = NO_FOLDS) -> int:
        """Drop up to `most` events, judged ones of before an instant, by type; how many. In the same transaction they are folded
        into the totals of all shapes of `folds`, other totals of the type are forgotten, and the horizon of a type that loses
        one is raised to that instant. A shape that is folded into for the first time is complete if there was no horizon."""

    async def horizons(self) -> Mapping[str, int]:
        """By type, from when on its history is complete; types without a horizon are absent."""

    async def set_horizon(self, type: str, known_since: int | None) -> None:
        """Say from when on the history of a type is complete; None: it always was, and so its totals are complete. An instant leaves
        totals as they are if it is not behind the horizon of before; else none is complete."""

    async def unjudged(self, until: int, most: int) -> Sequence[RecordedEvent]:
        """Unjudged events with time ≤ until, the earliest first. Later ones wait for their time."""

    async def unjudged_of(self, user: str) -> frozenset[str]:
        """Ids of the unjudged events of a user."""

    async def next_unjudged(self) -> int | None:
        """The time of the earliest unjudged event."""

    async def latest(self) -> int | None:
        """The greatest event time of all."""


class ListMode(Enum):
    """What users named in a load are to the list: all of it, on it too, or off it."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class ListChange:
    """How many users are on a list now, how many were put on and taken off, and the version that it now has."""

    size: int
    added: int
    removed: int
    version: int


@dataclass(frozen=True, slots=True)
class ListState:
    """`version` counts the changes of a list, from 1 for its first load. `time`: of the last load."""

    version: int
    size: int
    time: int


class AnotherListVersion(Exception):
    """The list has another version than the one expected; `version` is the one that it has, 0 if it was never loaded."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class ListStore(Protocol):
    """Lists of users, loaded by hand. A list that was never loaded is not an empty one."""

    async def load(
        self, name: str, users: Collection[str], mode: ListMode, time: int, expected: int | None = None
    ) -> ListChange:
        """Change a list, all or nothing. Raises AnotherListVersion if it has not the version expected."""

    async def find(self, name: str) -> ListState | None:
        """A list, or None if it was never loaded."""

    async def holds(self, user: str, names: Collection[str]) -> Mapping[str, bool]:
        """Whether each list holds the user; a list that was never loaded is absent."""

    async def erase(self, user: str) -> int:
        """Take a user off every list, which raises their versions; how many those were."""
