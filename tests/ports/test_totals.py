"""What is dropped is folded into totals first, and still known by its id."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.ports import Folds, KeptTotal, RecordedEvent, Recording, Stores
from tests.ports.conftest import Run
from tests.ports.test_events import CONFLICT, DUPLICATE, RECORDED, ids, paid


@dataclass(frozen=True)
class Sum:
    """Of times."""

    def added(self, body: bytes | None, events: Sequence[RecordedEvent]) -> bytes:
        return str(int(body or b"0") + sum(event.time for event in events)).encode()

    def without(self, body: bytes, events: Sequence[RecordedEvent]) -> bytes:
        return str(int(body) - sum(event.time for event in events)).encode()


A, B, VIEWS = "paid//a", "paid/price/b", "view//a"
ONE: Folds = {"paid": {A: Sum()}}
TWO: Folds = {"paid": {A: Sum(), B: Sum()}, "view": {VIEWS: Sum()}}


def totals(stores: Stores, run: Run[Any], *types: str, user: str = "u1") -> dict[str, KeptTotal]:
    return dict(run(stores.events.fetch(user, dict.fromkeys(types), 10**18)).totals)


def whole(body: bytes | None) -> KeptTotal:
    return KeptTotal(body, is_complete=True)


def part(body: bytes | None) -> KeptTotal:
    return KeptTotal(body, is_complete=False)


def test_what_is_dropped_is_folded_for_each_user_and_shape(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid(f"p{time}", time) for time in range(6)]))
    run(stores.events.append([paid("o", 2, "u2"), paid("v", 1, type="view"), paid("w", 9, type="view")]))
    assert totals(stores, run, "paid", "view") == {}
    assert run(stores.events.prune({"paid": 3, "view": 5}, 99, TWO)) == 5
    assert totals(stores, run, "paid", "view") == {A: whole(b"3"), B: whole(b"3"), VIEWS: whole(b"1")}
    assert totals(stores, run, "paid", user="u2") == {A: whole(b"2"), B: whole(b"2")}
    assert totals(stores, run, "view", user="u3") == {VIEWS: whole(None)}
    assert ids(stores, run, paid=None, view=None) == {"paid": ["p3", "p4", "p5"], "view": ["w"]}
    assert run(stores.events.horizons()) == {"paid": 3, "view": 5}


def test_late_events_and_later_rounds_add_to_what_was_folded(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("p1", 1), paid("p4", 4)]))
    run(stores.events.prune({"paid": 3}, 99, ONE))
    assert run(stores.events.append([paid("late", 2)])) == [RECORDED]
    assert ids(stores, run, paid=None) == {"paid": ["late", "p4"]}, "it counts by itself until it is dropped"
    assert [run(stores.events.prune({"paid": 9}, most, ONE)) for most in (1, 99)] == [1, 1]
    assert totals(stores, run, "paid") == {A: whole(b"7")}


def test_the_repeat_of_what_was_folded_is_known(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("p1", 1), paid("v1", 1, type="view")]))
    run(stores.events.prune({"paid": 3, "view": 3}, 99, ONE))
    again = [paid("p1", 1), paid("p1", 2), paid("p1", 1, "u2"), paid("p1", 1, fields=b'{"a":1}'), paid("p2")]
    assert run(stores.events.append(again)) == [DUPLICATE, CONFLICT, CONFLICT, CONFLICT, RECORDED]
    assert run(stores.events.append([paid("v1", 1, type="view")])) == [RECORDED], "no total holds it"
    assert totals(stores, run, "paid") == {A: whole(b"1")}


# ---- shapes that come and go


def test_a_shape_that_comes_when_events_were_dropped_is_not_complete(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid(f"p{time}", time) for time in range(1, 6)]))
    run(stores.events.prune({"paid": 3}, 99, ONE))
    run(stores.events.prune({"paid": 4}, 99, TWO))
    assert totals(stores, run, "paid") == {A: whole(b"6"), B: part(b"3")}
    run(stores.events.set_horizon("paid", 2))
    assert totals(stores, run, "paid") == {A: whole(b"6"), B: part(b"3")}, "more is known, not less"
    run(stores.events.set_horizon("paid", 3))
    assert totals(stores, run, "paid") == {A: part(b"6"), B: part(b"3")}
    run(stores.events.set_horizon("paid", None))
    assert totals(stores, run, "paid") == {A: whole(b"6"), B: whole(b"3")}


def test_a_horizon_that_was_there_before_makes_totals_incomplete(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("p1", 1)]))
    run(stores.events.set_horizon("paid", 0))
    run(stores.events.prune({"paid": 3}, 99, ONE))
    assert totals(stores, run, "paid") == {A: part(b"1")}


def test_a_shape_that_misses_what_is_dropped_is_forgotten(stores: Stores, run: Run[Any]) -> None:
    """No version has it any more; should one come that does, it begins anew."""
    run(stores.events.append([paid(f"p{time}", time) for time in range(1, 6)]))
    run(stores.events.prune({"paid": 3}, 99, TWO))
    run(stores.events.prune({"paid": 3}, 99, ONE))
    assert totals(stores, run, "paid") == {A: whole(b"3"), B: whole(b"3")}, "nothing was dropped"
    run(stores.events.prune({"paid": 4}, 99, ONE))
    assert totals(stores, run, "paid") == {A: whole(b"6")}
    run(stores.events.prune({"paid": 5}, 99, TWO))
    assert totals(stores, run, "paid") == {A: whole(b"10"), B: part(b"4")}


# ---- backfill


def test_what_is_brought_in_again_leaves_the_totals_that_hold_it(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid(f"p{time}", time) for time in range(1, 6)]))
    run(stores.events.prune({"paid": 3}, 99, ONE))
    run(stores.events.prune({"paid": 4}, 99, TWO))
    back = [paid("p1", 1), paid("p3", 3), paid("p3", 3), paid("p2", 7), paid("p5", 5), paid("old", 0)]
    answers = [RECORDED, RECORDED, DUPLICATE, CONFLICT, DUPLICATE, RECORDED]
    assert run(stores.events.append(back, again=TWO)) == answers
    assert totals(stores, run, "paid") == {A: whole(b"2"), B: part(b"0")}, (
        "the later shape never held the first one"
    )
    assert ids(stores, run, paid=None) == {"paid": ["old", "p1", "p3", "p4", "p5"]}
    assert run(stores.events.append([paid("p1", 1), paid("p2", 2)])) == [DUPLICATE, DUPLICATE]
    run(stores.events.prune({"paid": 4}, 99, TWO))
    assert totals(stores, run, "paid") == {A: whole(b"6"), B: part(b"4")}


def test_a_total_that_cannot_be_corrected_is_forgotten(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("p1", 1), paid("p2", 2)]))
    run(stores.events.prune({"paid": 3}, 99, TWO))
    assert run(stores.events.append([paid("p1", 1)], again=ONE)) == [RECORDED]
    assert totals(stores, run, "paid") == {A: whole(b"2")}


# ---- erasure


def test_totals_of_an_erased_user_are_gone_and_their_ids_free(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("p1", 1), paid("p2", 2), paid("p9", 9), paid("o", 2, "u2")]))
    run(stores.events.prune({"paid": 3}, 99, ONE))
    assert run(stores.events.erase("u1")) == 3
    assert totals(stores, run, "paid") == {A: whole(None)}
    assert totals(stores, run, "paid", user="u2") == {A: whole(b"2")}
    assert run(stores.events.append([paid("p1", 1, "u3"), paid("o", 2)])) == [RECORDED, CONFLICT]


def test_erasing_and_folding_at_once_leaves_nothing(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid(f"p{n}", n, f"u{n % 10}") for n in range(200)]))

    async def both() -> list[Any]:
        erased = [stores.events.erase(f"u{user}") for user in range(10)]
        folded = [stores.events.prune({"paid": 200}, 50, ONE) for _ in range(4)]
        return await asyncio.gather(*erased, *folded)

    run(both())
    assert all(
        totals(stores, run, "paid", user=f"u{user}").get(A, whole(None)).body is None for user in range(10)
    )
    again = [paid(f"p{n}", n, "u1") for n in range(200)]
    assert run(stores.events.append(again)) == [Recording.RECORDED] * 200
