"""Whom a decision is about, and what came with the request."""

from __future__ import annotations

from compiler.facts_at_one_go import Told
from compiler.wire.encodings import Encoding
from compiler.wire.errors import FactsError
from dsl.frozen import dataclass
from server.ports import RecordedEvent
from server.usecases.active_rules import Serving
from server.usecases.refusals import InvalidRequest, Violation


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


def told(serving: Serving, subject: Subject) -> Told:
    """Reads what came with the request. Raises InvalidRequest with paths from `subject` down."""
    path = f"subject.{subject.encoding.value}"
    try:
        told = serving.quick_reader.read(subject.facts, subject.encoding)
    except FactsError as error:
        raise InvalidRequest.of(error).below(path) from None
    key = serving.ruleset.user_key
    if key is not None and key in told.names and told.user.get(key) != subject.user:
        whose = Violation(f"{path}.user.{key}", "this is the key; it has to be the user_id")
        raise InvalidRequest([whose])
    return told
