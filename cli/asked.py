"""What a question of `suasion ask` is asked with, and how its answer is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from google.protobuf.duration_pb2 import Duration
from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.subject_pb2 import Subject

from cli import ask_shown as shown
from cli.ask_facts import Told
from cli.exit_codes import ExitCode, Failure
from cli.output import Output
from compiler.wire.errors import FactsError
from compiler.wire.json_text import parse_json
from compiler.wire.time_text import read_instant
from server.rpc.convert.event_json import an_event, an_object
from server.rpc.convert.time import timestamp

KINDS = {
    "marketing": decisions_pb.MESSAGE_KIND_MARKETING,
    "transactional": decisions_pb.MESSAGE_KIND_TRANSACTIONAL,
    "legal": decisions_pb.MESSAGE_KIND_LEGAL,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The words behind the question, and the options."""

    words: Sequence[str]
    facts: str
    as_of: str | None
    channel: str
    policies: Sequence[str]
    tags: Sequence[str]
    kind: str
    mode: str
    event: str
    request_id: str
    lease: float | None
    advice: bool
    deduplicates: bool

    @property
    def subject(self) -> Subject:
        return Subject(user_id=self.words[0], facts_json=self.facts.encode())

    @property
    def as_of_time(self) -> Timestamp | None:
        return None if self.as_of is None else instant_of(self.as_of)

    @property
    def event_message(self) -> facts_pb.Event | None:
        return event_of(self.event) if self.event else None

    @property
    def lease_duration(self) -> Duration | None:
        return (
            None
            if self.lease is None
            else Duration(nanos=round(self.lease % 1 * 1e9), seconds=int(self.lease))
        )


def instant_of(text: str) -> Timestamp:
    """Raises Failure."""
    instant = read_instant(text)
    if instant is None:
        raise Failure(f"`{text}` is not an instant", hint="write it as in `2026-03-01T22:40:00+01:00`")
    return timestamp(instant)


def event_of(text: str) -> facts_pb.Event:
    """An event as in the lines that `events` takes."""
    try:
        return an_event(an_object(parse_json(text.encode())))
    except FactsError as error:
        raise Failure(f"`{text}` is no event: {error}", hint="write it as a line of `ask events`") from error


def answer(out: Output, response: Any, show: Callable[[Any], shown.Show]) -> NoReturn:
    out.finish(MessageToDict(response, preserving_proto_field_name=True), show(response))


def refused(out: Output, file: str, told: Told) -> ExitCode:
    """Tells which lines of a file were refused, and how that ends the run."""
    for line, why in sorted(told.refused.items()):
        record = {"severity": "error", "file": file, "line": line, "message": why}
        out.diagnose(record, f"error: {file}:{line}: {why}")
    return ExitCode.FINDINGS if told.refused else ExitCode.CLEAN


def message(asked: Asked) -> decisions_pb.Message:
    return decisions_pb.Message(
        channel=asked.channel, policies=asked.policies, tags=asked.tags, kind=KINDS[asked.kind]
    )
