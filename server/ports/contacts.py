"""Touches and what became of them, budgets, and decisions taken for good."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from enum import Enum
from typing import Protocol, TypeAlias

from compiler.facts import Touch
from dsl.frozen import dataclass
from server.ports.timers import Occurrence, OccurrenceKey


class State(Enum):
    """Of a touch: RESERVED → DISPATCHED → CONFIRMED, FAILED or UNCERTAIN; RELEASED when it was given back before.

    HELD_OUT is a touch of the shadow ledger: nothing goes out, ever.
    """

    RESERVED = "reserved"
    DISPATCHED = "dispatched"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    RELEASED = "released"
    HELD_OUT = "held_out"


HOLDING = frozenset({State.RESERVED, State.DISPATCHED, State.CONFIRMED, State.UNCERTAIN})
"""States in which a touch counts against limits and keeps what it took of budgets."""
GIVEN_BACK = frozenset({State.FAILED, State.RELEASED})
"""States that leave an occurrence to be tried again."""
LAPSED: Mapping[State, State] = {State.RESERVED: State.RELEASED, State.DISPATCHED: State.UNCERTAIN}
"""What becomes of those that have a lease when it ends."""


@dataclass(frozen=True, slots=True)
class Spend:
    """What a touch takes of a budget of `limit` in a period that began at `start`, microseconds; None is ever.

    Amounts are counts, or millionths of the budget's currency.
    """

    owner: str
    amount: int
    limit: int
    start: int | None


@dataclass(frozen=True, slots=True)
class Reservation:
    """A touch of a user and what became of it.

    `lease`: the instant at which a RESERVED one is given back and a DISPATCHED one becomes UNCERTAIN. `token`: the
    fencing token, one more with every dispatch; 0 before the first. `dispatched_by` names the request that dispatched it
    last. `arguments`: a JSON object. `duplicate`: it completed a message that had arrived, as was told once it had gone out.
    """

    id: str
    user: str
    touch: Touch
    state: State
    lease: int
    plan: str
    content: str
    arguments: str
    version: str
    decision_id: str
    token: int = 0
    spends: tuple[Spend, ...] = ()
    dispatched_by: str = ""
    duplicate: bool = False

    def at(self, now: int) -> Reservation:
        """What it is once its lease has ended, if it has by `now`."""
        state = settled(self.state, self.lease, now)
        return self if state is self.state else replace(self, state=state)


def settled(state: State, lease: int, now: int) -> State:
    """What a state has become, if its lease has ended by `now`."""
    return LAPSED[state] if state in LAPSED and lease <= now else state


@dataclass(frozen=True, slots=True)
class Standing:
    """A touch as it stands in the ledger. `lease`: as of a Reservation, 0 in a state that no lease ends."""

    touch: Touch
    state: State
    lease: int = 0


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """How the touches of one user stand, ordered by time: those that hold until their lease ends, and those held out.

    `revision` counts what has changed about the user: events recorded, touches, occurrences. A decision that was made
    on one revision is only taken if it still is that.
    """

    standing: tuple[Standing, ...] = ()
    revision: int = 0

    @property
    def newest(self) -> int:
        """The time of the newest one; 0 for none."""
        return self.standing[-1].touch.time if self.standing else 0

    def touches(self, now: int) -> tuple[Touch, ...]:
        """Those of until `now` that hold then."""
        return self._in(HOLDING, now)

    def shadow(self, now: int) -> tuple[Touch, ...]:
        """Those of until `now` that were held out."""
        return self._in(frozenset({State.HELD_OUT}), now)

    def _in(self, states: frozenset[State], now: int) -> tuple[Touch, ...]:
        return tuple(
            each.touch
            for each in self.standing
            if each.touch.time <= now and settled(each.state, each.lease, now) in states
        )

    @classmethod
    def of(cls, reservations: Iterable[Reservation], revision: int) -> ContactHistory:
        """`reservations`: ordered by time, in any state."""
        return cls(
            tuple(
                Standing(each.touch, each.state, each.lease if each.state in LAPSED else 0)
                for each in reservations
                if each.state not in GIVEN_BACK
            ),
            revision,
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered about a user under a key, and to what: `fingerprint` is a hash of the request."""

    user: str
    fingerprint: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Changed:
    """The decision was made on facts that have changed meanwhile, a budget has been used up, or it is somebody else's turn:
    decide anew."""


CHANGED = Changed()


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision to be taken for good, all of it or nothing.

    `key`: a repeat of the same key is answered with the first answer; None for what nobody repeats.
    `revision`: that of the history on which it was decided. `now`: the instant of the decision.
    `reservation`: RESERVED or HELD_OUT, None when nothing is sent.
    `opened`: occurrences to keep. `judged`: ids of events whose triggers have been looked at.
    `waking`: when the timers look at open occurrences next; None is never. `ended`: those that are over, and why.
    `answer`: what is answered; `publish`: it goes to the outbox, too.
    `claimant`: whose turn it may be (see `claim_turn`); empty for one who comes for the first time.
    """

    key: str | None
    fingerprint: bytes
    user: str
    revision: int
    now: int
    answer: bytes
    publish: bool = False
    claimant: str = ""
    reservation: Reservation | None = None
    opened: tuple[Occurrence, ...] = ()
    judged: tuple[str, ...] = ()
    waking: Mapping[OccurrenceKey, int | None] = field(default_factory=dict)
    ended: Mapping[OccurrenceKey, str] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing were written, as of a refusal that nobody repeats."""
        written = self.publish, self.reservation, self.opened, self.judged, self.waking, self.ended
        return self.key is None and not any(written)


Commit: TypeAlias = Answered | Changed | None
"""None: it was taken."""
Change = Callable[[Reservation], Reservation]
"""Pure; may raise, which leaves everything as it was."""


class ContactLedger(Protocol):
    """Who was contacted, what budgets were used up, and what was answered. All changes of one user are in one order."""

    async def history(self, user: str, since: int | None) -> ContactHistory:
        """How the user's touches with since < time stand (None: from the start)."""

    async def used(self, since: Mapping[str, int | None], until: int | None) -> Mapping[str, int]:
        """By budget owner, what touches that hold took with since ≤ time ≤ until (None: without bound); 0 for nothing."""

    async def answered(self, key: str) -> Answered | None:
        """What was answered under a key."""

    async def commit(self, taken: Taken) -> Commit:
        """Take a decision for good; durable on return. Before anything else, leases of the user that have ended are
        settled. Takes nothing but when it returns None. Raises ClockBehind where the store has another time."""

    async def claim_turn(self, user: str, claimant: str) -> bool:
        """Whether the next turn is the claimant's, who came too late before: for a moment, or until it ends, nobody else's decision
        about the user is taken. Else whoever is nearer to the ledger could be first each time. False: it is another's."""

    async def end_turn(self, user: str, claimant: str) -> None:
        """As nothing is to be taken after all. What is taken ends the turn, too. When it returns, each decision about the user
        that a commit was asked to take before, and was not seen to end, is taken, or never will be."""

    async def find(self, id: str) -> Reservation | None:
        """A reservation by its id."""

    async def of_occurrence(self, user: str, occurrence: str) -> Sequence[Reservation]:
        """All reservations of a user that answer an occurrence, whatever became of them, in no order."""

    async def completing(self, user: str, occurrence: str) -> Sequence[Reservation]:
        """All reservations of a user that complete what answers an occurrence, whatever became of them, in no order."""

    async def change(self, id: str, change: Change) -> Reservation | None:
        """Replace a reservation by what `change` makes of it, and return that; None if there is none. Budgets get back
        what a touch took that holds no longer. Raises what `change` raises."""

    async def contacts(self, user: str, before: tuple[int, str] | None, most: int) -> Sequence[Reservation]:
        """All reservations of a user whatever became of them, newest first, behind (time, id) `before`."""

    async def uncertain(self, after: tuple[int, str] | None, most: int) -> Sequence[Reservation]:
        """Reservations that are UNCERTAIN, whoever's, oldest first, behind (time, id) `after`."""

    async def lapse(self, now: int, most: int) -> Sequence[str]:
        """Settle up to `most` leases that have ended by `now`: RESERVED is RELEASED, DISPATCHED is UNCERTAIN. Whose each was."""

    async def next_lapse(self) -> int | None:
        """When the next lease ends."""

    async def prune(self, before: int, but: Collection[str], most: int) -> int:
        """Drop up to `most` contacts of before an instant that have no lease, but those of the activities and campaigns `but`;
        how many. Budgets keep what was used."""

    async def prune_answers(self, before: int, most: int) -> int:
        """Drop up to `most` answers of before an instant; how many. Their keys are free again."""

    async def erase(self, user: str) -> int:
        """Erase contacts, answers, occurrences, what was published, and the revision of a user; how many contacts. Budgets
        keep what was used. What was decided before about strangers is not taken any more."""
