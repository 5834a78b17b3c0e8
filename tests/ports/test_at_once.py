"""What is asked for at once is answered as if it had been asked for one after the other, on every adapter."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from random import Random
from typing import Any

from server.ports import CHANGED, Answered, ListMode, RecordedEvent, Recording, State, Stores
from tests.ports.conftest import Run
from tests.ports.made import LEASE, occurrence, reserve, reserved, spend, taken, touch

USERS = [f"u{n}" for n in range(30)]
TYPES = ("paid", "view", "cart")


async def at_once(asked: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    return list(await asyncio.gather(*asked))


async def one_by_one(asked: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    return [await each for each in asked]


async def fill(stores: Stores, random: Random) -> None:
    for number, user in enumerate(USERS[:20]):
        await stores.profiles.upsert([(user, {"n": number})])
        times = random.sample(range(1, 50), 6)
        new = [RecordedEvent(f"{user}-{time}", random.choice(TYPES), user, time, b"{}") for time in times]
        await stores.events.append(new, ["cart"])
        await reserve(
            stores, *(reserved(f"{user}-{n}", n * 7, user) for n in range(1, random.randrange(2, 5)))
        )
        revision = (await stores.contacts.history(user, 0)).revision
        open = taken(user, revision, opened=(occurrence(f"e{number}", due=random.randrange(9), user=user),))
        assert await stores.contacts.commit(open) is None
    for name in ("staff", "vips"):
        await stores.lists.load(name, random.sample(USERS, 9), ListMode.REPLACE, 1)


def questions(stores: Stores, random: Random) -> list[Coroutine[Any, Any, Any]]:
    """Of each user, with spans of their own, some of them twice."""
    asked: list[Coroutine[Any, Any, Any]] = []
    for user in [*USERS, *USERS[:5]]:
        since = {type: random.choice([None, 5, 20]) for type in random.sample(TYPES, random.randrange(1, 4))}
        asked += [
            stores.profiles.fetch(user),
            stores.events.fetch(user, since, random.randrange(20, 50)),
            stores.events.unjudged_of(user),
            stores.contacts.history(user, random.choice([None, 3, 10])),
            stores.timers.open(user),
            stores.lists.holds(user, random.sample(["staff", "vips", "nobody"], 2)),
            stores.contacts.used({"plan nudge": random.choice([None, 5])}, random.choice([None, 9])),
        ]
    return asked


def test_questions(stores: Stores, run: Run[Any]) -> None:
    run(fill(stores, Random(1)))
    together = run(at_once(questions(stores, Random(2))))
    assert together == run(one_by_one(questions(stores, Random(2))))
    assert any(together[3::7]) and any(together[1::7]), "so that something was held against something"


def test_events_of_which_some_repeat_or_contradict_others(stores: Stores, run: Run[Any]) -> None:
    def event(id: str, time: int = 1) -> RecordedEvent:
        return RecordedEvent(id, "paid", "u1", time, b"{}")

    asked = [[event("a"), event("b")], [event("a"), event("c")], [event("b", 2)], [event("d")]]
    new, known, other = Recording.RECORDED, Recording.DUPLICATE, Recording.CONFLICT
    answers = run(at_once([stores.events.append(each) for each in asked]))
    assert answers == [[new, new], [known, new], [other], [new]]
    stored = run(stores.events.fetch("u1", {"paid": None}, 9)).events["paid"]
    assert [each.id for each in stored] == ["a", "b", "c", "d"]


def test_decisions_share_what_is_left_of_a_budget(stores: Stores, run: Run[Any]) -> None:
    asked = [
        taken(user, reservation=reserved(f"r-{user}", user=user, spends=(spend(2, 11),))) for user in USERS
    ]
    outcomes = run(at_once([stores.contacts.commit(each) for each in asked]))
    assert outcomes == [None] * 5 + [CHANGED] * 25
    assert run(stores.contacts.used({"plan nudge": None}, None)) == {"plan nudge": 10}


def test_decisions_about_one_user_are_taken_once_and_repeats_are_answered(
    stores: Stores, run: Run[Any]
) -> None:
    def decision(user: str, key: str | None, answer: bytes) -> Any:
        return stores.contacts.commit(taken(user, key=key, fingerprint=b"f", answer=answer, publish=True))

    asked = [
        decision("u1", "k1", b"first"),
        decision("u1", "k2", b"too late"),
        decision("u2", "k1", b"a repeat"),
        decision("u2", None, b"second"),
    ]
    outcomes = run(at_once(asked))
    assert outcomes == [None, CHANGED, Answered("u1", b"f", b"first"), None]
    assert [each.answer for each in run(stores.outbox.read(0, 9))] == [b"first", b"second"]


def test_a_lease_that_has_ended_is_given_back_once(stores: Stores, run: Run[Any]) -> None:
    run(reserve(stores, reserved("old", spends=(spend(1, 9),))))
    revision = run(stores.contacts.history("u1", None)).revision
    now = 2 * LEASE
    too_much = reserved("new", now, spends=(spend(10, 9),))
    asked = [taken("u1", revision, now, reservation=too_much), taken("u1", revision, now)]
    assert run(at_once([stores.contacts.commit(each) for each in asked])) == [CHANGED, CHANGED]
    assert run(stores.contacts.used({"plan nudge": None}, None)) == {"plan nudge": 0}
    settled = run(stores.contacts.find("old"))
    assert (settled.state, settled.touch) == (State.RELEASED, touch(1))
