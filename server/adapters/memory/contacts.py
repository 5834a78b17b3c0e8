"""Touches, budgets and decisions taken, in the memory of this process."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence

from server.adapters.memory.book import Book, when
from server.ports import (
    CHANGED,
    LAPSED,
    Answered,
    Change,
    Commit,
    ContactHistory,
    Reservation,
    State,
    Taken,
)


class MemoryContactLedger:
    def __init__(self, book: Book) -> None:
        self._book = book

    async def history(self, user: str, since: int | None) -> ContactHistory:
        return ContactHistory.of(self._book.between(user, since), self._book.revision(user))

    async def used(self, since: Mapping[str, int | None], until: int | None) -> Mapping[str, int]:
        return {owner: self._book.spending.used(owner, start, until) for owner, start in since.items()}

    async def answered(self, key: str) -> Answered | None:
        return self._book.answers.get(key)

    async def commit(self, taken: Taken) -> Commit:
        book, reservation = self._book, taken.reservation
        if taken.key is not None and (before := book.answers.get(taken.key)):
            return before
        if book.revision(taken.user) != taken.revision:
            return CHANGED
        book.settle(book.between(taken.user, None, taken.now), taken.now)
        if reservation and not all(book.spending.affords(each) for each in reservation.spends):
            return CHANGED
        self._write(taken)
        return None

    async def claim_turn(self, user: str, claimant: str) -> bool:
        """Nobody is nearer to it than others: there is one process."""
        return True

    async def end_turn(self, user: str, claimant: str) -> None:
        return None

    def _write(self, taken: Taken) -> None:
        book = self._book
        if taken.reservation:
            book.write(taken.reservation)
        for occurrence in taken.opened:
            book.wait(occurrence)
        for key, wake in taken.waking.items():
            book.wake(taken.user, key, wake)
        for key in taken.ended:
            book.end(taken.user, key)
        for id in taken.judged:
            book.judged(id)
        if taken.key is not None:
            book.answered(taken.key, taken.now, Answered(taken.user, taken.fingerprint, taken.answer))
        if taken.publish:
            book.publish(taken.user, taken.now, taken.answer)
        book.raised([taken.user])

    async def find(self, id: str) -> Reservation | None:
        return self._book.reservations.get(id)

    async def of_occurrence(self, user: str, occurrence: str) -> Sequence[Reservation]:
        of_user = (self._book.reservations[id] for _, id in self._book.of_user.get(user, ()))
        return [each for each in of_user if each.touch.occurrence == occurrence]

    async def completing(self, user: str, occurrence: str) -> Sequence[Reservation]:
        of_user = (self._book.reservations[id] for _, id in self._book.of_user.get(user, ()))
        return [each for each in of_user if each.touch.completes == occurrence]

    async def change(self, id: str, change: Change) -> Reservation | None:
        if (before := self._book.reservations.get(id)) is None:
            return None
        after = change(before)
        if after is not before:
            self._book.write(after)
        return after

    async def contacts(self, user: str, before: tuple[int, str] | None, most: int) -> Sequence[Reservation]:
        entries = self._book.of_user.get(user, [])
        end = len(entries) if before is None else bisect_left(entries, before)
        return [self._book.reservations[id] for _, id in reversed(entries[max(0, end - most) : end])]

    async def uncertain(self, after: tuple[int, str] | None, most: int) -> Sequence[Reservation]:
        found = (each for each in self._book.reservations.values() if each.state is State.UNCERTAIN)
        return sorted((each for each in found if after is None or when(each) > after), key=when)[:most]

    async def lapse(self, now: int, most: int) -> Sequence[str]:
        ended = [self._book.reservations[id] for id in self._book.leases.up_to(now, most)]
        self._book.settle(ended, now)
        return [each.user for each in ended]

    async def next_lapse(self) -> int | None:
        return self._book.leases.first()

    async def prune(self, before: int, but: Collection[str], most: int) -> int:
        old = [
            each
            for each in self._book.reservations.values()
            if each.touch.time < before
            and each.state not in LAPSED
            and not {each.touch.activity, each.touch.campaign} & set(but)
        ][:most]
        for each in old:
            self._book.drop(each)
        return len(old)

    async def prune_answers(self, before: int, most: int) -> int:
        old = [key for key, time in self._book.answer_times.items() if time < before][:most]
        self._book.drop_answers(old)
        return len(old)

    async def erase(self, user: str) -> int:
        return self._book.erase(user)
