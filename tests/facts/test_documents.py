"""Documents of facts: what is read of them, and everything that is wrong with them at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.checked.ir import RuleSet
from compiler.driver import compile_ruleset
from compiler.facts import Event, Facts, Opened, Touch
from compiler.facts_from_json import REQUEST_PARTS, FactsError, Reader, Reading
from compiler.types import UNAVAILABLE
from compiler.wire.errors import MOST_ERRORS
from dsl.source import Source

RULES = """
settings { timezone "Europe/Berlin"  currency EUR  rate 1 USD = 0.92 EUR }
profile user {
  id:       text  key
  tier:     choice(free, plus, pro)  default free
  wealth:   money EUR  optional
  email_ok: flag  default false
  phone:    text  private
  country:  text  optional
}
input { page: text  default "home" }
event cart_add { sku: text  price: money EUR  quantity: int  default 1 }
event order_paid { total: money EUR }
list staff "By hand"
campaign spring { holdout 10% salt "s"  budget 20 EUR total }
plan nudge { part of spring  on cart_add  send push "n"  cost 1 EUR  budget 500 per day }
decide best { among nudge  holdout 5% salt "d" }
"""
SECOND = 1_000_000


def compiled(text: str) -> RuleSet:
    result = compile_ruleset([Source("rules.sua", text)])
    assert result.ruleset is not None, result.diagnostics
    return result.ruleset


READER = Reader(compiled(RULES))


def facts(document: dict[str, Any], now: int = 0) -> Facts:
    return READER.read_facts(document, now).value


def cart_adds(*documents: dict[str, Any]) -> tuple[Event, ...]:
    read = facts({"events": list(documents)}).events["cart_add"]
    assert read is not UNAVAILABLE
    return read


def errors(document: Any, **options: Any) -> dict[str, str]:
    """Message by path."""
    with pytest.raises(FactsError) as refused:
        READER.read_facts(document, **({"now": 0} | options))
    return {error.path: error.message for error in refused.value.errors}


def cart_add(id: str | None = None, time: str = "1970-01-01T00:00:00Z", **fields: Any) -> dict[str, Any]:
    return {"event": "cart_add", "event_id": id, "time": time, "fields": fields}


def euro(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


# ---- what is read


def test_a_whole_document() -> None:
    document = {
        "user": {"id": "u1", "tier": "plus", "wealth": {"amount": "100", "currency": "USD"}},
        "input": {"page": "checkout"},
        "events": [
            cart_add("b", "1970-01-01T00:00:02Z", price=euro("20.00"), quantity=2),
            cart_add("a", "1970-01-01T01:00:02+01:00"),
            {"event": "order_paid", "event_id": "c", "time": "1970-01-01T00:00:01Z"},
        ],
        "lists": ["staff"],
        "known_since": {"order_paid": "1970-01-01T00:00:01Z"},
        "touches": [
            {"time": "1970-01-01T00:00:09Z", "activity": "nudge", "channel": "push", "tags": ["promo"]},
            {
                "time": "1970-01-01T00:00:08Z",
                "activity": "old_nudge",
                "channel": "sms",
                "counted": False,
                "campaign": "spring",
                "occurrence": "old_nudge/b",
            },
        ],
        "shadow": [],
        "budgets": {"plan nudge": 7, "campaign spring": euro("3.50")},
        "opened": [{"plan": "nudge", "event_id": "b"}],
        "held_out": ["best"],
        "request_id": "r-1",
        "now": "1970-01-01T00:00:10Z",
    }
    assert READER.read_facts(orjson.dumps(document)) == Reading(
        Facts(
            now=10 * SECOND,
            user={"id": "u1", "tier": "plus", "wealth": 92_000_000, "email_ok": False},
            input={"page": "checkout"},
            events={
                "cart_add": (
                    Event(2 * SECOND, "a", {"quantity": 1}),
                    Event(2 * SECOND, "b", {"price": 20_000_000, "quantity": 2}),
                ),
                "order_paid": (Event(SECOND, "c", {}),),
            },
            known_since={"order_paid": SECOND},
            lists={"staff": True},
            touches=(
                Touch(8 * SECOND, "old_nudge", "sms", frozenset(), False, "spring", "old_nudge/b"),
                Touch(9 * SECOND, "nudge", "push", frozenset({"promo"}), True, None, ""),
            ),
            budgets={"plan nudge": 7, "campaign spring": 3_500_000},
            opened=(Opened("nudge", "b"),),
            held_out=frozenset({"best"}),
            request_id="r-1",
        ),
        (),
    )


def test_an_empty_document_is_a_stranger() -> None:
    assert facts({}, now=5) == Facts(now=5, user={"tier": "free", "email_ok": False}, input={"page": "home"})


def test_defaults_stand_for_absent_and_null_alone() -> None:
    assert facts({"user": {"tier": None, "email_ok": True}}).user == {"tier": "free", "email_ok": True}
    assert facts({"user": None, "input": None}).input == {"page": "home"}
    no_rate = {"amount": "1", "currency": "GBP"}
    assert READER.read_fields("cart_add", {"price": no_rate, "quantity": None}).value == {
        "price": None,
        "quantity": 1,
    }


def test_undeclared_fields_are_left_out_and_named() -> None:
    document = {
        "user": {"shoe size": 44, "tier": "pro", "nick": {"any": ["thing"]}},
        "events": [cart_add("a"), cart_add("b", colour="red")],
    }
    reading = READER.read_facts(document, 0)
    assert reading.undeclared == ('user["shoe size"]', "user.nick", "events[1].fields.colour")
    assert reading.value.user == {"tier": "pro", "email_ok": False}


def test_each_part_alone() -> None:
    assert READER.read_profile(b'{"tier":"pro","x":1}') == Reading({"tier": "pro", "email_ok": False}, ("x",))
    assert READER.read_fields("cart_add", b'{"sku":"s"}') == Reading({"sku": "s", "quantity": 1}, ())


def test_an_event_counts_once() -> None:
    twice = [cart_add("a", sku="s"), cart_add("a", sku="s")]
    assert len(cart_adds(*twice)) == 1
    assert errors({"events": [*twice, cart_add("a", sku="t")]}) == {
        "events[2].event_id": "a different event has this id"
    }


def test_events_without_an_id_keep_their_order() -> None:
    events = cart_adds(*(cart_add(sku=str(number)) for number in range(12)))
    assert [event.fields["sku"] for event in events] == [str(number) for number in range(12)]


def test_what_cannot_be_had() -> None:
    names = ["user.tier", "user.phone", "input.page", "order_paid", "staff", "touches", "budgets"]
    read = facts({"unavailable": names, "lists": ["staff"], "touches": [], "user": {"tier": "pro"}})
    assert (read.user["tier"], read.user["phone"], read.input["page"]) == (UNAVAILABLE,) * 3
    assert (read.events["order_paid"], read.lists["staff"]) == (UNAVAILABLE,) * 2
    assert (read.touches, read.shadow, read.budgets) == (UNAVAILABLE,) * 3


# ---- what is refused


def test_everything_wrong_is_told_with_its_path() -> None:
    document = {
        "user": {"tier": "plsu", "email_ok": "yes", "phone": 555_123},
        "events": [
            cart_add("a"),
            {"event": "order_payed", "time": "now"},
            cart_add("b", price={"amount": 5, "currency": "eur"}),
            {"event": "cart_add", "at": "1970-01-01T00:00:00Z"},
            "cart_add",
        ],
        "lists": ["stuff"],
        "touches": [{"time": "1970-01-01T00:00:00Z", "activity": "nudge", "chanel": "push"}],
        "budgets": {"plan nudge": 1.5, "plan other": 1},
        "evnets": [],
    }
    assert errors(document) == {
        "user.tier": "expected one of `free`, `plus`, `pro`, found the text `plsu`; did you mean `plus`?",
        "user.email_ok": "expected true or false, found the text `yes`",
        "user.phone": "expected a text, found a number",
        "events[1].event": "expected one of `cart_add`, `order_paid`, found the text `order_payed`; "
        "did you mean `order_paid`?",
        "events[1].time": 'expected an instant such as "2026-03-01T20:10:00+01:00", found a text',
        "events[2].fields.price.amount": 'expected a decimal text such as "20.00", with at most 6 decimals',
        "events[2].fields.price.currency": 'expected three capital letters such as "EUR"',
        "events[3].at": "unknown name `at`",
        "events[3].time": "this is required",
        "events[4]": "expected an object in braces",
        "lists[0]": "expected one of `staff`, found the text `stuff`; did you mean `staff`?",
        "touches[0].chanel": "unknown name `chanel`; did you mean `channel`?",
        "touches[0].channel": "this is required",
        'budgets["plan nudge"]': "expected a whole number such as 42, found the number 1.5; "
        "a whole number has no point",
        'budgets["plan other"]': "unknown name `plan other`",
        "evnets": "unknown part `evnets`; did you mean `events`?",
    }


def test_errors_are_capped_and_the_rest_is_counted() -> None:
    with pytest.raises(FactsError) as refused:
        READER.read_facts({"events": [1] * (MOST_ERRORS + 30)}, 0)
    assert (len(refused.value.errors), refused.value.dropped) == (MOST_ERRORS, 30)
    assert str(refused.value).endswith("\nand 30 more")


def test_requests_tell_of_nothing_that_is_the_stores() -> None:
    assert errors({"touches": [], "now": "1970-01-01T00:00:00Z"}, parts=REQUEST_PARTS) == {
        "touches": "this may not be told here",
        "now": "this may not be told here",
    }
    READER.read_facts({"user": {}, "input": {}, "events": []}, 0, REQUEST_PARTS)


def test_now_has_to_come_from_somewhere() -> None:
    assert errors({}, now=None) == {"now": "this is required"}
    assert "expected an instant" in errors({"now": "today"}, now=None)["now"]


@pytest.mark.parametrize("document", [b"[]", b"null", b'"a"', b"1"])
def test_a_document_is_an_object(document: bytes) -> None:
    assert errors(document) == {"": "expected an object in braces"}


def test_ids_are_short() -> None:
    facts({"events": [cart_add("é" * 128)]})
    assert errors({"events": [cart_add("é" * 129), cart_add("")]}) == {
        "events[0].event_id": "expected a text of 1 to 256 bytes",
        "events[1].event_id": "expected a text of 1 to 256 bytes",
    }


def test_the_page_shows_a_document_that_is_read() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "language" / "facts.md"
    shown, *_ = re.findall(r"```json\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    read = READER.read_facts(shown.encode()).value
    assert read.user["country"] is UNAVAILABLE
    assert cart_adds(orjson.loads(shown)["events"][0])[0].fields["price"] == 30_000_000


def test_counts_are_limited() -> None:
    assert errors({"user": {str(number): 0 for number in range(1_001)}}) == {
        "user": "1,001 names are too many; there may be 1,000"
    }
    assert errors({"events": [cart_add()] * 10_001}) == {
        "events": "10,001 elements are too many; there may be 10,000"
    }


# ---- whatever comes


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PARTS = st.sampled_from(
    [
        "user",
        "input",
        "events",
        "lists",
        "unavailable",
        "known_since",
        "touches",
        "shadow",
        "budgets",
        "opened",
        "held_out",
        "request_id",
        "now",
    ]
)
MEMBERS = st.sampled_from(
    [
        "id",
        "tier",
        "wealth",
        "email_ok",
        "phone",
        "page",
        "sku",
        "price",
        "event",
        "event_id",
        "time",
        "fields",
        "amount",
        "currency",
        "plan",
        "activity",
        "channel",
        "tags",
    ]
)
LIKELY = st.sampled_from(["cart_add", "1970-01-01T00:00:00Z", "EUR", "1.5", "staff", "spring", "plus", 3])
SHAPED = st.recursive(
    LIKELY | JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(PARTS, SHAPED, max_size=4))
def test_any_document_is_read_or_refused(document: dict[str, Any]) -> None:
    try:
        reading = READER.read_facts(document, 0)
    except FactsError as error:
        assert error.errors
    else:
        assert isinstance(reading.value, Facts)


@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    try:
        READER.read_profile(text)
    except FactsError as error:
        assert error.errors
