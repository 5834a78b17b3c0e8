"""What the use cases need of the world: one Protocol a store, and the clock; `server.wiring` picks adapters.

Instants are microseconds since 1970-01-01T00:00Z. Every method of a store may raise `StoreUnavailable`; a
write that raised it may nevertheless have happened.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from server.ports.access import (
    DEFAULT_WORKSPACE,
    Caller,
    KeysUnusable,
    Role,
    TokenExpired,
    Tokens,
    TokenUnusable,
)
from server.ports.bus import (
    Batch,
    Bus,
    BusUnavailable,
    Fate,
    Incoming,
    NotTaken,
    Outgoing,
    Refused,
    Settled,
    Way,
)
from server.ports.clock import Clock, ClockBehind
from server.ports.contacts import (
    CHANGED,
    GIVEN_BACK,
    HOLDING,
    LAPSED,
    Answered,
    Change,
    Changed,
    Commit,
    ContactHistory,
    ContactLedger,
    Reservation,
    Spend,
    Standing,
    State,
    Taken,
)
from server.ports.errors import StoreUnavailable
from server.ports.facts import (
    NO_FOLDS,
    AnotherListVersion,
    EventHistory,
    EventStore,
    Fold,
    Folds,
    KeptTotal,
    ListChange,
    ListMode,
    ListState,
    ListStore,
    ProfileStore,
    RecordedEvent,
    Recording,
)
from server.ports.log import DecisionLog, LogCounts, Record, WhenFull
from server.ports.rules import (
    EVERYBODY,
    NOBODY,
    Act,
    By,
    Deed,
    FilesDamaged,
    KeptVersion,
    LastGood,
    LastGoodStore,
    Part,
    Release,
    RuleFiles,
    RuleStore,
    Schedule,
    VersionRevoked,
    VersionServes,
)
from server.ports.timers import Occurrence, OccurrenceKey, Outbox, Published, TimerStore


@dataclass(frozen=True, slots=True)
class Stores:
    """One adapter of each store. `purge` leaves nothing in files of what was erased before; `close` lets go of what they hold
    once nothing is under way."""

    rules: RuleStore
    profiles: ProfileStore
    events: EventStore
    lists: ListStore
    contacts: ContactLedger
    timers: TimerStore
    outbox: Outbox
    last_good: LastGoodStore | None
    purge: Callable[[], Awaitable[None]]
    close: Callable[[], None]


__all__ = [
    "CHANGED",
    "DEFAULT_WORKSPACE",
    "EVERYBODY",
    "GIVEN_BACK",
    "HOLDING",
    "LAPSED",
    "NOBODY",
    "NO_FOLDS",
    "Act",
    "AnotherListVersion",
    "Answered",
    "Batch",
    "Bus",
    "BusUnavailable",
    "By",
    "Caller",
    "Change",
    "Changed",
    "Clock",
    "ClockBehind",
    "Commit",
    "ContactHistory",
    "ContactLedger",
    "DecisionLog",
    "Deed",
    "EventHistory",
    "EventStore",
    "Fate",
    "FilesDamaged",
    "Fold",
    "Folds",
    "Incoming",
    "KeptTotal",
    "KeptVersion",
    "KeysUnusable",
    "LastGood",
    "LastGoodStore",
    "ListChange",
    "ListMode",
    "ListState",
    "ListStore",
    "LogCounts",
    "NotTaken",
    "Occurrence",
    "OccurrenceKey",
    "Outbox",
    "Outgoing",
    "Part",
    "ProfileStore",
    "Published",
    "Record",
    "RecordedEvent",
    "Recording",
    "Refused",
    "Release",
    "Reservation",
    "Role",
    "RuleFiles",
    "RuleStore",
    "Schedule",
    "Settled",
    "Spend",
    "Standing",
    "State",
    "StoreUnavailable",
    "Stores",
    "Taken",
    "TimerStore",
    "TokenExpired",
    "TokenUnusable",
    "Tokens",
    "VersionRevoked",
    "VersionServes",
    "Way",
    "WhenFull",
]
