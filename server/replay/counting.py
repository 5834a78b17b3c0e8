"""What tallies count with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import TypeAlias

from server.replay.report import Compared, Moved

Moves: TypeAlias = Counter[tuple[str, str]]
"""From one answer to another."""


def count(counted: dict[str, tuple[int, str]], what: str, records: int, where: str) -> None:
    known, first = counted.get(what, (0, where))
    counted[what] = known + records, first


def digest(user: str) -> int:
    """64 bits of a user's key, the same in every process: of a million users, two share one with a chance of 1 in 10^7."""
    return int.from_bytes(blake2b(user.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def moves(counted: Moves) -> tuple[Moved, ...]:
    """The most frequent first."""
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Moved(before, after, decisions) for (before, after), decisions in ordered)


def compared(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[Compared, ...]:
    return tuple(
        Compared(name, before.get(name, 0), after.get(name, 0)) for name in sorted({*before, *after})
    )


def renamed(counted: Mapping[str, int], name: Callable[[str], str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for each, count in counted.items():
        found[name(each)] += count
    return found
