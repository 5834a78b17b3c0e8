"""Occurrences of plans that wait to be decided, and what the timers decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, TypeAlias

from dsl.frozen import dataclass

OccurrenceKey: TypeAlias = tuple[str, str]
"""Activity and event id; with the user it is unique."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event of the user opened an occurrence of a plan: `id` is what touches carry, such as `cart_nudge/e-17`.

    `version` opened it and stays with it; `decide` is asked for it at `wake` (None: it waits for others to ask).
    `due` and `expires` (None: never) are instants.
    """

    user: str
    plan: str
    activity: str
    event_id: str
    id: str
    version: str
    decide: str
    due: int
    expires: int | None
    wake: int | None

    @property
    def key(self) -> OccurrenceKey:
        return self.activity, self.event_id


class TimerStore(Protocol):
    """Open occurrences. They are written by `ContactLedger.commit`, together with what was decided."""

    async def open(self, user: str) -> tuple[Occurrence, ...]:
        """Those of a user, ordered by (due, event id)."""

    async def claim(self, now: int, until: int, most: int) -> Sequence[Occurrence]:
        """Up to `most` with wake ≤ now, the earliest first. They wake at `until` now: nobody else is given them before, and
        one that wakes at another instant by then was looked at meanwhile."""

    async def next_wake(self) -> int | None:
        """The earliest instant at which one has to be looked at."""

    async def counts(self) -> Mapping[tuple[str, str], int]:
        """How many are open, by version and plan."""

    async def repin(self, version: str, to: str | None) -> int:
        """Move open occurrences of a version to another; None ends them. How many."""


@dataclass(frozen=True, slots=True)
class Published:
    """An answer that nobody was there to take; `id` rises in the order in which they were taken."""

    id: int
    user: str
    time: int
    answer: bytes


class Outbox(Protocol):
    """What the timers decided, for whoever watches, and to be relayed once. Written by `ContactLedger.commit`."""

    async def read(self, after: int, most: int) -> Sequence[Published]:
        """Those with a greater id, in order. None is ever skipped: a smaller id does not appear later."""

    async def claim(self, now: int, until: int, most: int) -> Sequence[Published]:
        """Up to `most` that were not relayed yet, by id. Nobody else is given them before `until`, and nobody what was published
        later about the same user before these were relayed."""

    async def relayed(self, ids: Collection[int]) -> None:
        """Nobody is given them any more."""

    async def last(self) -> int:
        """The greatest id of those kept; 0 for none."""

    async def prune(self, before: int) -> int:
        """Drop those of before an instant. How many."""
