"""Values that requests and answers are made of. Instants are datetimes with a zone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import answer_pb2
from suasion.v1.subject_pb2 import FactSource, Subject


class Verdict(StrEnum):
    """What becomes of a contact. None of them is an error."""

    SEND = "send"
    WAIT = "wait"
    BLOCK = "block"
    HOLDOUT = "holdout"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Money:
    """`Money("20.00", "EUR")`."""

    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class User:
    """Whom a question is about, and facts that come with it.

    `attributes` override stored ones; `inputs` are those of the rules' `input`. `stored`: facts of the store are looked at, too.
    Values are those of JSON, datetimes, timedeltas and Money.
    """

    id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    stored: bool = True

    def message(self) -> Subject:
        parts = {"user": self.attributes, "input": self.inputs}
        facts = {name: part for name, part in parts.items() if part}
        source = FactSource.FACT_SOURCE_UNSPECIFIED if self.stored else FactSource.FACT_SOURCE_REQUEST
        return Subject(user_id=self.id, facts_json=json_of(facts) if facts else b"", fact_source=source)


def subject(user: str | User) -> Subject:
    """Of a user who is named by their id alone, or with facts."""
    return (User(user) if isinstance(user, str) else user).message()


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that spoke. `code` is stable, for programs; `location` is its line: `rescue.sua:14`.

    `until`: the first instant at which this rule alone would allow; None for never, or not known.
    """

    text: str
    code: str
    rule: str
    location: str
    channel: str
    until: datetime | None

    @classmethod
    def of(cls, message: answer_pb2.Reason) -> Reason:
        until = instant_or_none(message, "until_time")
        return cls(message.text, message.code, message.rule, message.location, message.channel, until)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an answer comes from: enough to find it again, and to compute it again.

    `at`: the instant as of which it holds. `degraded`: something could not be fetched. `advisory`: nothing was reserved.
    """

    decision_id: str
    version: str
    at: datetime
    degraded: bool
    missing: tuple[str, ...]
    unavailable: tuple[str, ...]
    advisory: bool

    @classmethod
    def of(cls, message: answer_pb2.Provenance) -> Provenance:
        return cls(
            message.decision_id,
            message.version,
            instant(message.evaluate_time),
            message.degraded,
            tuple(message.missing),
            tuple(message.unavailable),
            message.advisory,
        )


# ---- on the wire and back


def timestamp(time: datetime | None) -> Timestamp | None:
    """Raises ValueError for a datetime without a zone: nobody knows which instant that is."""
    if time is None:
        return None
    if time.tzinfo is None:
        raise ValueError("an instant needs a zone: datetime(…, tzinfo=UTC)")
    made = Timestamp()
    made.FromDatetime(time.astimezone(UTC))
    return made


def duration(span: timedelta | None) -> Duration | None:
    if span is None:
        return None
    made = Duration()
    made.FromTimedelta(span)
    return made


def instant(time: Timestamp) -> datetime:
    return time.ToDatetime(UTC)


def instant_or_none(message: Message, name: str) -> datetime | None:
    return instant(getattr(message, name)) if message.HasField(name) else None


def verdict(number: answer_pb2.Verdict) -> Verdict:
    return Verdict(answer_pb2.Verdict.Name(number).removeprefix("VERDICT_").lower())


def reasons(messages: Any) -> tuple[Reason, ...]:
    return tuple(Reason.of(each) for each in messages)


def arguments(messages: Any) -> dict[str, Any]:
    """Values that a plan computed, by name; money as it is in JSON."""
    return {each.name: json.loads(each.value_json) for each in messages}


def json_of(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, default=plain).encode()


def plain(value: object) -> object:
    """The JSON form of a value that JSON has no type for."""
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return f"{value // timedelta(seconds=1)}s"
        case Money():
            return {"amount": value.amount, "currency": value.currency}
        case _:
            raise TypeError(f"a fact cannot be a {type(value).__name__}")
