"""Whom a decision is about, and what came with the request."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import NamedTuple

from compiler.facts import Event
from compiler.facts_from_json import REQUEST_PARTS
from compiler.types import Value
from compiler.wire.errors import FactsError
from compiler.wire.json_text import Json, parse_json
from compiler.wire.msgpack_form import parse_msgpack
from dsl.frozen import dataclass
from server.ports import RecordedEvent
from server.usecases.active_rules import Serving
from server.usecases.refusals import InvalidRequest, Violation


class Encoding(Enum):
    """Of facts that come with a request, by the field that holds them."""

    JSON = "facts_json"
    MSGPACK = "facts_msgpack"


PARSERS: Mapping[Encoding, Callable[[bytes], Json]] = {
    Encoding.JSON: parse_json,
    Encoding.MSGPACK: parse_msgpack,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A user, and facts as they came in; nothing in them has been looked at.

    `from_store`: whether profile and events are fetched, too. `request_id` is the occurrence of plans without trigger.
    `event`: one that the decision is about; it is known even where no store has it. `event_is_new`: it is in none.
    """

    user: str
    facts: bytes = b""
    from_store: bool = True
    request_id: str = ""
    event: RecordedEvent | None = None
    encoding: Encoding = Encoding.JSON
    event_is_new: bool = False


class Told(NamedTuple):
    """What came with the request, typed. `names`: of the attributes that it tells, be it as missing; others have their
    default."""

    user: dict[str, Value]
    names: Collection[str]
    input: dict[str, Value]
    events: Mapping[str, tuple[Event, ...]]


def told(serving: Serving, subject: Subject) -> Told:
    """Reads what came with the request. Raises InvalidRequest with paths from `subject` down."""
    path = f"subject.{subject.encoding.value}"
    try:
        document = PARSERS[subject.encoding](subject.facts) if subject.facts else {}
        if not isinstance(document, dict):
            raise InvalidRequest([Violation(path, "expected an object in braces")])
        parts = serving.reader.read_parts(document, REQUEST_PARTS).value
    except FactsError as error:
        raise InvalidRequest.of(error).below(path) from None
    attributes = document.get("user") or {}
    require_key(attributes, serving.ruleset.user_key, subject.user, f"{path}.user")
    return Told(parts["user"], attributes.keys(), parts["input"], parts.get("events", NO_EVENTS))


NO_EVENTS: Mapping[str, tuple[Event, ...]] = {}


def require_key(attributes: dict[str, Json], key: str | None, user: str, path: str) -> None:
    """Refuses attributes of somebody else."""
    if key in attributes and attributes[key] != user:
        raise InvalidRequest([Violation(f"{path}.{key}", "this is the key; it has to be the user_id")])
