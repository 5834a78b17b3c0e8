from __future__ import annotations

from typing import Any

from compiler.facts import Touch
from server.ports import Contact, ContactHistory, Stores
from tests.ports.conftest import Run


def touch(time: int, activity: str = "nudge") -> Touch:
    return Touch(time, activity, "push", frozenset({"promo", "über"}), True, "spring", f"{activity}/e{time}")


def test_touches_come_back_as_they_were_in_order_of_time(stores: Stores, run: Run[Any]) -> None:
    plain = Touch(2, "receipt", "sms", frozenset(), False, None, "receipt/e")
    run(stores.contacts.append([Contact("u1", touch(3)), Contact("u1", plain), Contact("u2", touch(1))]))
    assert run(stores.contacts.history("u1", None, 9)) == ContactHistory(touches=(plain, touch(3)))


def test_touches_held_out_are_kept_apart(stores: Stores, run: Run[Any]) -> None:
    run(stores.contacts.append([Contact("u1", touch(1)), Contact("u1", touch(2), shadow=True)]))
    assert run(stores.contacts.history("u1", None, 9)) == ContactHistory((touch(1),), (touch(2),))


def test_history_begins_behind_an_instant_and_ends_with_one(stores: Stores, run: Run[Any]) -> None:
    run(stores.contacts.append([Contact("u1", touch(time)) for time in (1, 2, 3)]))
    assert run(stores.contacts.history("u1", 1, 3)).touches == (touch(2), touch(3))
    assert run(stores.contacts.history("u1", None, 2)).touches == (touch(1), touch(2))
    assert run(stores.contacts.history("stranger", None, 9)) == ContactHistory()


def test_what_was_spent_is_added_up_between_instants(stores: Stores, run: Run[Any]) -> None:
    spent = [{"plan nudge": 2, "campaign spring": 5}, {"plan nudge": 3}, {"plan nudge": 10}]
    run(stores.contacts.append([Contact("u1", touch(time), spent=each) for time, each in enumerate(spent)]))
    used = stores.contacts.used
    assert run(used({"plan nudge": 1, "campaign spring": None, "plan other": None}, 2)) == {
        "plan nudge": 13,
        "campaign spring": 5,
        "plan other": 0,
    }
    assert run(used({"plan nudge": 0, "campaign spring": 1}, 1)) == {"plan nudge": 5, "campaign spring": 0}
