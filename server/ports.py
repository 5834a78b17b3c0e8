"""What the use cases need of the world: one Protocol a store, and the clock; `server.wiring` picks adapters.

Instants are microseconds since 1970-01-01T00:00Z. Every method of a store may raise `StoreUnavailable`; a
write that raised it may nevertheless have happened. Facts are kept as the JSON in which they came; the
deciding version types them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from compiler.facts import Touch
from compiler.wire.json_text import Json
from dsl.source import Source


class StoreUnavailable(Exception):
    """A store does not answer. The text names the store and the kind of failure, never what was stored."""


# ---- rules


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """What a version is compiled from. `use a.b` finds `a/b.sua` among the modules, or in the standard library."""

    files: tuple[Source, ...]
    modules: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Activation:
    """`version` decides from `time` on; `epoch` counts activations from 1, the greatest one holds."""

    epoch: int
    version: str
    time: int


class RuleStore(Protocol):
    """Rule-set versions, which never change, and which of them decides."""

    async def put(self, version: str, rules: RuleFiles) -> None:
        """Keep a version; one that is kept already stays as it is."""

    async def get(self, version: str) -> RuleFiles | None:
        """The files of a version, or None."""

    async def activate(self, version: str, time: int) -> Activation:
        """Make a kept version decide, in one order for everybody. Raises KeyError for a stranger."""

    async def active(self) -> Activation | None:
        """The activation that holds."""

    async def last_activation(self, version: str) -> Activation | None:
        """The newest activation of one version."""


# ---- facts


class ProfileStore(Protocol):
    """Attributes of users."""

    async def upsert(self, profiles: Sequence[tuple[str, Mapping[str, Json]]]) -> None:
        """Set (user, attributes), in order and all or nothing: those named replace kept ones, others stay."""

    async def fetch(self, user: str) -> Mapping[str, Json]:
        """All attributes of a user; a stranger has none."""


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


class EventStore(Protocol):
    """What users did; an id counts once among all users."""

    async def append(self, events: Sequence[RecordedEvent]) -> list[Recording]:
        """Store events in one transaction; the answers are in their order. Durable when it returns."""

    async def fetch(
        self, user: str, since: Mapping[str, int | None], until: int
    ) -> Mapping[str, tuple[RecordedEvent, ...]]:
        """By type, those with since < time ≤ until (None: from the start), ordered by (time, id)."""

    async def latest(self) -> int | None:
        """The greatest event time of all."""


class ListMode(Enum):
    """What users named in a load are to the list: all of it, on it too, or off it."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class ListChange:
    """How many users are on a list now, and how many were put on and taken off."""

    size: int
    added: int
    removed: int


class ListStore(Protocol):
    """Lists of users, loaded by hand. A list that was never loaded is not an empty one."""

    async def load(self, name: str, users: Collection[str], mode: ListMode) -> ListChange:
        """Change a list, all or nothing."""

    async def holds(self, user: str, names: Collection[str]) -> Mapping[str, bool]:
        """Whether each list holds the user; a list that was never loaded is absent."""


# ---- contacts


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """Touches of one user, and those of their held-out decisions, each ordered by time."""

    touches: tuple[Touch, ...] = ()
    shadow: tuple[Touch, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A touch to write down: with what it `spent` by budget owner, or as one that was held out (`shadow`)."""

    user: str
    touch: Touch
    shadow: bool = False
    spent: Mapping[str, int] = field(default_factory=dict)


class ContactLedger(Protocol):
    """Who was contacted, and what budgets were used up. Only touches that hold are in it."""

    async def append(self, contacts: Sequence[Contact]) -> None:
        """Write touches down, all or nothing."""

    async def history(self, user: str, since: int | None, until: int) -> ContactHistory:
        """The user's touches with since < time ≤ until (None: from the start)."""

    async def used(self, since: Mapping[str, int | None], until: int) -> Mapping[str, int]:
        """By budget owner, what was spent with since ≤ time ≤ until (None: from the start); 0 for nothing."""


class Clock(Protocol):
    """The instant of a decision."""

    def now(self) -> int:
        """Now."""

    def observe(self, time: int) -> None:
        """Hear the time of an event that was recorded."""


@dataclass(frozen=True, slots=True)
class Stores:
    """One adapter of each store; `close` lets go of what they hold once nothing is under way."""

    rules: RuleStore
    profiles: ProfileStore
    events: EventStore
    lists: ListStore
    contacts: ContactLedger
    close: Callable[[], None]
