"""Two nodes on one database, that know nothing of each other: what one has done holds for both."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from dsl.source import Source
from server.ports import (
    CHANGED,
    Answered,
    ListMode,
    RecordedEvent,
    Recording,
    Release,
    RuleFiles,
    State,
    Stores,
)
from tests.ports.conftest import Run
from tests.ports.made import occurrence, reserve, reserved, spend, taken
from tests.stores import SHARED

Nodes: TypeAlias = tuple[Stores, Stores]
LATER = 10**6


@pytest.fixture(params=SHARED)
def nodes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Nodes]:
    open_node = SHARED[request.param](request, tmp_path)
    one, two = open_node(), open_node()
    yield one, two
    two.close()
    one.close()


def test_of_decisions_on_one_revision_one_is_taken(nodes: Nodes, run: Run[Any]) -> None:
    async def all_at_once(revision: int) -> Counter[Any]:
        asked = [
            node.contacts.commit(taken("u1", revision, reservation=reserved(f"r{revision}-{number}-{place}")))
            for number in range(5)
            for place, node in enumerate(nodes)
        ]
        return Counter(await asyncio.gather(*asked))

    for revision in range(30):
        assert run(all_at_once(revision)) == {None: 1, CHANGED: 9}
    assert [run(node.contacts.history("u1", None)).revision for node in nodes] == [30, 30]


def test_who_claims_the_turn_is_next(nodes: Nodes, run: Run[Any]) -> None:
    """Else the node that is nearer to the database could be first each time."""
    near, far = nodes
    run(reserve(near, reserved("r0")))

    def decide(node: Stores, revision: int, claimant: str) -> Any:
        granted = reserved(f"{claimant}-{revision}")
        return run(node.contacts.commit(taken("u1", revision, claimant=claimant, reservation=granted)))

    assert run(far.contacts.claim_turn("u1", "far")) is True
    assert run(near.contacts.claim_turn("u1", "near")) is False
    assert decide(near, 1, "near") is CHANGED
    assert decide(near, 1, "") is CHANGED
    assert run(far.contacts.claim_turn("u1", "far")) is True, "it still is"
    assert decide(far, 1, "far") is None
    assert decide(near, 2, "") is None
    assert run(near.contacts.claim_turn("u1", "near")) is True, "it was ended by what was taken"


def test_a_turn_is_ended_by_whose_it_is(nodes: Nodes, run: Run[Any]) -> None:
    near, far = nodes
    run(reserve(near, reserved("r0")))
    assert run(near.contacts.claim_turn("u1", "near")) is True
    run(far.contacts.end_turn("u1", "far"))
    assert run(far.contacts.claim_turn("u1", "far")) is False
    run(near.contacts.end_turn("u1", "near"))
    assert run(far.contacts.claim_turn("u1", "far")) is True


def test_a_turn_that_nobody_takes_ends(nodes: Nodes, run: Run[Any]) -> None:
    run(reserve(nodes[0], reserved("r0")))
    assert run(nodes[1].contacts.claim_turn("u1", "dead")) is True

    async def until_taken() -> None:
        async with asyncio.timeout(20):
            while await nodes[0].contacts.commit(taken("u1", 1)) is CHANGED:
                pass

    run(until_taken())


def test_a_budget_is_spent_by_both_to_the_last_and_not_beyond(nodes: Nodes, run: Run[Any]) -> None:
    """In periods of their own, which overlap."""
    starts = (None, 1, 3)

    async def all_at_once() -> Counter[Any]:
        asked = [
            nodes[number % 2].contacts.commit(
                taken(
                    f"u{number}",
                    now=5,
                    reservation=reserved(
                        f"r{number}",
                        5,
                        f"u{number}",
                        spends=(spend(2, 100, start=starts[number % 3]), spend(1, 1000, "campaign spring")),
                    ),
                )
            )
            for number in range(120)
        ]
        return Counter(await asyncio.gather(*asked))

    assert run(all_at_once()) == {None: 50, CHANGED: 70}
    used = {"plan nudge": None, "campaign spring": 2}
    for node in nodes:
        assert run(node.contacts.used(used, None)) == {"plan nudge": 100, "campaign spring": 50}


def test_what_is_given_back_is_given_back_once(nodes: Nodes, run: Run[Any]) -> None:
    """Told to both nodes at once, while others spend."""
    gift = spend(1, 1000)
    for number in range(10):
        run(reserve(nodes[0], reserved(f"r{number}", user=f"u{number}", spends=(gift,))))

    def fail(before: Any) -> Any:
        return (
            before
            if before.state is State.FAILED
            else reserved(before.id, user=before.user, state=State.FAILED, spends=before.spends)
        )

    async def all_at_once() -> None:
        failing = [node.contacts.change(f"r{number}", fail) for number in range(10) for node in nodes]
        spending = [
            nodes[number % 2].contacts.commit(
                taken(f"v{number}", reservation=reserved(f"s{number}", user=f"v{number}", spends=(gift,)))
            )
            for number in range(30)
        ]
        await asyncio.gather(*failing, *spending)

    run(all_at_once())
    assert run(nodes[1].contacts.used({"plan nudge": None}, None)) == {"plan nudge": 30}


def test_a_repeat_at_the_other_node_is_answered_as_the_first(nodes: Nodes, run: Run[Any]) -> None:
    one, two = (node.contacts.commit(taken("u1", key="k", fingerprint=b"f")) for node in nodes)

    async def both() -> list[Any]:
        return list(await asyncio.gather(one, two))

    assert sorted(map(repr, run(both()))) == sorted(map(repr, [None, Answered("u1", b"f", b"answer")]))


def test_an_event_id_counts_once(nodes: Nodes, run: Run[Any]) -> None:
    """Of different users, so that neither waits for the other."""

    async def both(number: int) -> Counter[Recording]:
        asked = [
            node.events.append([RecordedEvent(f"e{number}", "paid", user, 1, b"{}")])
            for node, user in zip(nodes, ("u1", "u2"), strict=True)
        ]
        return Counter(answer for answers in await asyncio.gather(*asked) for answer in answers)

    async def many() -> list[Counter[Recording]]:
        return list(await asyncio.gather(*map(both, range(30))))

    assert run(many()) == [{Recording.RECORDED: 1, Recording.CONFLICT: 1}] * 30


def test_an_open_occurrence_is_given_to_one(nodes: Nodes, run: Run[Any]) -> None:
    opened = [occurrence(f"e{number}", user=f"u{number}") for number in range(40)]
    for each in opened:
        assert run(nodes[0].contacts.commit(taken(each.user, opened=(each,)))) is None

    async def all_at_once() -> list[Any]:
        claims = [node.timers.claim(9, 99, 5) for _ in range(8) for node in nodes]
        return [each.event_id for claimed in await asyncio.gather(*claims) for each in claimed]

    claimed = run(all_at_once())
    claimed += [each.event_id for each in run(nodes[0].timers.claim(9, 99, 100))]
    assert sorted(claimed) == sorted(each.event_id for each in opened)


def test_what_both_publish_is_read_without_a_gap(nodes: Nodes, run: Run[Any]) -> None:
    """A smaller id never appears behind a greater one, whichever transaction ends first."""
    read: list[int] = []

    async def reading(done: asyncio.Event) -> None:
        while not done.is_set():
            await read_on()

    async def read_on() -> None:
        read.extend(each.id for each in await nodes[0].outbox.read(read[-1] if read else 0, 1000))

    async def publish(node: Stores, writer: int) -> None:
        for number in range(20):
            user = f"u{writer}-{number}"
            published = taken(user, publish=True, reservation=reserved(f"r{writer}-{number}", user=user))
            assert await node.contacts.commit(published) is None

    async def everything() -> None:
        done = asyncio.Event()
        reader = asyncio.create_task(reading(done))
        await asyncio.gather(*(publish(nodes[writer % 2], writer) for writer in range(8)))
        done.set()
        await reader
        await read_on()

    run(everything())
    assert len(read) == 160 and read == sorted(read)


def test_what_was_decided_before_an_erasure_is_not_taken(nodes: Nodes, run: Run[Any]) -> None:
    """Whichever of the two is first: nothing of the user is left, or what was taken came before."""

    async def both(number: int) -> tuple[Any, int]:
        user = f"u{number}"
        decided = nodes[0].contacts.commit(taken(user, 0, reservation=reserved(f"r{number}", user=user)))
        return tuple(await asyncio.gather(decided, nodes[1].contacts.erase(user)))

    for number in range(30):
        was, erased = run(both(number))
        left = run(nodes[1].contacts.history(f"u{number}", None)).touches(9)
        assert (erased, len(left)) == ((1, 0) if was is None and erased else (0, 0 if was is CHANGED else 1))


def test_releases_have_one_order(nodes: Nodes, run: Run[Any]) -> None:
    for node, name in zip(nodes, "ab", strict=True):
        run(node.rules.put(name * 64, RuleFiles((Source("a.sua", ""),)), 0))

    async def both(epoch: int) -> list[bool]:
        asked = [
            node.rules.add(Release(epoch, name * 64, 1, epoch))
            for node, name in zip(nodes, "ab", strict=True)
        ]
        return list(await asyncio.gather(*asked))

    for epoch in range(1, 20):
        assert sorted(run(both(epoch))) == [False, True]
        assert run(nodes[0].rules.newest()) == run(nodes[1].rules.newest())


def test_loads_of_a_list_come_one_after_the_other(nodes: Nodes, run: Run[Any]) -> None:
    async def all_at_once() -> list[Any]:
        loads = [
            nodes[number % 2].lists.load("staff", [f"u{number}"], ListMode.ADD, number)
            for number in range(20)
        ]
        return list(await asyncio.gather(*loads))

    changes = run(all_at_once())
    assert sorted(each.version for each in changes) == list(range(1, 21))
    assert run(nodes[1].lists.find("staff")).size == 20


def test_attributes_set_at_both_are_all_kept(nodes: Nodes, run: Run[Any]) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(
            *(nodes[number % 2].profiles.upsert([("u1", {f"a{number}": number})]) for number in range(40))
        )

    run(all_at_once())
    assert run(nodes[0].profiles.fetch("u1")) == {f"a{number}": number for number in range(40)}


def test_what_was_published_is_relayed_by_one_and_in_order_for_each_user(nodes: Nodes, run: Run[Any]) -> None:
    users, each = 20, 10

    async def write(user: str) -> None:
        for number in range(each):
            decision = taken(user, number, publish=True, answer=f"{user} {number}".encode())
            assert await nodes[number % 2].contacts.commit(decision) is None

    async def relay(node: Stores, relayed: list[bytes]) -> None:
        while len(relayed) < users * each:
            claimed = await node.outbox.claim(1, LATER, 7)
            relayed.extend(one.answer for one in claimed)
            await node.outbox.relayed([one.id for one in claimed])

    async def all_at_once() -> list[bytes]:
        relayed: list[bytes] = []
        writers = (write(f"u{user}") for user in range(users))
        async with asyncio.timeout(60):
            await asyncio.gather(*writers, *(relay(node, relayed) for node in (*nodes, *nodes)))
        return relayed

    relayed = run(all_at_once())
    assert len(relayed) == len(set(relayed)) == users * each
    for user in range(users):
        mine = [answer for answer in relayed if answer.startswith(f"u{user} ".encode())]
        assert mine == [f"u{user} {number}".encode() for number in range(each)]
