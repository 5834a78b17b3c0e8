"""What was used up of budgets, in the memory of this process."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter

from server.ports import Spend

TIME = itemgetter(0)
PERIODS = 8
"""Of one owner whose totals are kept: the versions of a release may count by different ones."""


class MemorySpending:
    """Entries (time, amount) by owner, and the totals since the instants asked about lately."""

    def __init__(self) -> None:
        self._entries: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self._totals: defaultdict[str, dict[int | None, int]] = defaultdict(dict)

    def take(self, time: int, spends: Iterable[Spend]) -> None:
        """What a touch of `time` spends."""
        for spend in spends:
            self._add(spend.owner, time, spend.amount)

    def give_back(self, time: int, spends: Iterable[Spend]) -> None:
        """The same, of a touch that holds no longer."""
        for spend in spends:
            self._add(spend.owner, time, -spend.amount)

    def _add(self, owner: str, time: int, amount: int) -> None:
        insort(self._entries[owner], (time, amount), key=TIME)
        totals = self._totals[owner]
        for since in totals:
            if since is None or since <= time:
                totals[since] += amount

    def affords(self, spend: Spend) -> bool:
        """By all that was taken, also by those whose clock is ahead."""
        return self._total(spend.owner, spend.start) + spend.amount <= spend.limit

    def used(self, owner: str, since: int | None, until: int | None) -> int:
        """From `since` to `until`, both included; None is without bound."""
        if until is None:
            return self._total(owner, since)
        entries = self._entries.get(owner, [])
        later = entries[bisect_right(entries, until, key=TIME) :]
        return self._total(owner, since) - sum(amount for _, amount in later)

    def _total(self, owner: str, since: int | None) -> int:
        totals = self._totals[owner]
        if since not in totals:
            while len(totals) >= PERIODS:
                del totals[next(iter(totals))]
            entries = self._entries.get(owner, [])
            first = 0 if since is None else bisect_left(entries, since, key=TIME)
            totals[since] = sum(amount for _, amount in entries[first:])
        return totals[since]
