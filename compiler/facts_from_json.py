"""Facts from JSON, typed by the rule set that reads them. The form is in docs/language/facts.md.

Nothing is read in part: a document with anything wrong in it raises FactsError with all that is wrong. Fields that
the rule set does not declare are left out and named in the Reading, so that a store can keep and count them.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, Generic, TypeAlias, TypeVar

from compiler.checked.ir import RuleSet
from compiler.facts import Event, Facts
from compiler.types import INSTANT, TEXT, choice
from compiler.wire.errors import FactError, FactsError, Findings, element, member, refusal, unknown
from compiler.wire.json_text import Json, parse_json
from compiler.wire.objects import Form, ReadPart, array, fields_form
from compiler.wire.parts import part_readers, plain_reader, with_unavailable
from compiler.wire.values import Slot, value_reader

__all__ = ["REQUEST_PARTS", "FactError", "FactsError", "Reader", "Reading"]

MOST_EVENTS = 10_000
"""In a document."""
LONGEST_ID = 256
"""Bytes of an event's id."""
REQUEST_PARTS = frozenset({"user", "input", "events"})
"""What may come with a request; the other parts are for stores to say."""

Document: TypeAlias = bytes | Mapping[str, Json]
"""A JSON text in UTF-8, or the object that a reader of JSON made of it."""
Whole = TypeVar("Whole")


@dataclass(frozen=True, slots=True)
class Reading(Generic[Whole]):
    """What was read, and the paths of undeclared fields in the order found."""

    value: Whole
    undeclared: tuple[str, ...]


class Reader:
    """Reads what one rule set declares. Made once for each rule set, as it prepares a reader for each field.

    Every method raises FactsError. Mappings in what is read have no entry for what is absent.
    """

    def __init__(self, ruleset: RuleSet, *, recorded: bool = False) -> None:
        """`recorded`: what `facts_to_json` wrote is read, however much it is."""
        form = partial(fields_form, rates=ruleset.settings.rates, recorded=recorded)
        self._ruleset = ruleset
        self._recorded = recorded
        self._user = form(ruleset.attributes)
        self._fields = {name: form(event.fields) for name, event in ruleset.events.items()}
        self._event = _event_form(ruleset)
        self._parts: dict[str, ReadPart] = {
            "user": self._user.read,
            "input": form(ruleset.inputs).read,
            "events": self._read_events,
            **part_readers(ruleset, recorded=recorded),
        }

    def read_profile(self, document: Document) -> Reading[dict[str, Any]]:
        """Attributes: `{"tier": "plus"}`."""
        return _read(document, self._user.read)

    def read_fields(self, event: str, document: Document) -> Reading[dict[str, Any]]:
        """Fields of an event of a declared type."""
        return _read(document, self._fields[event].read)

    def read_parts(self, document: Document, parts: Collection[str]) -> Reading[dict[str, Any]]:
        """What a document tells of `parts`, which are all that it may tell; what every field has by default is told, too."""
        return _read(document, lambda found, path, findings: self._read_parts(found, parts, findings))

    def read_facts(
        self, document: Document, now: int | None = None, parts: Collection[str] | None = None
    ) -> Reading[Facts]:
        """All that is known of a user.

        `now`: microseconds; holds where the document does not say. `parts`: what the document may hold, such as
        REQUEST_PARTS; everything if None.
        """

        def read(found: Json, path: str, findings: Findings) -> Facts:
            values: dict[str, Any] = {} if now is None else {"now": now}
            values |= self._read_parts(found, parts or self._parts, findings)
            if "now" not in values:
                findings.refuse("now", "this is required")
            findings.settle()
            unavailable = values.pop("unavailable", frozenset())
            return with_unavailable(self._ruleset, Facts(**values), unavailable)

        return _read(document, read)

    def _read_parts(self, document: Json, allowed: Collection[str], findings: Findings) -> dict[str, Any]:
        if type(document) is not dict and not isinstance(document, Mapping):
            raise refusal("expected an object in braces")
        values: dict[str, Any] = {}
        for name, found in document.items():
            if name not in self._parts:
                findings.refuse(member("", name), unknown("part", name, self._parts))
            elif name not in allowed:
                findings.refuse(name, "this may not be told here")
            elif found is not None:
                values[name] = self._parts[name](found, name, findings)
        for name in ("user", "input"):
            if name not in values:
                values[name] = self._parts[name]({}, name, findings)  # their defaults
        return values

    def _read_events(self, found: Json, path: str, findings: Findings) -> dict[str, tuple[Event, ...]]:
        by_id: dict[str, tuple[str, Event]] = {}
        most = sys.maxsize if self._recorded else MOST_EVENTS
        inner = Findings()  # their paths are made where something is found
        for index, each in enumerate(array(found, path, most, findings)):
            read = self._read_event(each, index, inner)
            # A request may tell an event under an id that the store has for one of another type.
            key = f"{read[0]} {read[1].id}" if self._recorded else read[1].id
            if by_id.setdefault(key, read) != read:
                inner.refuse("event_id", "a different event has this id")
            if inner:
                findings.take(element(path, index), inner)
        by_name: dict[str, list[Event]] = defaultdict(list)
        for name, event in by_id.values():
            by_name[name].append(event)
        return {name: tuple(sorted(events, key=attrgetter("time", "id"))) for name, events in by_name.items()}

    def _read_event(self, found: Json, index: int, findings: Findings) -> tuple[str, Event]:
        head = self._event.read(found, "", findings)
        name = head["event"]
        form = self._fields.get(name)  # none for a name that was refused
        fields = form.read(head["fields"], "fields", findings) if form else {}
        return name, Event(head["time"], head["event_id"] or f"#{index:06}", fields)


def _read(document: Document, read: ReadPart) -> Reading[Any]:
    findings = Findings()
    value = read(parse_json(document) if isinstance(document, bytes) else document, "", findings)
    findings.settle()
    return Reading(value, tuple(findings.undeclared))


_read_text = plain_reader(TEXT)


def _read_id(found: Json) -> str:
    id: str = _read_text(found)
    if not 0 < len(id.encode()) <= LONGEST_ID:
        raise refusal(f"expected a text of 1 to {LONGEST_ID} bytes")
    return id


def _event_form(ruleset: RuleSet) -> Form:
    return Form(
        readers={
            "event": plain_reader(choice(*ruleset.events)),
            "event_id": _read_id,
            "time": value_reader(Slot(INSTANT, {}, private=True)),  # of somebody, like the fields
            "fields": lambda found: found,
        },
        defaults={"event": "", "event_id": "", "time": 0, "fields": {}},
        required=("event", "time"),
    )
