"""Totals of events that are no longer kept, as JSON: in facts, and in stores. The form is in docs/language/facts.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from compiler.checked.ir import EventDef, FieldDef, RuleSet
from compiler.facts import Event, Total
from compiler.shapes import is_declared, place_of
from compiler.types import FLAG, INSTANT, INT, TEXT
from compiler.wire.errors import Findings, member, refusal
from compiler.wire.json_text import Json
from compiler.wire.marks import MASKED_MARK
from compiler.wire.objects import Form, ReadMember, ReadPart, elements
from compiler.wire.time_text import write_instant
from compiler.wire.values import Slot, value_reader
from compiler.wire.writing import write_value

_NOTHING: Final = Total()
_MOST_STANDING = 4
_DIGITS = re.compile(r"-?[0-9]{1,80}")


def write_total(events: Mapping[str, EventDef], shape: str, total: Total, *, mask: bool = False) -> Json:
    """What goes without saying is left out. `mask`: nothing is told of a private field."""
    field = _field_of(events, shape)
    if mask and field is not None and field.private:
        return MASKED_MARK
    parts: dict[str, Json] = {
        "count": total.count,
        "present": total.present,
        "unknown": total.unknown,
        "sum": str(total.sum) if total.sum else None,
        "standing": [_write_standing(field, event) for event in total.standing],
        "until": write_instant(total.until) if total.until != _NOTHING.until else None,
    }
    written = {name: part for name, part in parts.items() if part}
    return written if total.is_complete else {**written, "complete": False}


def totals_reader(ruleset: RuleSet) -> ReadPart:
    """Reads totals by shape."""

    def read(found: Json, path: str, findings: Findings) -> dict[str, Total]:
        if type(found) is not dict:
            findings.refuse(path, "expected an object in braces")
            return {}
        read = {
            name: read_total(ruleset, name, each, member(path, name), findings)
            for name, each in found.items()
        }
        return {name: total for name, total in read.items() if total is not None}

    return read


def read_total(ruleset: RuleSet, shape: str, found: Json, path: str, findings: Findings) -> Total | None:
    """A total of the shape; None if it cannot be read, which the findings tell."""
    if not is_declared(ruleset, shape):
        findings.refuse(path, "the rules have no such event or field")
        return None
    field = _field_of(ruleset.events, shape)
    head = _TOTAL.read(found, path, findings)
    of_event = _standing_form(field)
    standing = [
        _standing(field, of_event.read(each, at, findings))
        for at, each in elements(head.pop("standing"), member(path, "standing"), _MOST_STANDING, findings)
    ]
    return Total(standing=tuple(standing), is_complete=head.pop("complete"), **head)


def _field_of(events: Mapping[str, EventDef], shape: str) -> FieldDef | None:
    event, name = place_of(shape)
    return None if name is None else events[event].fields[name]


def _write_standing(field: FieldDef | None, event: Event) -> Json:
    written: dict[str, Json] = {"time": write_instant(event.time), "event_id": event.id}
    if field is not None and (value := event.fields.get(field.name)) is not None:
        written["value"] = write_value(field.type, value)
    return written


def _standing(field: FieldDef | None, read: Mapping[str, Any]) -> Event:
    has_value = field is not None and "value" in read
    return Event(read["time"], read["event_id"], {field.name: read["value"]} if field and has_value else {})


def _read_sum(found: Json) -> int:
    if type(found) is not str or not _DIGITS.fullmatch(found):
        raise refusal('expected a whole number as a text, such as "42"')
    return int(found)


def _plain(type: Any) -> ReadMember:
    return value_reader(Slot(type, {}))


_TOTAL = Form(
    readers={
        **dict.fromkeys(("count", "present", "unknown"), _plain(INT)),
        "sum": _read_sum,
        "standing": lambda found: found,
        "until": _plain(INSTANT),
        "complete": _plain(FLAG),
    },
    defaults={"standing": [], "complete": True},
)
_PLACE: Final[Mapping[str, ReadMember]] = {"time": _plain(INSTANT), "event_id": _plain(TEXT)}


def _standing_form(field: FieldDef | None) -> Form:
    value = {} if field is None else {"value": value_reader(Slot(field.type, {}, private=True))}
    return Form({**_PLACE, **value}, defaults={"time": 0, "event_id": ""}, required=tuple(_PLACE))
