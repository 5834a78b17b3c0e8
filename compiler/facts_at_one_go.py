"""Facts that come with a request, and events that were stored, typed by the rule set that reads them: at one go, where nothing is odd
about them.

Whatever msgspec stumbles over, or what would not be written again as it came, as a name was given twice or is not declared, is read
anew by `facts_from_json`, which says what is wrong, or that it is right all the same. So what is read, and what is refused, is the
same either way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple, TypedDict

import msgspec
import orjson

from compiler.checked.ir import FieldDef, RuleSet
from compiler.facts import Event
from compiler.facts_from_json import REQUEST_PARTS, Reader
from compiler.types import INT_MAX, INT_MIN, Kind, Type, Value
from compiler.wire.amounts import Rates
from compiler.wire.encodings import PARSERS, Encoding
from compiler.wire.errors import FactsError
from compiler.wire.json_text import LARGEST_DOCUMENT, is_alike
from compiler.wire.msgpack_form import ANY, is_alike_msgpack
from compiler.wire.objects import fields_form


class Told(NamedTuple):
    """What came with a request. `names`: of the attributes that it tells, be it as missing; others have their default."""

    user: dict[str, Value]
    names: Collection[str]
    input: dict[str, Value]
    events: Mapping[str, tuple[Event, ...]]


Way = tuple[Callable[[bytes], Any], Callable[[Any, bytes], bool]]
"""From bytes to an object, and whether that is written again as it came."""


class QuickReader:
    """Made once for each rule set; `reader` is its reader. `remembers`: of so many events that were stored it knows the fields again."""

    def __init__(self, ruleset: RuleSet, reader: Reader, remembers: int = 0) -> None:
        self._reader = reader
        self._user = Quick(ruleset.attributes, ruleset.settings.rates)
        self._input = Quick(ruleset.inputs, ruleset.settings.rates)
        parts = {"user": self._user.form | None, "input": self._input.form | None, "events": ANY}
        document = typed_dict("Document", parts)
        self._ways: Mapping[Encoding, Way] = {
            Encoding.JSON: (msgspec.json.Decoder(document).decode, is_alike),
            Encoding.MSGPACK: (msgspec.msgpack.Decoder(document).decode, is_alike_msgpack),
        }
        self._nothing = self._part_by_part({})
        self._fields = {
            name: Quick(event.fields, ruleset.settings.rates) for name, event in ruleset.events.items()
        }
        self.fields = lru_cache(remembers)(self._read_fields) if remembers else self._read_fields

    def read(self, data: bytes, encoding: Encoding) -> Told:
        """No bytes tell nothing. Raises FactsError."""
        if not data:
            return self._nothing
        try:
            return self._at_one_go(data, encoding)
        except ODD:
            return self._part_by_part(PARSERS[encoding](data))

    def _read_fields(self, event: str, data: bytes) -> dict[str, Value]:
        """Of an event of a declared type, in JSON. Raises one of ODD where they are for the reader."""
        return self._fields[event].read(data)

    def _at_one_go(self, data: bytes, encoding: Encoding) -> Told:
        """Raises one of ODD."""
        decode, is_alike = self._ways[encoding]
        document = decode(data)
        if len(data) > LARGEST_DOCUMENT or not is_alike(document, data):
            raise Odd
        attributes = document.get("user") or {}
        return Told(
            self._user.typed(attributes),
            attributes.keys(),
            self._input.typed(document.get("input") or {}),
            self._events(document),
        )

    def _events(self, document: dict[str, Any]) -> Mapping[str, tuple[Event, ...]]:
        if (events := document.get("events")) is None:
            return NO_EVENTS
        read: Mapping[str, tuple[Event, ...]] = self._reader.read_parts(
            {"events": events}, REQUEST_PARTS
        ).value["events"]
        return read

    def _part_by_part(self, document: Any) -> Told:
        parts = self._reader.read_parts(document, REQUEST_PARTS).value
        attributes = document.get("user") or {}
        return Told(parts["user"], attributes.keys(), parts["input"], parts.get("events", NO_EVENTS))


NO_EVENTS: Mapping[str, tuple[Event, ...]] = {}


class Odd(Exception):
    """It is not written as we would write it."""


ODD = (Odd, FactsError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError, orjson.JSONEncodeError)


class Quick:
    """Reads an object with these fields. `form` is its type to msgspec."""

    def __init__(self, fields: Mapping[str, FieldDef], rates: Rates) -> None:
        form = fields_form(fields, rates)
        self.form = typed_dict("Object", {name: form_of(field.type) | None for name, field in fields.items()})
        self._decode = msgspec.json.Decoder(self.form).decode
        self._defaults = form.defaults
        self._most = form.most
        self._rest = [
            (name, read) for name, read in form.readers.items() if fields[name].type.kind not in WHOLLY
        ]

    def read(self, data: bytes) -> dict[str, Value]:
        """From JSON. Raises one of ODD."""
        decoded = self._decode(data)
        if not is_alike(decoded, data):
            raise Odd
        return self.typed(decoded)

    def typed(self, decoded: dict[str, Any]) -> dict[str, Value]:
        """What msgspec has made of it, with values and defaults as in facts. Raises Odd, FactsError."""
        if len(decoded) > self._most:
            raise Odd
        values = dict(self._defaults)
        values.update(decoded if None not in decoded.values() else without_nulls(decoded))
        for name, read in self._rest:
            if name in decoded and (found := decoded[name]) is not None:
                values[name] = read(found)
        return values


def without_nulls(decoded: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in decoded.items() if value is not None}


WHOLLY: Mapping[Kind, Callable[[Type], Any]] = {
    Kind.FLAG: lambda _: bool,
    Kind.INT: lambda _: Annotated[int, msgspec.Meta(ge=INT_MIN, le=INT_MAX)],
    Kind.CHOICE: lambda type: Literal[type.options],
}
"""Types to msgspec of what it reads as facts hold it."""
IN_PART: Mapping[Kind, Any] = {Kind.NUMBER: int | float, Kind.SET: list[str], Kind.MONEY: dict[str, str]}
"""Of what it only parses; of others it is a text."""


def form_of(type: Type) -> Any:
    return WHOLLY[type.kind](type) if type.kind in WHOLLY else IN_PART.get(type.kind, str)


def typed_dict(name: str, fields: Mapping[str, Any]) -> Any:
    """Made as it runs, which mypy does not know."""
    make: Any = TypedDict
    return make(name, dict(fields), total=False)
