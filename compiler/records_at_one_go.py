"""Facts from a record of a decision, typed by the rule set that reads them: at one go, where nothing is odd about them.

As with `facts_at_one_go`, what would not be written again as it stands there is read anew by `facts_from_json`, and so is what could
not be had. So what is read, and what is refused, is the same either way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import attrgetter, or_
from typing import Annotated, Any

import msgspec
import orjson
from msgspec import Meta, Struct

from compiler.checked.ir import FieldDef, RuleSet
from compiler.facts import Event, Facts, Opened, Touch
from compiler.facts_at_one_go import ODD, WHOLLY, Odd, form_of, typed_dict
from compiler.facts_from_json import LONGEST_ID, Reader
from compiler.types import Kind, Type, Value
from compiler.wire.amounts import Rates
from compiler.wire.errors import refusal
from compiler.wire.parts import MOST_TOUCHES, with_unavailable
from compiler.wire.values import LARGEST_SET, LONGEST_TEXT, Slot, value_reader

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
Instant = Annotated[datetime, Meta(tz=True)]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Id = Annotated[str, Meta(min_length=1, max_length=LONGEST_ID // 4)]
"""No character takes more than four bytes."""
TIME, PLACE = attrgetter("time"), attrgetter("time", "id")
NONE = Annotated[list[Any], Meta(max_length=0)]
OTHERS = ("lists", "known_since", "totals", "shadow", "budgets", "request_id", "unavailable", "held_out")
"""Parts that are short, or seldom there."""


class RecordReader:
    """Made once for each rule set."""

    def __init__(self, ruleset: RuleSet) -> None:
        rates = ruleset.settings.rates
        self._ruleset, self._reader = ruleset, Reader(ruleset, recorded=True)
        self._user, self._input = Fields(ruleset.attributes, rates), Fields(ruleset.inputs, rates)
        events = {name: Fields(event.fields, rates) for name, event in ruleset.events.items()}
        self._events = {event_form(name, fields): (name, fields) for name, fields in events.items()}
        self._decode = msgspec.json.Decoder(self._form()).decode
        self._encode = msgspec.json.Encoder().encode

    def read(self, text: str) -> Facts:
        """From JSON. Raises FactsError."""
        try:
            return self._at_one_go(text)
        except ODD:
            return self._reader.read_facts(parsed(text)).value

    def _form(self) -> Any:
        """Members in the order in which they are written."""
        forms = {
            **{"now": Instant, "user": self._user.form, "input": self._input.form},
            "events": list[reduce(or_, self._events)] if self._events else NONE,  # type: ignore[misc]
            **dict.fromkeys(("lists", "known_since", "totals"), Any),
            "touches": list[Touched],
            **dict.fromkeys(("shadow", "budgets", "request_id", "unavailable"), Any),
            "opened": Annotated[tuple[Opened, ...], Meta(max_length=MOST_TOUCHES)],
            "held_out": Any,
        }
        members = [(name, form | None, None) for name, form in forms.items()]
        return msgspec.defstruct("Document", members, omit_defaults=True)

    def _at_one_go(self, text: str) -> Facts:
        """Raises one of ODD."""
        document = self._decode(text)
        if "\\u" in text or self._encode(document) != text.encode() or document.now is None:
            raise Odd
        others = {name: part for name in OTHERS if (part := getattr(document, name)) is not None}
        values = self._reader.read_parts(others, OTHERS).value if others else {}
        unavailable = values.pop("unavailable", frozenset())
        values["user"] = self._user.read(document.user or {})
        values["input"] = self._input.read(document.input or {})
        values["events"] = self._read_events(document.events or ())
        values["touches"] = tuple(sorted(map(touch, document.touches or ()), key=TIME))
        values["opened"] = self._known(document.opened)
        return with_unavailable(self._ruleset, Facts(microseconds(document.now), **values), unavailable)

    def _read_events(self, found: Sequence[Any]) -> Mapping[str, tuple[Event, ...]]:
        """By name; in order. Raises Odd."""
        by_name: defaultdict[str, list[Event]] = defaultdict(list)
        for each in found:
            name, fields = self._events[type(each)]
            by_name[name].append(Event(microseconds(each.time), each.event_id, fields.read(each.fields)))
        for events in by_name.values():
            if len({event.id for event in events}) < len(events):
                raise Odd
        return {name: tuple(sorted(events, key=PLACE)) for name, events in by_name.items()}

    def _known(self, opened: tuple[Opened, ...] | None) -> tuple[Opened, ...] | None:
        for each in opened or ():
            if each.plan not in self._ruleset.plans or len(each.event_id) > LONGEST_TEXT:
                raise Odd
        return opened


def parsed(text: str) -> Any:
    """Raises FactsError."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise refusal("this is not JSON") from error


def microseconds(instant: datetime) -> int:
    """Raises Odd for what is not in UTC: it may be beyond the years that there are."""
    if instant.tzinfo is not UTC:
        raise Odd
    return (instant - EPOCH) // MICROSECOND


# ---- fields


class Fields:
    """Reads an object with these fields; `form` is its type to msgspec."""

    def __init__(self, fields: Mapping[str, FieldDef], rates: Rates) -> None:
        types = {name: field.type for name, field in fields.items()}
        self.form = typed_dict("Object", {name: whole_form(type) for name, type in types.items()})
        self._rest = [
            (name, value_reader(Slot(type, rates))) for name, type in types.items() if type.kind not in WHOLE
        ]

    def read(self, decoded: dict[str, Any]) -> dict[str, Value]:
        """What msgspec has made of it, with values as in facts: the same object. Raises FactsError."""
        for name, read in self._rest:
            if name in decoded:
                decoded[name] = read(decoded[name])
        return decoded


WHOLE = {*WHOLLY, Kind.TEXT}


def whole_form(type: Type) -> Any:
    return Text if type.kind is Kind.TEXT else form_of(type)


def event_form(name: str, fields: Fields) -> Any:
    members = [("event_id", Id), ("time", Instant), ("fields", fields.form)]
    return msgspec.defstruct("Happened", members, tag_field="event", tag=name)


# ---- touches


class Touched(Struct, omit_defaults=True):
    """A touch, its members in the order in which they are written."""

    time: Instant
    activity: Text
    channel: Text
    occurrence: Text
    tags: Annotated[list[Text], Meta(max_length=LARGEST_SET)] = []
    counted: bool = True
    campaign: Text | None = None
    completes: Text | None = None


def touch(found: Touched) -> Touch:
    """Raises Odd."""
    tags = frozenset(found.tags)
    if len(tags) < len(found.tags):
        raise Odd
    said = found.counted, found.campaign, found.occurrence, found.completes
    return Touch(microseconds(found.time), found.activity, found.channel, tags, *said)
