"""What is written together, in the memory of this process; nothing here waits, so that every change is whole."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from math import inf

from server.adapters.memory.queue import Queue
from server.adapters.memory.spending import MemorySpending
from server.ports import (
    HOLDING,
    LAPSED,
    Answered,
    Occurrence,
    OccurrenceKey,
    Published,
    RecordedEvent,
    Reservation,
)

Waiting = tuple[str, OccurrenceKey]
"""User and key of an occurrence."""


def when(reservation: Reservation) -> tuple[int, str]:
    return reservation.touch.time, reservation.id


class Book:
    """The state that the stores of contacts, timers, events and of the outbox share."""

    def __init__(self) -> None:
        self.revisions: dict[str, int] = {}
        self.of_strangers = 0
        self.reservations: dict[str, Reservation] = {}
        self.of_user: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self.leases: Queue[str] = Queue()
        self.spending = MemorySpending()
        self.answers: dict[str, Answered] = {}
        self.answer_times: dict[str, int] = {}
        self.open: defaultdict[str, dict[OccurrenceKey, Occurrence]] = defaultdict(dict)
        self.wakes: Queue[Waiting] = Queue()
        self.unjudged: dict[str, RecordedEvent] = {}
        self.unjudged_of: defaultdict[str, set[str]] = defaultdict(set)
        self.judging: Queue[str] = Queue()
        self.published: list[Published] = []
        self.last_published = 0
        self.to_relay: dict[int, int] = {}

    def raised(self, users: Iterable[str]) -> None:
        """Something about these users has changed."""
        for user in users:
            self.revisions[user] = self.revision(user) + 1

    def revision(self, user: str) -> int:
        return self.revisions.get(user, self.of_strangers)

    def write(self, reservation: Reservation) -> None:
        """A new reservation, or what an old one has become."""
        before = self.reservations.get(reservation.id)
        self.reservations[reservation.id] = reservation
        time, spends = reservation.touch.time, reservation.spends
        if before is None:
            insort(self.of_user[reservation.user], when(reservation))
        if reservation.state in HOLDING and (before is None or before.state not in HOLDING):
            self.spending.take(time, spends)
        elif before is not None and before.state in HOLDING and reservation.state not in HOLDING:
            self.spending.give_back(time, spends)
        self.leases.put(reservation.id, reservation.lease if reservation.state in LAPSED else None)
        self.raised([reservation.user])

    def between(self, user: str, since: int | None, until: float = inf) -> list[Reservation]:
        """Those with since < time ≤ until, in order."""
        entries = self.of_user.get(user, [])
        first = 0 if since is None else bisect_right(entries, since, key=lambda entry: entry[0])
        last = bisect_right(entries, until, key=lambda entry: entry[0])
        return [self.reservations[id] for _, id in entries[first:last]]

    def settle(self, reservations: Iterable[Reservation], now: int) -> None:
        """What has become of them, as leases have ended."""
        for reservation in reservations:
            if (settled := reservation.at(now)) is not reservation:
                self.write(settled)

    def wait(self, occurrence: Occurrence) -> None:
        """Keep an open occurrence, or when it is looked at next."""
        self.open[occurrence.user][occurrence.key] = occurrence
        self.wakes.put((occurrence.user, occurrence.key), occurrence.wake)

    def end(self, user: str, key: OccurrenceKey) -> None:
        """It is over."""
        self.open[user].pop(key, None)
        self.wakes.put((user, key), None)

    def judge_later(self, event: RecordedEvent) -> None:
        self.unjudged[event.id] = event
        self.unjudged_of[event.user].add(event.id)
        self.judging.put(event.id, event.time)

    def judged(self, id: str) -> None:
        if event := self.unjudged.pop(id, None):
            self.unjudged_of[event.user].discard(id)
            self.judging.put(id, None)

    def wake(self, user: str, key: OccurrenceKey, wake: int | None) -> None:
        """Look at an open occurrence at another instant."""
        if occurrence := self.open[user].get(key):
            self.wait(replace(occurrence, wake=wake))

    def publish(self, user: str, time: int, answer: bytes) -> None:
        self.last_published += 1
        self.published.append(Published(self.last_published, user, time, answer))
        self.to_relay[self.last_published] = 0

    def keep_published(self, kept: Callable[[Published], bool]) -> int:
        """Drop the others; how many."""
        dropped = [each.id for each in self.published if not kept(each)]
        self.published = [each for each in self.published if kept(each)]
        for id in dropped:
            self.to_relay.pop(id, None)
        return len(dropped)

    def answered(self, key: str, time: int, answer: Answered) -> None:
        self.answers[key] = answer
        self.answer_times[key] = time

    def drop_answers(self, keys: Iterable[str]) -> None:
        for key in keys:
            del self.answers[key], self.answer_times[key]

    def drop(self, reservation: Reservation) -> None:
        """Of what became of it long ago. What was used of budgets stays used."""
        del self.reservations[reservation.id]
        self.of_user[reservation.user].remove(when(reservation))

    def erase(self, user: str) -> int:
        """Erase all about a user; how many contacts. What was used of budgets stays used, no revision comes again."""
        contacts = self.of_user.pop(user, [])
        for _, id in contacts:
            del self.reservations[id]
            self.leases.put(id, None)
        for key in list(self.open.pop(user, {})):
            self.wakes.put((user, key), None)
        for id in list(self.unjudged_of.pop(user, ())):
            self.judged(id)
        self.drop_answers([key for key, answer in self.answers.items() if answer.user == user])
        self.keep_published(lambda each: each.user != user)
        self.of_strangers = max(self.of_strangers, self.revisions.pop(user, 0)) + 1
        return len(contacts)
