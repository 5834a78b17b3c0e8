"""What a decision is told: typed facts about one user at one instant. Plain data; reading it from JSON is `facts_from_json`.

All values have the run-time forms of `compiler.types`, already typed by the deciding version: a number is finite, an
event's fields are those that the version declares. An absent key is MISSING; what could not be fetched must be said
with UNAVAILABLE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from compiler.types import INSTANT_MIN, Unavailable, Value
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a user did. `time` is event time, microseconds UTC; ties are ordered by `id` (code points)."""

    time: int
    id: str
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Touch:
    """A contact of the user, made or reserved. Only touches that hold are handed in: reserved, dispatched, confirmed
    or uncertain, not the failed and released ones."""

    time: int
    activity: str
    """The plan's name when first published."""
    channel: str
    tags: frozenset[str]
    """At the time of sending."""
    counted: bool
    campaign: str | None
    occurrence: str
    """See `occurrence_id` of the decision semantics."""
    completes: str | None = None
    """The occurrence of another plan that it completes: with that one's it is one message."""


@dataclass(frozen=True, slots=True)
class Total:
    """What some of a user's events, which are no longer among the facts, come to for one shape (`compiler.shapes`).

    `count`: those that its condition takes; `present`: those of them that have its field; `unknown`: those of which the
    condition does not know. `sum`: of the field, exactly; of numbers in millionths, to which each is rounded.
    `standing`: of those taken the first, the last, and ones with the least and the greatest field; with that field alone.
    `until`: none of the events, taken or not, is later. `is_complete`: there were no others before.
    """

    count: int = 0
    present: int = 0
    unknown: int = 0
    sum: int = 0
    standing: tuple[Event, ...] = ()
    until: int = INSTANT_MIN - 1
    is_complete: bool = True

    def tells_all(self, now: int) -> bool:
        """Whether nothing else happened of old, as seen from `now`."""
        return self.is_complete and self.until < now


@dataclass(frozen=True, slots=True)
class Opened:
    """An occurrence that a store kept: the plan's trigger matched `event`."""

    plan: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Facts:
    """One user at `now` (microseconds UTC). Events with a time after `now` are ignored.

    `events`: by event name, ordered by (time, id).
    `known_since`: history horizon by event name, microseconds; absent means complete.
    `totals`: what events come to that are not among `events`, by the name of the shape; absent where all are.
    `lists`: list name -> holds the user; absent is not a member.
    `touches`, `shadow`: ordered by time; `shadow` are those of held-out decisions.
    `budgets`: used so far in the present period, by owner (`plan x`, `campaign y`): count, or millionths of the
    currency; absent is 0.
    `opened`: the open occurrences that a store kept, by plan; None derives them from the events (see semantics).
    `held_out`: names of campaigns and decides that hold the user out; None goes by the hash.
    `request_id`: occurrence of plans without trigger.
    """

    now: int
    user: Mapping[str, Value] = field(default_factory=dict)
    input: Mapping[str, Value] = field(default_factory=dict)
    events: Mapping[str, tuple[Event, ...] | Unavailable] = field(default_factory=dict)
    known_since: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, Total] = field(default_factory=dict)
    lists: Mapping[str, bool | Unavailable] = field(default_factory=dict)
    touches: tuple[Touch, ...] | Unavailable = ()
    shadow: tuple[Touch, ...] | Unavailable = ()
    budgets: Mapping[str, int] | Unavailable = field(default_factory=dict)
    opened: tuple[Opened, ...] | None = None
    held_out: frozenset[str] | None = None
    request_id: str = ""
