"""Facts of a request and of stored events are read at one go, and alike to how they are read part by part."""

from __future__ import annotations

import json
from typing import Any

import msgpack
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.facts_at_one_go import ODD as NOT_AT_ONE_GO
from compiler.facts_at_one_go import QuickReader, Told
from compiler.facts_from_json import REQUEST_PARTS, Reader
from compiler.wire.encodings import PARSERS, Encoding
from compiler.wire.errors import FactsError
from tests.facts.test_documents import compiled

KNOWN = """
settings { timezone "Europe/Berlin"  currency EUR  rate 1 USD = 0.92 EUR }
profile user {
  id: text key
  ok: flag default false
  age: int
  share: number
  name: text
  tier: choice(free, plus, pro) default free
  wealth: money EUR
  zone: timezone
  seen: instant
  joined: date
  stay: duration
  app: version
  likes: set(text)
}
input { page: text default "home"  price: money EUR }
"""
RULES = compiled(
    KNOWN
    + """
event seen {
  id: text
  ok: flag default false
  age: int
  share: number
  name: text
  tier: choice(free, plus, pro) default free
  wealth: money EUR
  zone: timezone
  seen: instant
  joined: date
  stay: duration
  app: version
  likes: set(text)
}
event cart_add { sku: text  price: money EUR  quantity: int default 1 }
"""
)
READER = Reader(RULES)
QUICK = QuickReader(RULES, READER)
EURO = {"amount": "20.5", "currency": "EUR"}
CART_ADD = {
    "event": "cart_add",
    "event_id": "e1",
    "time": "2026-03-01T20:10:00Z",
    "fields": {"sku": "s1", "price": EURO},
}
USUAL: dict[str, Any] = {
    "user": {
        "id": "u1",
        "ok": True,
        "age": 42,
        "share": 0.5,
        "name": "Zoë",
        "tier": "plus",
        "wealth": EURO,
        "zone": "Europe/Berlin",
        "seen": "2026-03-01T20:10:00+01:00",
        "joined": "2024-02-29",
        "stay": "90s",
        "app": "1.2.3",
        "likes": ["tea", "books"],
    },
    "input": {"page": "cart", "price": EURO},
    "events": [CART_ADD],
}
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    7,
    2**63 - 1,
    2**63,
    2**64 - 1,
    -(2**63),
    0.0,
    -0.0,
    1.0,
    1e300,
    float("nan"),
    float("inf"),
    "",
    "NaN",
    "plus",
    "Zoë",
    "a\0b",
    "😀",
    "x" * 65_537,
    "2026-02-30",
    "2024-02-29",
    "2026-03-01T20:10:00Z",
    "-1.5s",
    EURO,
    {"amount": "1", "currency": "USD"},
    {"amount": "1", "currency": "JPY"},
    {"amount": 1, "currency": "EUR"},
    {"amount": "1.1234567", "currency": "EUR", "of": "me"},
    [],
    ["a", "a"],
    ["a", 1],
    {},
    [[[[[[[[{}]]]]]]]],
]
ODDITIES = st.sampled_from(ODD)
FIELDS = st.sampled_from([*USUAL["user"], "unheard_of", "pri\x00ce"])


def objects(usual: dict[str, Any], names: st.SearchStrategy[str] = FIELDS) -> st.SearchStrategy[Any]:
    """The usual, with something else in a few places, or something that is no object."""
    changed = st.dictionaries(names, ODDITIES, max_size=2)
    kept = st.sets(st.sampled_from(sorted(usual)))
    whole = st.builds(lambda new, kept: {n: v for n, v in usual.items() if n in kept} | new, changed, kept)
    return whole | ODDITIES


DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "user": objects(USUAL["user"]),
        "input": objects(USUAL["input"], st.sampled_from(["page", "price", "unheard_of"])),
        "events": st.lists(objects(CART_ADD, st.sampled_from(sorted(CART_ADD))), max_size=3) | ODDITIES,
        "lists": ODDITIES,
    },
)
WRITERS = {
    "orjson": (Encoding.JSON, orjson.dumps),
    "json": (Encoding.JSON, lambda value: json.dumps(value).encode()),
    "indented": (Encoding.JSON, lambda value: json.dumps(value, indent=2, ensure_ascii=False).encode()),
    "msgpack": (Encoding.MSGPACK, msgpack.packb),
    "msgpack in single precision": (
        Encoding.MSGPACK,
        lambda value: msgpack.packb(value, use_single_float=True),
    ),
}


def part_by_part(data: bytes, encoding: Encoding) -> Any:
    """The second source: the reader that says what is wrong."""
    document: Any = PARSERS[encoding](data) if data else {}
    parts = READER.read_parts(document, REQUEST_PARTS).value
    return Told(parts["user"], set(document.get("user") or ()), parts["input"], dict(parts.get("events", {})))


def outcome(read: Any, data: bytes, encoding: Encoding) -> str:
    """What is read, to the type and the sign of a zero, or everything that is wrong."""
    try:
        told = read(data, encoding)
    except FactsError as error:
        return str(error)
    user, names, input, events = told
    return repr((sorted(user.items()), sorted(names), sorted(input.items()), sorted(events.items())))


def assert_alike(data: bytes, encoding: Encoding) -> None:
    assert outcome(QUICK.read, data, encoding) == outcome(part_by_part, data, encoding)


@given(DOCUMENTS, st.sampled_from(sorted(WRITERS)))
def test_both_ways_read_and_refuse_alike(document: dict[str, Any], writer: str) -> None:
    encoding, write = WRITERS[writer]
    try:
        data = write(document)
    except (TypeError, OverflowError):  # what this writer has no form for
        return
    assert_alike(data, encoding)


@given(st.data(), st.sampled_from(["orjson", "msgpack"]))
def test_both_ways_take_broken_bytes_alike(data: st.DataObject, writer: str) -> None:
    encoding, write = WRITERS[writer]
    whole = bytearray(write(USUAL))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    assert_alike(bytes(whole), encoding)


@given(objects(USUAL["user"]), st.sampled_from(["orjson", "json", "indented"]))
def test_fields_of_events_are_read_alike_or_not_at_all(fields: Any, writer: str) -> None:
    try:
        data = WRITERS[writer][1](fields)
        read = QUICK.fields("seen", data)
    except (TypeError, *NOT_AT_ONE_GO):
        return
    assert repr(read) == repr(READER.read_fields("seen", data).value)


def test_the_usual_fields_of_an_event_are_read_at_one_go() -> None:
    data = orjson.dumps(USUAL["user"])
    assert QUICK.fields("seen", data) == READER.read_fields("seen", data).value


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"user":{"age":1,"age":1}}',
        b'{"user":{"age":1},"user":{"age":1}}',
        b'{"user":{"age":1.0}}',
        b'{"user":{"share":1e3}}',
        b'{"user":{"share":-0.0,"age":-0}}',
        b'{"user":{"share":123456789012345678901234567890}}',
        b'{"user":{"share":NaN}}',
        b'{"user":{"name":"\\u0000"}}',
        b'{"user":{"name":"\\ud800"}}',
        b'{"user":{"wealth":{"amount":"1","amount":"1","currency":"EUR"}}}',
        b'{"user":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"events":' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"user":{"unheard_of":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b'{"user":{"name":"' + b"x" * 4 * 2**20 + b'"}}',
        b'{"user":{"name":null,"ok":null},"input":null,"events":null}',
    ],
    ids=lambda text: text[:40].decode(),
)
def test_both_ways_take_odd_texts_alike(text: bytes) -> None:
    assert_alike(text, Encoding.JSON)


@pytest.mark.parametrize("writer", ["orjson", "msgpack"])
def test_the_usual_is_read_at_one_go(writer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    encoding, write = WRITERS[writer]
    data = write(USUAL)
    expected = outcome(part_by_part, data, encoding)
    monkeypatch.setattr("compiler.facts_at_one_go.PARSERS", {})
    assert outcome(QUICK.read, data, encoding) == expected
