"""What tallies count with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeAlias

from compiler.types import INSTANT_MAX, INSTANT_MIN
from server.replay.report import Compared, Moved

Move: TypeAlias = tuple[str, str]
"""From one answer to another."""
Moves: TypeAlias = Counter[Move]


@dataclass(slots=True)
class Period:
    """From the first instant to the last."""

    first: int = INSTANT_MAX
    last: int = INSTANT_MIN

    def add(self, time: int) -> None:
        if time < self.first:
            self.first = time
        if time > self.last:
            self.last = time

    def merge(self, other: Period) -> None:
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)

    @property
    def ends(self) -> tuple[int, int] | None:
        """None where nothing happened."""
        return (self.first, self.last) if self.first <= self.last else None


def count(counted: dict[str, tuple[int, str]], what: str, records: int, where: str) -> None:
    known, first = counted.get(what, (0, where))
    counted[what] = known + records, first


def digest(user: str) -> int:
    """64 bits of a user's key, the same in every process: of a million users, two share one with a chance of 1 in 10^7."""
    return int.from_bytes(blake2b(user.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def moves(counted: Moves, users: Mapping[Move, int] | None = None) -> tuple[Moved, ...]:
    """The most frequent first."""
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    known = users or {}
    return tuple(Moved(*move, decisions, known.get(move)) for move, decisions in ordered)


@dataclass(slots=True)
class Moving:
    """Decisions by move, and users, by digest, of moves that change something: of all others there would be a set of all users for each."""

    decisions: Moves = field(default_factory=Counter)
    users: defaultdict[Move, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, before: str, after: str, user: int) -> None:
        move = before, after
        self.decisions[move] += 1
        if before != after:
            self.users[move].add(user)

    def merge(self, other: Moving) -> None:
        self.decisions.update(other.decisions)
        for move, users in other.users.items():
            self.users[move] |= users

    def told(self) -> tuple[Moved, ...]:
        return moves(self.decisions, {move: len(users) for move, users in self.users.items()})


def compared(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[Compared, ...]:
    return tuple(
        Compared(name, before.get(name, 0), after.get(name, 0)) for name in sorted({*before, *after})
    )


def renamed(counted: Mapping[str, int], name: Callable[[str], str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for each, count in counted.items():
        found[name(each)] += count
    return found
