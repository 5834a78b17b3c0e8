"""Edits of facts and rules by themselves, in words and as JSON."""

from __future__ import annotations

from compiler.explain.change.edits import (
    AddEvent,
    DropTouch,
    Fetch,
    HoldOut,
    RaiseTerm,
    RemoveEvent,
    SetAttribute,
    SetMember,
    UseBudget,
    Wait,
)
from compiler.explain.change.search import Change
from compiler.explain.change.words import Told, edit_json, sentences
from compiler.explain.words import Words
from compiler.facts import Event
from compiler.types import UNAVAILABLE
from tests.explain.shop import DAY, EURO, at, cart, shop, touch, user

NOON = "2026-03-01 12:00"
CARTS = cart("2026-03-01 08:10", 30), cart("2026-03-01 09:10", 30)


def test_facts_and_rules_are_left_as_they_were() -> None:
    rules, _, _ = shop()
    facts = user(NOON, *CARTS, age=17)
    before = repr(facts)
    Change((SetAttribute("user", "age", rules.attributes["age"].type, 18), Wait(at(NOON) + DAY))).apply(
        facts, rules
    )
    assert repr(facts) == before


def test_waiting_renews_budgets_of_periods_that_end() -> None:
    rules, _, _ = shop()
    facts = user("2026-03-01 23:00", budgets={"campaign spring": 2})
    later, _ = Change((Wait(at("2026-03-02 00:00")),)).apply(facts, rules)
    same, _ = Change((Wait(at("2026-03-01 23:59")),)).apply(facts, rules)
    assert later.budgets == {} and same.budgets == {"campaign spring": 2}


def test_what_is_unavailable_stays_so_until_it_is_fetched() -> None:
    rules, _, _ = shop()
    facts = user(NOON, unavailable={"cart_add": UNAVAILABLE})
    added = AddEvent.of("cart_add", Event(at(NOON), "x", {}))
    assert Change((added,)).apply(facts, rules)[0].events["cart_add"] is UNAVAILABLE
    assert Change((Fetch("event", "cart_add"), added)).apply(facts, rules)[0].events["cart_add"] == (
        added.added,
    )


# ---- words


def test_changes_in_words() -> None:
    rules, _, _ = shop()
    facts = user(NOON, *CARTS, age=17)
    told = Told(rules, facts, "discount", Words("Europe/Berlin"))
    type_ = rules.attributes["age"].type
    said = sentences(
        told,
        (
            Wait(at("2026-03-02 09:00")),
            RaiseTerm("discount", "value", 700_001),
            RaiseTerm("nudge", "value", -10_000),
            SetAttribute("user", "age", type_, 18),
            SetMember("staff", False),
            AddEvent(
                "cart_add", "n", at(NOON), (("price", 20 * EURO), ("sku", "x")), (), frozenset({"price"})
            ),
            RemoveEvent("cart_add", "2026-03-01 08:10"),
            DropTouch(touch("2026-03-01 09:30", "nudge", "push")),
            UseBudget("campaign spring", 1),
            HoldOut(frozenset({"spring"})),
            Fetch("touches"),
        ),
    )
    assert said == [
        "it were 2026-03-02 09:00 Europe/Berlin, 21 hours from now",
        "its value were 0.700001 EUR more",
        "nudge's value were 0.01 EUR less",
        "user.age were 18 (it is 17)",
        "the user were not in staff",
        "there were one more cart_add { price: 20.00 EUR } at 2026-03-01 12:00 Europe/Berlin",
        "the cart_add of 2026-03-01 08:10 Europe/Berlin had not happened",
        "the push of nudge at 2026-03-01 09:30 Europe/Berlin had not been sent",
        "1 of the budget of campaign spring were used up (0 are)",
        "spring held the user out",
        "the contacts were known, with nothing in them",
    ]


def test_changes_as_json() -> None:
    rules, _, _ = shop()
    told = Told(rules, user(NOON), "discount", Words("UTC"))
    found = edit_json(
        told, AddEvent("cart_add", "n", at(NOON), (("price", 20 * EURO),), (), frozenset({"price"}))
    )
    assert found["edit"] == "add_event"
    assert found["fields"] == {"price": {"amount": "20.00", "currency": "EUR"}}
    assert found["time"] == "2026-03-01T11:00:00Z"
