from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from compiler.facts import Touch
from server.ports import (
    CHANGED,
    Answered,
    ContactHistory,
    RecordedEvent,
    Reservation,
    Spend,
    State,
    Stores,
)
from tests.ports.conftest import Run
from tests.ports.made import LEASE, occurrence, reserve, reserved, spend, taken, touch

LATER = 10**6


# ---- touches


def test_a_reservation_comes_back_as_it_was(stores: Stores, run: Run[Any]) -> None:
    plain = Touch(2, "receipt", "sms", frozenset(), False, None, "receipt/e")
    spends = (spend(5, 10), spend(1, 1, "campaign spring", start=0))
    written = [reserved("a", 3), reserved("b", touch=plain, spends=spends, arguments="{}")]
    run(reserve(stores, *written))
    assert [run(stores.contacts.find(each.id)) for each in written] == written
    assert run(stores.contacts.find("c")) is None


def test_history_is_in_order_of_time_and_keeps_those_held_out_apart(stores: Stores, run: Run[Any]) -> None:
    held_out = reserved("c", 2, state=State.HELD_OUT)
    run(reserve(stores, reserved("a", 3), reserved("b", 1), held_out, reserved("d", 1, user="u2")))
    history = run(stores.contacts.history("u1", None))
    assert (history.touches(9), history.shadow(9)) == ((touch(1), touch(3)), (touch(2),))


def test_history_begins_behind_an_instant_and_ends_with_one(stores: Stores, run: Run[Any]) -> None:
    run(reserve(stores, *(reserved(str(time), time) for time in (1, 2, 3))))
    assert run(stores.contacts.history("u1", 1)).touches(3) == (touch(2), touch(3))
    assert run(stores.contacts.history("u1", None)).touches(2) == (touch(1), touch(2))
    assert run(stores.contacts.history("stranger", None)) == ContactHistory()


@pytest.mark.parametrize(
    ("state", "holds_before", "holds_after"),
    [
        (State.RESERVED, True, False),
        (State.DISPATCHED, True, True),
        (State.CONFIRMED, True, True),
        (State.UNCERTAIN, True, True),
        (State.FAILED, False, False),
        (State.RELEASED, False, False),
    ],
)
def test_what_holds_depends_on_state_and_lease(
    stores: Stores, run: Run[Any], state: State, holds_before: bool, holds_after: bool
) -> None:
    run(reserve(stores, reserved("a")))
    run(stores.contacts.change("a", lambda before: replace(before, state=state)))
    assert bool(run(stores.contacts.history("u1", None)).touches(LEASE)) is holds_before
    assert bool(run(stores.contacts.history("u1", None)).touches(1 + LEASE)) is holds_after


def test_all_contacts_are_told_page_by_page_newest_first(stores: Stores, run: Run[Any]) -> None:
    written = [reserved("b", 1), reserved("a", 2), reserved("c", 2), reserved("d", 3, state=State.FAILED)]
    run(reserve(stores, *written))
    first = run(stores.contacts.contacts("u1", None, 3))
    assert [each.id for each in first] == ["d", "c", "a"]
    last = first[-1]
    assert [each.id for each in run(stores.contacts.contacts("u1", (last.touch.time, last.id), 3))] == ["b"]


def test_what_nobody_told_of_is_listed_page_by_page_oldest_first(stores: Stores, run: Run[Any]) -> None:
    of = {"d": 3, "b": 1, "c": 2, "a": 2}
    written = [reserved(id, time, f"u-{id}", state=State.UNCERTAIN) for id, time in of.items()]
    run(reserve(stores, *written, reserved("e", 1), reserved("f", 2, state=State.FAILED)))
    first = run(stores.contacts.uncertain(None, 3))
    assert [(each.id, each.user) for each in first] == [("b", "u-b"), ("a", "u-a"), ("c", "u-c")]
    last = first[-1]
    assert [each.id for each in run(stores.contacts.uncertain((last.touch.time, last.id), 3))] == ["d"]


def test_contacts_are_found_by_what_they_answer(stores: Stores, run: Run[Any]) -> None:
    same = replace(touch(2), occurrence="nudge/e")
    written = [
        reserved("a", touch=same),
        reserved("b", touch=replace(same, time=1), state=State.HELD_OUT),
        reserved("c", touch=replace(same, occurrence="nudge/f")),
        reserved("d", touch=same, user="u2"),
    ]
    run(reserve(stores, *written))
    run(stores.contacts.change("a", lambda before: replace(before, state=State.RELEASED)))
    found = run(stores.contacts.of_occurrence("u1", "nudge/e"))
    assert {each.id: each.state for each in found} == {"a": State.RELEASED, "b": State.HELD_OUT}
    assert list(run(stores.contacts.of_occurrence("u3", "nudge/e"))) == []


def test_contacts_are_found_by_what_they_complete(stores: Stores, run: Run[Any]) -> None:
    first = replace(touch(2), occurrence="nudge/sku=“a”/b")
    second = replace(touch(3, "again"), occurrence="again/sku=“a”/b", completes=first.occurrence)
    other = replace(touch(4, "again"), occurrence="again/e4", completes="nudge/e4")
    written = [
        reserved("a", touch=first),
        reserved("b", touch=second),
        reserved("c", touch=other),
        reserved("d", touch=second, user="u2"),
    ]
    run(reserve(stores, *written))
    marked = run(stores.contacts.change("b", lambda before: replace(before, duplicate=True)))
    assert marked.duplicate
    assert run(stores.contacts.completing("u1", first.occurrence)) == [marked]
    assert [each.touch for each in run(stores.contacts.history("u1", None)).standing] == [
        first,
        second,
        other,
    ]
    assert [each.touch for each in run(stores.contacts.history("u1", None)).standing] == [
        first,
        second,
        other,
    ]


# ---- taking decisions


def test_a_decision_on_an_old_revision_changes_nothing(stores: Stores, run: Run[Any]) -> None:
    run(reserve(stores, reserved("a")))
    late = taken(revision=0, reservation=reserved("b"), opened=(occurrence("e"),), publish=True, key="k")
    assert run(stores.contacts.commit(late)) is CHANGED
    assert run(stores.contacts.find("b")) is None
    assert run(stores.timers.open("u1")) == ()
    assert run(stores.contacts.answered("k")) is None
    assert run(stores.outbox.read(0, 9)) == []


def test_events_touches_and_their_changes_raise_the_revision(stores: Stores, run: Run[Any]) -> None:
    revisions = [run(revision(stores))]

    def note() -> None:
        revisions.append(run(revision(stores)))

    run(stores.events.append([RecordedEvent("e1", "cart_add", "u1", 1, b"{}")]))
    note()
    run(reserve(stores, reserved("a")))
    note()
    run(stores.contacts.change("a", lambda before: replace(before, state=State.FAILED)))
    note()
    run(reserve(stores, reserved("b")))
    note()
    run(stores.contacts.lapse(LATER, 9))
    note()
    assert revisions == sorted(set(revisions))


def test_events_known_before_and_other_users_leave_the_revision_alone(stores: Stores, run: Run[Any]) -> None:
    event = RecordedEvent("e1", "cart_add", "u1", 1, b"{}")
    run(stores.events.append([event]))
    before = run(revision(stores))
    run(stores.events.append([event, replace(event, id="e2", user="u2")]))
    run(reserve(stores, reserved("a", user="u2")))
    assert run(revision(stores)) == before


async def revision(stores: Stores, user: str = "u1") -> int:
    return (await stores.contacts.history(user, None)).revision


def test_of_many_at_once_on_one_revision_one_is_taken(stores: Stores, run: Run[Any]) -> None:
    async def race() -> list[Any]:
        decisions = [taken(reservation=reserved(str(each))) for each in range(32)]
        return await asyncio.gather(*map(stores.contacts.commit, decisions))

    outcomes = run(race())
    assert outcomes.count(None) == 1
    assert outcomes.count(CHANGED) == 31
    assert len(run(stores.contacts.contacts("u1", None, 99))) == 1


def test_a_repeat_is_answered_as_the_first_whatever_has_changed(stores: Stores, run: Run[Any]) -> None:
    first = taken(key="event e1 best", fingerprint=b"\x00\x01", answer=b"\xff first")
    assert run(stores.contacts.commit(first)) is None
    known = Answered("u1", b"\x00\x01", b"\xff first")
    assert run(stores.contacts.commit(replace(first, answer=b"second", reservation=reserved("a")))) == known
    assert run(stores.contacts.answered("event e1 best")) == known
    assert run(stores.contacts.find("a")) is None
    assert run(stores.contacts.answered("event e1 other")) is None


def test_taking_a_decision_settles_leases_that_have_ended(stores: Stores, run: Run[Any]) -> None:
    run(reserve(stores, reserved("a"), reserved("b")))
    run(stores.contacts.change("b", lambda before: replace(before, state=State.DISPATCHED)))
    now = 1 + LEASE
    history = run(stores.contacts.history("u1", None))
    assert run(stores.contacts.commit(taken(revision=history.revision, now=now))) is None
    assert run(states(stores, "a", "b")) == [State.RELEASED, State.UNCERTAIN]


# ---- budgets


def test_a_budget_is_never_overspent(stores: Stores, run: Run[Any]) -> None:
    async def race() -> list[Any]:
        decisions = [
            taken(f"u{each}", reservation=reserved(str(each), user=f"u{each}", spends=(spend(1, 20),)))
            for each in range(32)
        ]
        return await asyncio.gather(*map(stores.contacts.commit, decisions))

    outcomes = run(race())
    assert (outcomes.count(None), outcomes.count(CHANGED)) == (20, 12)
    assert run(stores.contacts.used({"plan nudge": None}, LATER)) == {"plan nudge": 20}


def test_a_budget_counts_what_those_took_whose_clock_is_ahead(stores: Stores, run: Run[Any]) -> None:
    run(reserve(stores, reserved("a", 9, user="u2", spends=(spend(1, 1),))))
    late = taken(now=1, reservation=reserved("b", 1, spends=(spend(1, 1),)))
    assert run(stores.contacts.commit(late)) is CHANGED
    assert run(stores.contacts.used({"plan nudge": None}, 1)) == {"plan nudge": 0}
    assert run(stores.contacts.used({"plan nudge": None}, None)) == {"plan nudge": 1}


def test_of_two_budgets_none_is_charged_when_one_is_used_up(stores: Stores, run: Run[Any]) -> None:
    both = (spend(1, 9), spend(2, 1, "campaign spring"))
    assert run(stores.contacts.commit(taken(reservation=reserved("a", spends=both)))) is CHANGED
    assert run(stores.contacts.used({"plan nudge": None, "campaign spring": None}, 9)) == {
        "plan nudge": 0,
        "campaign spring": 0,
    }


def test_what_was_spent_is_added_up_between_instants(stores: Stores, run: Run[Any]) -> None:
    spent = [[spend(2, 99), spend(5, 99, "campaign spring")], [spend(3, 99)], [spend(10, 99, start=1)]]
    run(reserve(stores, *(reserved(str(time), time, spends=tuple(each)) for time, each in enumerate(spent))))
    used = stores.contacts.used
    since = {"plan nudge": 1, "campaign spring": None, "plan other": None}
    assert run(used(since, 2)) == {"plan nudge": 13, "campaign spring": 5, "plan other": 0}
    assert run(used({"plan nudge": 0, "campaign spring": 1}, 1)) == {"plan nudge": 5, "campaign spring": 0}


def test_a_period_begins_anew(stores: Stores, run: Run[Any]) -> None:
    def day(start: int) -> tuple[Spend, ...]:
        return (spend(1, 1, start=start),)

    run(reserve(stores, reserved("a", 1, spends=day(0)), reserved("b", 10, spends=day(10))))
    full = taken(revision=2, now=11, reservation=reserved("c", 11, spends=day(10)))
    assert run(stores.contacts.commit(full)) is CHANGED
    assert run(stores.contacts.used({"plan nudge": 10}, 11)) == {"plan nudge": 1}


@pytest.mark.parametrize("state", [State.FAILED, State.RELEASED])
def test_what_does_not_go_out_is_given_back(stores: Stores, run: Run[Any], state: State) -> None:
    run(reserve(stores, reserved("a", spends=(spend(1, 1),))))
    assert run(stores.contacts.used({"plan nudge": None}, 9)) == {"plan nudge": 1}
    run(stores.contacts.change("a", lambda before: replace(before, state=state)))
    assert run(stores.contacts.used({"plan nudge": None}, 9)) == {"plan nudge": 0}
    run(reserve(stores, reserved("b", user="u2", spends=(spend(1, 1),))))


def test_those_held_out_spend_nothing(stores: Stores, run: Run[Any]) -> None:
    run(reserve(stores, reserved("a", state=State.HELD_OUT, spends=(spend(1, 1),))))
    assert run(stores.contacts.used({"plan nudge": None}, 9)) == {"plan nudge": 0}


# ---- states


def test_a_change_that_is_refused_leaves_everything_as_it_was(stores: Stores, run: Run[Any]) -> None:
    run(reserve(stores, reserved("a")))
    before = run(stores.contacts.history("u1", None))

    def refuse(_: Reservation) -> Reservation:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        run(stores.contacts.change("a", refuse))
    assert run(stores.contacts.history("u1", None)) == before
    assert run(stores.contacts.change("stranger", refuse)) is None


def test_changes_at_once_come_one_after_the_other(stores: Stores, run: Run[Any]) -> None:
    run(reserve(stores, reserved("a")))

    async def race() -> None:
        await asyncio.gather(*(stores.contacts.change("a", counted) for _ in range(32)))

    run(race())
    found = run(stores.contacts.find("a"))
    assert found is not None
    assert found.token == 32


def counted(before: Reservation) -> Reservation:
    return replace(before, token=before.token + 1)


def test_leases_lapse_in_their_order_and_give_back(stores: Stores, run: Run[Any]) -> None:
    spends = (spend(1, 9),)
    run(reserve(stores, *(reserved(str(time), time, spends=spends) for time in (1, 2, 3))))
    run(stores.contacts.change("2", lambda before: replace(before, state=State.DISPATCHED)))
    assert run(stores.contacts.next_lapse()) == 1 + LEASE
    assert run(stores.contacts.lapse(LEASE, 9)) == []
    assert run(stores.contacts.lapse(2 + LEASE, 9)) == ["u1", "u1"]
    assert run(states(stores, "1", "2", "3")) == [State.RELEASED, State.UNCERTAIN, State.RESERVED]
    assert run(stores.contacts.used({"plan nudge": None}, LATER)) == {"plan nudge": 2}
    assert run(stores.contacts.next_lapse()) == 3 + LEASE
    assert run(stores.contacts.lapse(LATER, 9)) == ["u1"]
    assert run(stores.contacts.next_lapse()) is None


async def states(stores: Stores, *ids: str) -> list[State]:
    found = [await stores.contacts.find(id) for id in ids]
    return [each.state for each in found if each]


def test_what_is_erased_is_gone_but_budgets_stay_used(stores: Stores, run: Run[Any]) -> None:
    run(reserve(stores, reserved("a", spends=(spend(1, 9),)), reserved("b", user="u2")))
    before = run(revision(stores))
    decision = taken(revision=before, key="k", opened=(occurrence("e"),), publish=True)
    assert run(stores.contacts.commit(decision)) is None
    assert run(stores.contacts.erase("u1")) == 1
    assert run(stores.contacts.contacts("u1", None, 9)) == []
    assert run(stores.contacts.answered("k")) is None
    assert run(stores.timers.open("u1")) == ()
    assert run(stores.timers.next_wake()) is None
    assert run(stores.outbox.read(0, 9)) == []
    assert run(stores.contacts.used({"plan nudge": None}, 9)) == {"plan nudge": 1}
    assert len(run(stores.contacts.contacts("u2", None, 9))) == 1


def test_what_was_decided_before_an_erasure_is_not_taken_after_it(stores: Stores, run: Run[Any]) -> None:
    for user in ("u1", "u2", "u1"):
        before = run(revision(stores, user))
        run(stores.contacts.erase("u1"))
        assert run(stores.contacts.commit(taken(user, before))) is CHANGED, "also of strangers"
        for _ in range(3):  # as much happens as before
            assert run(stores.contacts.commit(taken(user, run(revision(stores, user))))) is None
        assert run(stores.contacts.commit(taken(user, before))) is CHANGED


def test_old_answers_are_pruned(stores: Stores, run: Run[Any]) -> None:
    for time in range(1, 5):
        assert run(stores.contacts.commit(taken(f"u{time}", now=time, key=f"k{time}"))) is None
    assert [run(stores.contacts.prune_answers(4, 2)) for _ in range(3)] == [2, 1, 0]
    assert [run(stores.contacts.answered(f"k{time}")) is None for time in range(1, 5)] == [True] * 3 + [False]


def test_old_contacts_are_pruned_but_those_that_are_under_way_or_wanted(
    stores: Stores, run: Run[Any]
) -> None:
    over = {"state": State.CONFIRMED, "spends": (spend(1, 9),)}
    written = [
        reserved("old", 1, **over),
        reserved("leased", 1),
        reserved("wanted", 1, touch=replace(touch(1, "other"), campaign=None), **over),
        reserved("campaign", 1, touch=replace(touch(1), campaign="yearly"), **over),
        reserved("bare", 2, touch=replace(touch(2), campaign=None), state=State.HELD_OUT),
        reserved("young", 5, **over),
    ]
    run(reserve(stores, *written))
    assert [run(stores.contacts.prune(5, ["other", "yearly"], 1)) for _ in range(3)] == [1, 1, 0]
    left = {each.id for each in run(stores.contacts.contacts("u1", None, 9))}
    assert left == {"leased", "wanted", "campaign", "young"}
    assert run(stores.contacts.used({"plan nudge": None}, 9)) == {"plan nudge": 4}
    assert run(stores.contacts.prune(5, [], 9)) == 2
