from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from server.ports import Occurrence, Published, RecordedEvent, Stores
from tests.ports.conftest import Run
from tests.ports.made import occurrence, taken

LATER = 10**6


async def opened(stores: Stores, *occurrences: Occurrence) -> None:
    for each in occurrences:
        revision = (await stores.contacts.history(each.user, None)).revision
        assert await stores.contacts.commit(taken(each.user, revision, opened=(each,))) is None


def test_open_occurrences_come_back_as_they_were_by_when_they_are_due(stores: Stores, run: Run[Any]) -> None:
    first, second = occurrence("b", 1, expires=9), occurrence("a", 2, plan="other", wake=None)
    run(opened(stores, second, first, occurrence("c", user="u2")))
    assert run(stores.timers.open("u1")) == (first, second)
    assert run(stores.timers.open("stranger")) == ()


def test_what_is_due_is_claimed_once_until_the_claim_ends(stores: Stores, run: Run[Any]) -> None:
    first, second, later = occurrence("a", 1), occurrence("b", 2), occurrence("c", 5)
    run(opened(stores, later, second, first, occurrence("d", wake=None)))
    assert run(stores.timers.next_wake()) == 1
    assert run(stores.timers.claim(3, 8, 1)) == [replace(first, wake=8)]
    assert replace(first, wake=8) in run(stores.timers.open("u1"))
    assert [each.key for each in run(stores.timers.claim(3, 9, 9))] == [second.key]
    assert run(stores.timers.claim(4, 9, 9)) == []
    assert run(stores.timers.next_wake()) == 5
    assert [each.key for each in run(stores.timers.claim(8, 99, 9))] == [later.key, first.key]


def test_a_decision_says_when_to_look_again_and_what_is_over(stores: Stores, run: Run[Any]) -> None:
    first, second = occurrence("a", 1), occurrence("b", 1)
    run(opened(stores, first, second))
    decision = taken(revision=2, waking={first.key: 7}, ended={second.key: "cancelled"})
    assert run(stores.contacts.commit(decision)) is None
    assert run(stores.timers.open("u1")) == (replace(first, wake=7),)
    assert run(stores.timers.next_wake()) == 7
    asleep = taken(revision=3, waking={first.key: None})
    assert run(stores.contacts.commit(asleep)) is None
    assert run(stores.timers.next_wake()) is None
    assert run(stores.timers.open("u1")) == (replace(first, wake=None),)


def test_versions_with_open_occurrences_are_counted_and_moved(stores: Stores, run: Run[Any]) -> None:
    old = occurrence("a", version="v1")
    run(opened(stores, old, occurrence("b", version="v2"), occurrence("c", version="v3", user="u2")))
    assert run(stores.timers.counts()) == {("v1", "nudge"): 1, ("v2", "nudge"): 1, ("v3", "nudge"): 1}
    assert run(stores.timers.repin("v1", "v2")) == 1
    assert replace(old, version="v2") in run(stores.timers.open("u1"))
    assert run(stores.timers.repin("v2", None)) == 2
    assert run(stores.timers.counts()) == {("v3", "nudge"): 1}
    assert run(stores.timers.next_wake()) == 5


def test_events_wait_to_be_judged(stores: Stores, run: Run[Any]) -> None:
    cart, order = (
        RecordedEvent("e1", "cart_add", "u1", 3, b"{}"),
        RecordedEvent("e2", "order_paid", "u1", 1, b"{}"),
    )
    future = replace(cart, id="e3", time=9)
    run(stores.events.append([future, cart, order], to_judge={"cart_add"}))
    assert run(stores.events.next_unjudged()) == 3
    assert run(stores.events.unjudged(5, 9)) == [cart]
    assert run(stores.events.unjudged(9, 9)) == [cart, future]
    assert run(stores.events.unjudged(9, 1)) == [cart]
    assert run(stores.events.unjudged_of("u1")) == {"e1", "e3"}
    assert run(stores.events.unjudged_of("u2")) == frozenset()
    revision = run(stores.contacts.history("u1", None)).revision
    assert run(stores.contacts.commit(taken(revision=revision, judged=("e1",)))) is None
    run(stores.events.append([cart], to_judge={"cart_add"}))
    assert run(stores.events.unjudged(9, 9)) == [future]


def test_what_was_published_is_read_in_order_and_dropped_by_age(stores: Stores, run: Run[Any]) -> None:
    assert run(stores.outbox.last()) == 0
    for revision, now in enumerate((1, 2, 3)):
        decision = taken(revision=revision, now=now, publish=True, answer=bytes([now]))
        assert run(stores.contacts.commit(decision)) is None
    first, second, third = run(stores.outbox.read(0, 9))
    assert [each.answer for each in (first, second, third)] == [b"\x01", b"\x02", b"\x03"]
    assert first.id < second.id < third.id == run(stores.outbox.last())
    assert run(stores.outbox.read(first.id, 1)) == [second]
    assert run(stores.outbox.prune(9)) == 3
    assert run(stores.contacts.commit(taken(revision=3, publish=True))) is None
    (fourth,) = run(stores.outbox.read(0, 9))
    assert fourth.id > third.id


def test_nothing_that_was_published_is_ever_skipped(stores: Stores, run: Run[Any]) -> None:
    """64 writers, and a reader who goes on behind the last id that it has seen."""

    async def write(user: str) -> None:
        for revision in range(20):
            decision = taken(user, revision, publish=True, answer=f"{user} {revision}".encode())
            assert await stores.contacts.commit(decision) is None

    async def follow() -> list[bytes]:
        seen: list[bytes] = []
        place = 0
        while len(seen) < 64 * 20:
            for each in await stores.outbox.read(place, 50):
                place = each.id
                seen.append(each.answer)
            await asyncio.sleep(0)
        return seen

    async def all_at_once() -> list[bytes]:
        async with asyncio.timeout(60):
            seen, *_ = await asyncio.gather(follow(), *(write(f"u{each}") for each in range(64)))
        return seen

    seen = run(all_at_once())
    assert len(set(seen)) == 64 * 20
    for user in range(64):
        mine = [each for each in seen if each.startswith(f"u{user} ".encode())]
        assert mine == [f"u{user} {revision}".encode() for revision in range(20)], "in order for each user"


# ---- relaying


async def publish(stores: Stores, *users: str) -> None:
    for user in users:
        revision = (await stores.contacts.history(user, None)).revision
        assert await stores.contacts.commit(taken(user, revision, publish=True)) is None


def users_of(claimed: Sequence[Published]) -> list[str]:
    return [each.user for each in claimed]


def test_what_was_published_is_claimed_once_until_the_claim_ends(stores: Stores, run: Run[Any]) -> None:
    run(publish(stores, "u1", "u2", "u3"))
    assert run(stores.outbox.claim(1, 5, 2)) == run(stores.outbox.read(0, 2))
    assert users_of(run(stores.outbox.claim(4, 9, 9))) == ["u3"]
    assert users_of(run(stores.outbox.claim(4, 9, 9))) == []
    first, second = run(stores.outbox.claim(5, 8, 9))
    assert users_of([first, second]) == ["u1", "u2"]
    run(stores.outbox.relayed([first.id]))
    assert users_of(run(stores.outbox.claim(9, 12, 9))) == ["u2", "u3"]


def test_what_was_relayed_can_be_watched_still(stores: Stores, run: Run[Any]) -> None:
    run(publish(stores, "u1"))
    (only,) = run(stores.outbox.claim(1, 5, 9))
    run(stores.outbox.relayed([only.id]))
    assert run(stores.outbox.claim(9, 12, 9)) == []
    assert run(stores.outbox.read(0, 9)) == [only]


def test_of_one_user_nothing_is_claimed_before_what_came_first(stores: Stores, run: Run[Any]) -> None:
    run(publish(stores, "u1", "u1", "u2"))
    (first,) = run(stores.outbox.claim(1, 9, 1))
    assert users_of(run(stores.outbox.claim(1, 5, 9))) == ["u2"], "the second of `u1` waits"
    assert users_of(run(stores.outbox.claim(8, 12, 9))) == ["u2"], "until the first one was relayed"
    run(stores.outbox.relayed([first.id]))
    assert users_of(run(stores.outbox.claim(8, 12, 9))) == ["u1"]


def test_what_was_erased_or_dropped_is_not_claimed(stores: Stores, run: Run[Any]) -> None:
    run(publish(stores, "u1", "u2"))
    run(stores.contacts.erase("u1"))
    assert users_of(run(stores.outbox.claim(1, 1, 9))) == ["u2"]
    run(stores.outbox.prune(LATER))
    assert run(stores.outbox.claim(1, 1, 9)) == []
