"""Facts on record are read at one go, and alike to how they are read part by part."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.facts_from_json import Reader
from compiler.facts_to_json import FactsWriter
from compiler.records_at_one_go import RecordReader
from compiler.wire.errors import FactsError
from tests.facts.test_at_one_go import EURO, FIELDS, KNOWN, ODDITIES, USUAL, objects
from tests.facts.test_documents import compiled

RULES = compiled(
    KNOWN
    + """
event seen { sku: text  ok: flag default false  share: number  wealth: money EUR  seen: instant  likes: set(text) }
event left { }
list staff
plan hello {
  on seen
  send push "hello"
  budget 10 EUR per day
  cost 1 EUR
}
decide best { among hello  holdout 5% salt "s" }
"""
)
PART_BY_PART, QUICK = Reader(RULES, recorded=True), RecordReader(RULES)
AT = "2026-03-01T20:10:00Z"
INSTANTS = (
    AT,
    "2026-03-01T20:10:00.5Z",
    "2026-03-01T20:10:00.500000Z",
    "2026-03-01T20:10:00.1234567Z",
    "2026-03-01t20:10:00z",
    "2026-03-01 20:10:00Z",
    "2026-03-01T21:10:00+01:00",
    "2026-03-01T20:10:00",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59.999999Z",
)
SEEN = {
    "event": "seen",
    "event_id": "e1",
    "time": AT,
    "fields": {name: USUAL["user"][name] for name in ("ok", "share", "wealth", "seen", "likes")}
    | {"sku": "s"},
}
LEFT = {"event": "left", "event_id": "e1", "time": AT, "fields": {}}
TOUCH = {"time": AT, "activity": "hello", "channel": "push", "occurrence": "hello/e1"}
TOUCH_ = TOUCH | {"tags": ["a", "b"], "counted": False, "campaign": "c", "completes": "nudge/e1"}
OPENED = {"plan": "hello", "event_id": "e1"}
WHOLE: dict[str, Any] = {
    "now": AT,
    **{"user": USUAL["user"], "input": USUAL["input"]},
    "events": [SEEN, LEFT, SEEN | {"event_id": "e0"}],
    **{"lists": ["staff"], "known_since": {"left": AT}},
    "totals": {"left//1": {"count": 2, "until": AT}},
    "touches": [TOUCH_, TOUCH],
    "shadow": [TOUCH],
    "budgets": {"plan hello": EURO},
    **{"request_id": "r", "unavailable": ["user.age", "left"]},
    "opened": [OPENED],
    "held_out": ["best"],
}
ALMOST: dict[str, st.SearchStrategy[Any]] = {
    **{name: st.just(part) for name, part in WHOLE.items()},
    "now": st.sampled_from(INSTANTS),
    "user": objects(USUAL["user"]),
    "input": objects(USUAL["input"], st.sampled_from(["page", "price", "unheard_of"])),
    "events": st.lists(
        st.sampled_from([SEEN, LEFT]) | objects(SEEN, st.sampled_from(sorted(SEEN))), max_size=3
    ),
    "touches": st.lists(
        st.sampled_from([TOUCH, TOUCH_]) | objects(TOUCH_, st.sampled_from(sorted(TOUCH_))), max_size=3
    ),
    "opened": st.lists(objects(OPENED, st.sampled_from(sorted(OPENED))), max_size=2),
}


@st.composite
def recorded(draw: st.DrawFn) -> dict[str, Any]:
    """What is written, or nearly so, in the order in which it is written."""
    usual = {name: st.just(part) for name, part in WHOLE.items()}
    parts = draw(st.sets(st.sampled_from(sorted(WHOLE))))
    which = draw(st.sampled_from([usual, ALMOST]))
    odd = draw(st.dictionaries(st.sampled_from(sorted(WHOLE)), ODDITIES, max_size=1))
    return {name: odd.get(name, draw(part)) for name, part in which.items() if name in {"now", *parts, *odd}}


def outcome(read: Any, text: str) -> str:
    """What is read, to the type, the sign of a zero and the order, or everything that is wrong."""
    try:
        return repr(read(text))
    except FactsError as error:
        return str(error)


def part_by_part(text: str) -> Any:
    return PART_BY_PART.read_facts(orjson.loads(text)).value


@given(recorded())
def test_both_ways_read_and_refuse_alike(document: dict[str, Any]) -> None:
    text = orjson.dumps(document).decode()
    assert outcome(QUICK.read, text) == outcome(part_by_part, text)


@given(st.dictionaries(FIELDS, ODDITIES, max_size=3), st.sampled_from(INSTANTS))
def test_both_ways_take_fields_and_instants_alike(fields: dict[str, Any], instant: str) -> None:
    events = [SEEN | {"fields": fields, "time": instant}, LEFT | {"time": instant}]
    text = orjson.dumps({"now": AT, "events": events, "touches": [TOUCH | {"time": instant}]}).decode()
    assert outcome(QUICK.read, text) == outcome(part_by_part, text)


@pytest.mark.parametrize(
    "document",
    [
        {"now": AT, "events": [LEFT, LEFT]},
        {"now": AT, "events": [LEFT, LEFT | {"time": "2026-03-01T20:11:00Z"}]},
        {"now": AT, "events": [LEFT | {"event_id": "ü" * 129}]},
        {"now": AT, "events": [LEFT | {"event_id": "x" * 256}]},
        {"now": AT, "events": [LEFT | {"event": "gone"}]},
        {"now": AT, "events": [LEFT | {"of": "me"}]},
        {"now": AT, "opened": [OPENED | {"plan": "gone"}]},
        {"now": AT, "opened": []},
        {"now": AT, "touches": {"unavailable": True}, "budgets": {"unavailable": True}},
        {"now": AT, "user": {"age": {"unavailable": True}, "name": {"masked": True}}},
        {"now": AT, "gone": 1},
        {"now": None},
        {},
        [],
    ],
    ids=repr,
)
def test_both_ways_take_odd_records_alike(document: Any) -> None:
    text = orjson.dumps(document).decode()
    assert outcome(QUICK.read, text) == outcome(part_by_part, text)


@pytest.mark.parametrize(
    "text",
    [
        f'{{"now":"{AT}","user":{{"age":1,"age":1}}}}',
        f'{{"now":"{AT}","user":{{"age":1.0}}}}',
        f'{{"now":"{AT}","user":{{"share":-0.0,"age":-0}}}}',
        f'{{"now":"{AT}","user":{{"share":123456789012345678901234567890}}}}',
        f'{{"now":"{AT}","user":{{"name":"\\u0000"}}}}',
        f'{{"now":"{AT}","user":{{"name":"\\u00e9"}}}}',
        f'{{ "now": "{AT}" }}',
        f'{{"opened":[],"now":"{AT}"}}',
    ],
)
def test_both_ways_take_odd_texts_alike(text: str) -> None:
    assert outcome(QUICK.read, text) == outcome(part_by_part, text)


@pytest.mark.parametrize("text", ["", "{", "[1", '{"now":NaN}', "[" * 1_000])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(FactsError, match="this is not JSON"):
        QUICK.read(text)


def test_rules_without_events_plans_and_fields() -> None:
    rules = compiled("profile user { id: text key }")
    for events in ([], [LEFT]):
        text = orjson.dumps({"now": AT, "user": {"id": "u"}, "events": events}).decode()
        expected = outcome(
            lambda text: Reader(rules, recorded=True).read_facts(orjson.loads(text)).value, text
        )
        assert outcome(RecordReader(rules).read, text) == expected


def test_what_is_written_is_read_at_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = part_by_part(orjson.dumps({**WHOLE, "unavailable": []}).decode())
    text = orjson.dumps(FactsWriter(RULES, mask=False).write(facts)).decode()
    expected = repr(part_by_part(text))
    monkeypatch.setattr("compiler.records_at_one_go.parsed", None)
    assert repr(QUICK.read(text)) == expected
