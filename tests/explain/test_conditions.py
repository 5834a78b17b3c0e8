"""Conditions explained: each part with its answer, what it saw, where it stands, and why something is not known."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from compiler.explain.as_json import explained_json
from compiler.explain.conditions import explained_crowd, explained_score
from compiler.explain.human import Tree
from compiler.explain.node import Margin, Node, Taken, gaps
from compiler.explain.words import Words, span
from compiler.facts import Event, Facts, Total
from compiler.manifest import retention
from compiler.types import UNAVAILABLE
from tests.explain.shop import DAY, EURO, HOUR, MINUTE, at, cart, compiled, order, shop, user

NOW = "2026-03-01 20:00"


def told(crowd: str, facts: Facts) -> Node:
    _, texts, asked = shop()
    return explained_crowd(asked, texts, facts, crowd)


def drawn(crowd: str, facts: Facts) -> str:
    return "\n".join(Tree(Words.of(shop()[0], facts)).lines(told(crowd, facts)))


def only(node: Node, kind: str) -> Node:
    """The one part of that kind."""
    found = [each for each in walk(node) if each.kind == kind]
    assert len(found) == 1, [each.kind for each in walk(node)]
    return found[0]


def walk(node: Node) -> list[Node]:
    return [node, *(below for part in node.parts for below in walk(part))]


# ---- trees


def test_every_part_has_its_answer_what_it_saw_and_its_place() -> None:
    """Two carts in seven days, one of them of 20 euros and more; nothing ordered; no country."""
    facts = user(NOW, cart("2026-03-01 10:00", 30), cart("2026-03-01 11:00", 19.99))
    assert drawn("hot_cart", facts) == (
        "no      user in hot_cart  [shop.sua:16]\n"
        "└─ no      all of  [shop.sua:17]\n"
        "   ├─ no      count of cart_add where price >= 20 EUR within 7 days >= 2 · needs at least 2 (1 more cart_add)\n"
        "   │  └─ count of cart_add where price >= 20 EUR within 7 days = 1 · 1 of 2 cart_add in the window\n"
        "   ├─ yes     did not order_paid within 7 days · 0 of 0 order_paid in the window  [shop.sua:18]\n"
        "   └─ yes     any of  [shop.sua:19]\n"
        "      ├─ yes     country is missing\n"
        "      │  └─ user.country = missing · user.country is missing\n"
        '      └─ unknown country in ("de", "fr")\n'
        "         └─ user.country = missing · user.country is missing"
    )


def test_an_unknown_answer_names_the_leaves_that_made_it_so() -> None:
    events = {"order_paid": UNAVAILABLE}
    facts = user(NOW, cart("2026-03-01 10:00", 30), cart("2026-03-01 11:00", None), unavailable=events)
    node = told("hot_cart", facts)
    assert node.answer is None
    assert [each.gap for each in gaps(node)] == [
        "1 event of which it is unknown whether it counts",
        "price of the event is missing",
        "events of order_paid are unavailable",
    ]
    lines = drawn("hot_cart", facts).splitlines()
    assert lines[-3] == "not known, because 1 event of which it is unknown whether it counts  [shop.sua:17]"


def test_a_yes_is_not_blamed_on_what_is_unknown_beside_it() -> None:
    node = told("hot_cart", user(NOW, cart("2026-03-01 10:00", 30), cart("2026-03-01 11:00", 30)))
    assert node.answer is True
    assert list(gaps(node)) == []


def test_a_missing_attribute_and_one_that_is_unavailable_are_told_apart() -> None:
    (missing,) = gaps(told("adults", user(NOW)))
    (unavailable,) = gaps(told("adults", user(NOW, age=UNAVAILABLE)))
    assert missing.gap == "user.age is missing"
    assert unavailable.gap == "user.age is unavailable"


def test_a_history_that_is_too_short_says_since_when_it_is_known() -> None:
    """Seven days before 1 March 20:00 is 22 February 20:00; the history begins a day later."""
    facts = user(NOW, *two_carts(), known_since={"order_paid": at("2026-02-23 20:00")}, country="de")
    (gap,) = (each.gap for each in gaps(told("hot_cart", facts)))
    assert gap == "the window reaches back too far: order_paid is known since 2026-02-23 20:00 Europe/Berlin"


def two_carts() -> tuple[tuple[str, Event], ...]:
    return cart("2026-03-01 10:00", 30), cart("2026-03-01 11:00", 30)


def test_a_failed_conversion_is_named() -> None:
    """Nearly 10**38 millionths of a dollar are more than money holds, in a currency of which a dollar buys ten."""
    text = """settings { currency EUR rate 1 USD = 10 JPY }
profile user { id: text key  paid: money USD optional }
crowd rich { 0 JPY + user.paid >= 10 JPY }"""
    _, texts, asked = compiled(text)
    (gap,) = gaps(explained_crowd(asked, texts, Facts(0, user={"paid": 10**38 - 1}), "rich"))
    assert gap.gap == "the amount is too large to be converted"


def test_division_by_zero_is_said_where_it_happens() -> None:
    text = """profile user { id: text key  a: number optional  b: number optional }
crowd ratio { user.a / user.b > 1 }"""
    _, texts, asked = compiled(text)
    (gap,) = gaps(explained_crowd(asked, texts, Facts(0, user={"a": 1.0, "b": 0.0}), "ratio"))
    assert gap.gap == "this cannot be computed: a division by zero, or out of range"
    assert gap.text == "user.a / user.b"


def test_aggregates_of_nothing_say_that_there_is_no_such_event() -> None:
    text = """profile user { id: text key }
event buy { total: int }
crowd big { max of buy.total within 7 days > 5 }
crowd gone { time since last buy > 30 days }"""
    _, texts, asked = compiled(text)
    for name in ("big", "gone"):
        (gap,) = gaps(explained_crowd(asked, texts, Facts(at(NOW)), name))
        assert gap.gap == "there is no such buy"


def test_events_are_counted_as_taken_and_unknown() -> None:
    facts = user(NOW, *two_carts(), cart("2026-03-01 12:00", None), cart("2026-02-01 12:00", 99))
    node = only(told("hot_cart", facts), "aggregate")
    assert node.taken == (Taken("cart_add", in_window=3, taken=2, unknown=1),)
    assert node.parts[0].text == "cart_add 2026-03-01 12:00"


def test_events_that_a_total_tells_of_are_counted() -> None:
    text = """profile user { id: text key }
event buy { n: int }
crowd c { did buy at least 4 times where n > 1 ever }
crowd d { (time since last buy) > 2 days }"""
    ruleset, texts, asked = compiled(text)
    now = at(NOW)
    shapes = retention(ruleset).shapes
    total = Total(2, unknown=1, standing=(Event(now - 9 * DAY, "b", {}),), until=now - 9 * DAY)
    kept = (Event(now - DAY, "a", {"n": 2}),)
    facts = Facts(
        now, events={"buy": kept}, known_since={"buy": now - 5 * DAY}, totals=dict.fromkeys(shapes, total)
    )
    node = explained_crowd(asked, texts, facts, "c")
    (did,) = [each for each in walk(node) if each.kind == "did"]
    assert did.taken == (Taken("buy", in_window=4, taken=3, unknown=1),)
    assert did.gap == "1 event of which it is unknown whether it counts"
    assert explained_crowd(asked, texts, facts, "d").answer is False
    sure = replace(facts, totals=dict.fromkeys(shapes, replace(total, unknown=0)))
    (did,) = [each for each in walk(explained_crowd(asked, texts, sure, "c")) if each.kind == "did"]
    assert (did.answer, did.gap, did.margin) == (False, None, Margin("at least 4", "1 more buy"))


def test_events_that_a_later_one_leaves_out_are_not_taken() -> None:
    text = """profile user { id: text key }
event buy { order: text }
event refund { order: text }
crowd kept { count of buy without refund with same order within 7 days >= 2 }"""
    _, texts, asked = compiled(text)
    buys = tuple(at_time(number, order=str(number)) for number in range(3))
    facts = Facts(at(NOW), events={"buy": buys, "refund": (at_time(9, order="1"),)})
    node = explained_crowd(asked, texts, facts, "kept")
    assert node.answer is True
    assert only(node, "aggregate").taken == (Taken("buy", in_window=3, taken=2, unknown=0),)


def at_time(minute: int, **fields: str) -> Event:
    return Event(at(NOW) - HOUR + minute * MINUTE, f"e{minute}", fields)


# ---- names


def test_crowds_that_are_named_are_looked_into_once() -> None:
    facts = user(NOW, age=17, spend=10 * EURO)
    node = told("spenders", facts)
    adults = (
        only(node, "crowd")
        if node.kind != "crowd"
        else [each for each in walk(node) if each.kind == "crowd"][1]
    )
    assert adults.text == "user in adults"
    assert str(adults.parts[0].place) == "shop.sua:21"


def test_a_definition_that_is_met_again_is_told_once() -> None:
    text = """profile user { id: text key  age: int optional }
crowd adults { user.age >= 18 }
crowd twice { (user in adults and user.age < 30) or (user in adults and user.age > 60) }"""
    _, texts, asked = compiled(text)
    node = explained_crowd(asked, texts, Facts(0, user={"age": 40}), "twice")
    first, second = [each for each in walk(node) if each.text == "user in adults"]
    assert first.parts and first.same_as is None
    assert not second.parts and str(second.same_as) == "rules.sua:2"


def test_negations_want_the_opposite_of_what_stands_in_them() -> None:
    """In `not (user in staff or user in hot_cart)` the list is what holds the user out."""
    node = told("outsiders", user(NOW, lists={"staff": True}))
    assert node.answer is False
    staff = only(node, "list")
    assert (staff.text, staff.answer) == ("user in staff", True)
    assert only(node, "aggregate").value == 0


def test_nothing_is_wanted_of_what_is_as_it_should_be() -> None:
    """The hot cart is no, and has to be: what it lacks is no margin of the outsiders."""
    node = told("outsiders", user(NOW, lists={"staff": True}))
    assert [each.margin for each in walk(node) if each.margin is not None] == []


def test_scores_show_the_lines_that_count() -> None:
    _, texts, asked = shop()
    node = explained_score(asked, texts, user(NOW, cart("2026-02-28 10:00", 1), age=20), "lead")
    assert node.value == 30 - 5 + 20
    assert [(part.text, part.answer) for part in node.parts] == [
        ("add 30 points when did cart_add within 3 days", True),
        ("take 5 points when user.email_ok", True),
        ("add user.age points when user in adults", True),
    ]


# ---- margins


@pytest.mark.parametrize(
    ("condition", "facts", "margin"),
    [
        ("user.n >= 18", {"n": 17}, Margin("at least 18", "1 more")),
        ("user.n > 17", {"n": 17}, Margin("more than 17", "just not enough")),
        ("user.n <= 10", {"n": 17}, Margin("at most 10", "7 less")),
        ("not (user.n >= 10)", {"n": 17}, Margin("less than 10", "7 less")),
        ("user.n is 3", {"n": 17}, Margin("3", None)),
        ("user.n is not 17", {"n": 17}, Margin("anything but 17", None)),
        ("user.n in (1, 2)", {"n": 17}, Margin("one of 1, 2", None)),
        ("user.m >= 20 EUR", {"m": 19_500_000}, Margin("at least 20.00 EUR", "0.50 EUR more")),
        ("user.d > 2 days", {"d": 2 * DAY - HOUR}, Margin("more than 2 days", "1 hour more")),
        ("user.n >= 18", {}, Margin("at least 18", None)),
        ("did buy at least 3 times within 7 days", {}, Margin("at least 3", "3 more buy")),
        ("count of buy within 7 days > 3", {}, Margin("more than 3", "4 more buy")),
    ],
)
def test_margins(condition: str, facts: dict[str, int], margin: Margin) -> None:
    text = f"""profile user {{ id: text key  n: int optional  m: money EUR optional  d: duration optional }}
event buy {{ }}
crowd c {{ {condition} }}"""
    _, texts, asked = compiled(text)
    node = explained_crowd(asked, texts, Facts(at(NOW), user=facts), "c")
    assert node.answer is not True
    assert [each.margin for each in walk(node) if each.margin is not None] == [margin]


def test_did_not_needs_fewer() -> None:
    node = told("hot_cart", user(NOW, *two_carts(), order("2026-02-28 10:00"), order("2026-02-27 10:00")))
    assert [each.margin for each in walk(node) if each.margin] == [Margin("none", "2 fewer order_paid")]


# ---- size


def chain(terms: int, word: str) -> str:
    joined = f" {word} ".join(f"user.n is {number}" for number in range(terms))
    return f"profile user {{ id: text key  n: int optional }}\ncrowd c {{ {joined} }}"


def test_a_long_chain_is_bounded_and_its_decisive_term_comes_first() -> None:
    """Term 2,900 of 3,000 is the one that says yes."""
    _, texts, asked = compiled(chain(3000, "or"))
    facts = Facts(0, user={"n": 2900})
    node = explained_crowd(asked, texts, facts, "c")
    (whole,) = node.parts
    assert len(whole.parts) + whole.left_out == 3000
    assert len(whole.parts) == 200
    assert whole.parts[0].text == "user.n is 2900"
    lines = list(Tree(Words("UTC")).lines(node))
    assert len(lines) < 30
    assert "yes     user.n is 2900" in lines[2]
    assert lines[-1].endswith("… 2,992 more: 192 no, 2,800 not told")


def test_towers_of_crowds_are_explained_to_the_bottom() -> None:
    rows = ["profile user { id: text key  n: int optional }", "crowd c0 { user.n > 0 }"]
    rows += [f"crowd c{number} {{ user in c{number - 1} and user.n < 100 }}" for number in range(1, 59)]
    _, texts, asked = compiled("\n".join(rows))
    node = explained_crowd(asked, texts, Facts(0, user={"n": 0}), "c58")
    assert any(each.text == "user.n > 0" for each in walk(node))
    assert "deeper parts are not drawn" in "\n".join(Tree(Words("UTC")).lines(node))


# ---- JSON, words


def test_json_carries_the_same() -> None:
    facts = user(NOW, cart("2026-03-01 10:00", 30), age=17)
    found = json.loads(json.dumps(explained_json(told("adults", facts))))
    (age,) = found["parts"]
    assert found["answer"] == "no"
    assert age["needs"] == {"needs": "at least 18", "by": "1 more"}
    assert age["parts"] == [
        {"kind": "attribute", "text": "user.age", "place": None, "type": "int", "value": 17}
    ]


def test_json_says_why_something_is_not_known() -> None:
    found = explained_json(told("adults", user(NOW, age=UNAVAILABLE)))
    assert found["unknown_because"] == [{"gap": "user.age is unavailable", "text": "user.age", "place": None}]


def test_instants_are_told_in_the_users_zone() -> None:
    text = """settings { timezone "UTC" }
profile user { id: text key  zone: timezone optional  since: instant optional }
crowd old { user.since < 2020-01-01 00:00 }"""
    rules, texts, asked = compiled(text)
    facts = Facts(at(NOW), user={"zone": "America/New_York", "since": at("2026-03-01 12:00", "UTC")})
    lines = list(Tree(Words.of(rules, facts)).lines(explained_crowd(asked, texts, facts, "old")))
    assert lines[-1].strip("└─ ") == "user.since = 2026-03-01 07:00 America/New_York"


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [
        (3 * HOUR + 20 * MINUTE, "3 hours 20 minutes"),
        (DAY + 59 * MINUTE, "1 day"),
        (2 * DAY, "2 days"),
        (61_500_000, "1 minute 1 second"),
        (7, "7 microseconds"),
        (-HOUR, "1 hour"),
    ],
)
def test_spans_of_time(microseconds: int, text: str) -> None:
    assert span(microseconds) == text
