"""Stored facts, typed by the deciding version, with what came with the request on top.

What was stored under another version may not fit this one: such a value is UNAVAILABLE, as it is there but cannot be
read, which must not look as if it were missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Any

import orjson

from compiler.facts import Event, Total
from compiler.facts_at_one_go import ODD, Told
from compiler.facts_from_json import Reading
from compiler.types import UNAVAILABLE, Unavailable, Value
from compiler.wire.errors import FactsError, Findings, member
from compiler.wire.json_text import Json
from compiler.wire.totals import read_total
from server.ports import KeptTotal, RecordedEvent
from server.usecases.active_rules import Serving

Stored = Mapping[str, tuple[RecordedEvent, ...]] | Unavailable
Known = tuple[Event, ...] | Unavailable
Read = Callable[[Mapping[str, Json]], Reading[dict[str, Any]]]


def typed_attributes(
    serving: Serving,
    wanted: Collection[str],
    user: str,
    stored: Mapping[str, Json] | Unavailable,
    told: Told,
) -> dict[str, Value]:
    """The user's attributes; those told override stored ones, and the key is always known."""
    if stored is UNAVAILABLE:
        typed = told.user | {name: UNAVAILABLE for name in wanted if name not in told.names}
    elif stored:
        known = {name: stored[name] for name in wanted if name in stored and name not in told.names}
        typed = leniently(serving.reader.read_profile, known)
        typed |= {name: told.user[name] for name in told.names if name in told.user}
    else:
        typed = dict(told.user)
    if (key := serving.ruleset.user_key) is not None:
        typed[key] = user
    return typed


def typed_events(
    serving: Serving, wanted: Collection[str], stored: Stored, told: Mapping[str, Known]
) -> dict[str, Known]:
    """Events by type, those told among them unless one with their id is stored."""
    if stored is UNAVAILABLE:
        return dict.fromkeys(wanted, UNAVAILABLE)
    if not (stored or told):
        return dict.fromkeys(wanted, ())
    return {name: merged(serving, stored.get(name, ()), told.get(name, ())) for name in wanted}


def merged(serving: Serving, stored: Collection[RecordedEvent], told: Known) -> Known:
    if told is UNAVAILABLE or not (stored or told):
        return told
    events = [typed_event(serving, event) for event in stored]
    ids = {event.id for event in stored}
    new = [event for event in told if event.id not in ids]
    return tuple(sorted(events + new, key=attrgetter("time", "id")) if new else events)


def typed_event(serving: Serving, event: RecordedEvent) -> Event:
    try:
        fields = serving.quick_reader.fields(event.type, event.fields)
    except ODD:
        fields = leniently(partial(serving.reader.read_fields, event.type), orjson.loads(event.fields))
    return Event(event.time, event.id, fields)


def typed(read: Read, event: RecordedEvent) -> Event:
    return Event(event.time, event.id, leniently(read, orjson.loads(event.fields)))


def typed_totals(
    serving: Serving, wanted: Collection[str], stored: Mapping[str, KeptTotal]
) -> dict[str, Total]:
    """Totals by shape. The name of a shape says how it is typed, so that each can be read."""
    return {name: typed_total(serving, name, stored[name]) for name in wanted if name in stored}


def typed_total(serving: Serving, shape: str, kept: KeptTotal) -> Total:
    if kept.body is None:
        return Total(is_complete=kept.is_complete)
    findings = Findings()
    total = read_total(serving.ruleset, shape, orjson.loads(kept.body), "", findings)
    is_read = total is not None and not findings.errors
    return replace(total or Total(), is_complete=is_read and kept.is_complete)


def leniently(read: Read, document: Mapping[str, Json]) -> dict[str, Value]:
    """What can be read of an object; the rest is UNAVAILABLE."""
    unreadable: dict[str, Value] = {}
    while True:
        try:
            return read(document).value | unreadable
        except FactsError as error:
            paths = [each.path for each in error.errors]
            wrong = [name for name in document if any(leads_into(path, name) for path in paths)] or list(
                document
            )
            unreadable |= dict.fromkeys(wrong, UNAVAILABLE)
            document = {name: value for name, value in document.items() if name not in wrong}


def leads_into(path: str, name: str) -> bool:
    """Whether a path is that of the member `name` or of something within."""
    start = member("", name)
    return path == start or path.startswith((f"{start}.", f"{start}["))
