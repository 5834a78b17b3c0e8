from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from server.ports import RecordedEvent, Recording, Stores
from tests.ports.conftest import Run

RECORDED, DUPLICATE, CONFLICT = Recording.RECORDED, Recording.DUPLICATE, Recording.CONFLICT


def paid(
    id: str, time: int = 0, user: str = "u1", type: str = "paid", fields: bytes = b"{}"
) -> RecordedEvent:
    return RecordedEvent(id, type, user, time, fields)


def ids(
    stores: Stores, run: Run[Any], user: str = "u1", until: int = 10**18, **since: int | None
) -> dict[str, list[str]]:
    found = run(stores.events.fetch(user, since, until)).events
    return {type: [event.id for event in events] for type, events in found.items()}


def test_events_come_back_as_they_were(stores: Stores, run: Run[Any]) -> None:
    event = paid("e1", -5, fields='{"a":"é🎈\\u0000","b":null}'.encode())
    assert run(stores.events.append([event])) == [RECORDED]
    assert run(stores.events.fetch("u1", {"paid": None}, 0)).events == {"paid": (event,)}


def test_an_event_is_found_by_its_id(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("e1"), paid("e2", 5, "u2")]))
    assert run(stores.events.find("e2")) == paid("e2", 5, "u2")
    assert run(stores.events.find("e3")) is None


def test_what_was_asked_for_and_is_not_there_is_empty(stores: Stores, run: Run[Any]) -> None:
    assert ids(stores, run, paid=None, view=3) == {"paid": [], "view": []}
    assert ids(stores, run) == {}


def test_the_repeat_of_an_event_is_known(stores: Stores, run: Run[Any]) -> None:
    assert run(stores.events.append([paid("e1"), paid("e1")])) == [RECORDED, DUPLICATE]
    assert run(stores.events.append([paid("e1"), paid("e2")])) == [DUPLICATE, RECORDED]
    assert ids(stores, run, paid=None) == {"paid": ["e1", "e2"]}


def test_the_very_same_object_twice_is_one_event(stores: Stores, run: Run[Any]) -> None:
    event = paid("e1")
    assert run(stores.events.append([event, event])) == [RECORDED, DUPLICATE]


@pytest.mark.parametrize(
    "change",
    [{"time": 1}, {"user": "u2"}, {"type": "view"}, {"fields": b'{"a":1}'}],
    ids=lambda change: next(iter(change)),
)
def test_another_event_under_a_used_id_is_refused(
    stores: Stores, run: Run[Any], change: dict[str, Any]
) -> None:
    other = replace(paid("e1"), **change)
    assert run(stores.events.append([paid("e1")])) == [RECORDED]
    assert run(stores.events.append([other, paid("e2")])) == [CONFLICT, RECORDED]
    assert run(stores.events.append([paid("e3"), replace(other, id="e3")])) == [RECORDED, CONFLICT]
    assert ids(stores, run, paid=None) == {"paid": ["e1", "e2", "e3"]}


def test_windows_are_open_at_the_start_and_closed_at_the_end(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid(f"e{time}", time) for time in (0, 1, 2, 3, 4)]))
    assert ids(stores, run, until=3, paid=1) == {"paid": ["e2", "e3"]}


def test_each_type_has_a_window_of_its_own(stores: Stores, run: Run[Any]) -> None:
    run(
        stores.events.append(
            [paid("a", 1), paid("b", 2), paid("c", 1, type="view"), paid("d", 1, type="other")]
        )
    )
    assert ids(stores, run, paid=1, view=None) == {"paid": ["b"], "view": ["c"]}


def test_events_are_ordered_by_time_then_by_id(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("b", 1), paid("a", 2), paid("B", 1), paid("é", 1), paid("a2", 1)]))
    assert ids(stores, run, paid=None) == {"paid": ["B", "a2", "b", "é", "a"]}


def test_users_are_told_apart(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("a"), paid("b", user="U1"), paid("c", user="u1 ")]))
    assert ids(stores, run, paid=None) == {"paid": ["a"]}
    assert ids(stores, run, user="U1", paid=None) == {"paid": ["b"]}


def test_ids_are_told_apart_by_code_point(stores: Stores, run: Run[Any]) -> None:
    assert (
        run(stores.events.append([paid("e"), paid("E"), paid("e "), paid("e\u0301"), paid("é")]))
        == [RECORDED] * 5
    )


def test_the_greatest_time_is_known(stores: Stores, run: Run[Any]) -> None:
    assert run(stores.events.latest()) is None
    run(stores.events.append([paid("a", -7), paid("b", -9)]))
    assert run(stores.events.latest()) == -7


def test_many_types_and_many_events_fit(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid(f"e{n}", n, type=f"t{n}") for n in range(3000)]))
    found = run(stores.events.fetch("u1", {f"t{n}": None for n in range(3000)}, 10**18)).events
    assert all([event.id for event in found[f"t{n}"]] == [f"e{n}"] for n in range(3000))


def test_of_many_at_once_one_records(stores: Stores, run: Run[Any]) -> None:
    async def all_at_once() -> list[list[Recording]]:
        return await asyncio.gather(*(stores.events.append([paid("e1"), paid(f"own{n}")]) for n in range(64)))

    answers = run(all_at_once())
    assert sorted((first for first, _ in answers), key=lambda one: one.value) == [DUPLICATE] * 63 + [RECORDED]
    assert len(ids(stores, run, paid=None)["paid"]) == 65


def test_erased_events_are_gone_and_their_ids_free(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("a"), paid("b", type="view"), paid("c", user="u2")], ["paid"]))
    assert run(stores.events.erase("u1")) == 2
    assert run(stores.events.erase("u1")) == 0
    assert ids(stores, run, paid=None, view=None) == {"paid": [], "view": []}
    assert [each.id for each in run(stores.events.unjudged(10, 9))] == ["c"]
    assert run(stores.events.append([paid("a", 7, user="u3")])) == [RECORDED]


# ---- horizons


def test_a_type_has_no_horizon_until_one_is_set(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.set_horizon("paid", 7))
    run(stores.events.set_horizon("view", -3))
    run(stores.events.set_horizon("paid", 5))
    assert run(stores.events.horizons()) == {"paid": 5, "view": -3}
    run(stores.events.set_horizon("view", None))
    run(stores.events.set_horizon("lost", None))
    assert run(stores.events.horizons()) == {"paid": 5}


def test_horizons_come_with_the_events_of_their_types(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.set_horizon("paid", 7))
    run(stores.events.set_horizon("other", 7))
    found = run(stores.events.fetch("u1", {"paid": None, "view": 3}, 10))
    assert found.known_since == {"paid": 7}


# ---- retention


def test_what_is_pruned_raises_the_horizon_of_its_type(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid(f"p{time}", time) for time in range(6)]))
    run(stores.events.append([paid("v1", 1, type="view"), paid("o0", 0, type="other")]))
    assert run(stores.events.types()) == {"paid", "view", "other"}
    assert run(stores.events.prune({"paid": 3, "view": 1, "none": 9}, 99)) == 3
    assert ids(stores, run, paid=None, view=None, other=None) == {
        "paid": ["p3", "p4", "p5"],
        "view": ["v1"],
        "other": ["o0"],
    }
    assert run(stores.events.horizons()) == {"paid": 3}
    assert run(stores.events.append([paid("p0", 9)])) == [RECORDED], "its id is free again"


def test_a_horizon_is_never_lowered_by_pruning(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("p1", 1)]))
    run(stores.events.set_horizon("paid", 7))
    assert run(stores.events.prune({"paid": 3}, 99)) == 1
    assert run(stores.events.horizons()) == {"paid": 7}


def test_pruning_goes_on_until_nothing_is_left_to_prune(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid(f"{type}{n}", n, type=type) for type in "ab" for n in range(7)]))
    assert [run(stores.events.prune({"a": 5, "b": 5}, 4)) for _ in range(4)] == [4, 4, 2, 0]
    assert ids(stores, run, a=None, b=None) == {"a": ["a5", "a6"], "b": ["b5", "b6"]}
    assert run(stores.events.horizons()) == {"a": 5, "b": 5}


def test_what_is_still_to_be_judged_is_not_pruned(stores: Stores, run: Run[Any]) -> None:
    run(stores.events.append([paid("p1", 1)], ["paid"]))
    assert run(stores.events.prune({"paid": 3}, 99)) == 0
    assert run(stores.events.horizons()) == {}
