"""Messages of a broker: events that come in, what goes out of decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from google.protobuf.json_format import MessageToJson
from google.protobuf.message import DecodeError, Message
from suasion.v1 import answer_pb2, contact_pb2
from suasion.v1 import fact_service_pb2 as pb

from compiler.wire.errors import FactsError
from compiler.wire.json_text import parse_json
from server.ports import Incoming, Outgoing, Published, Way
from server.rpc.checks import refusal
from server.rpc.convert.answers import published_to
from server.rpc.convert.event_json import an_event, an_object
from server.rpc.convert.facts import event_from
from server.usecases.record_events import ReportedEvent
from server.usecases.refusals import InvalidRequest

# ---- in


def event_in(message: Incoming) -> ReportedEvent | InvalidRequest:
    """The event that a message brings, or why it brings none."""
    try:
        read = READERS.get(message.content_type)
        if read is None:
            raise refusal("content_type", f"one of {', '.join(filter(None, READERS))} is wanted")
        return event_from(read(message.body))
    except InvalidRequest as refused:
        return refused


def from_json(body: bytes) -> pb.Event:
    try:
        return an_event(an_object(parse_json(body)))
    except FactsError as error:
        first = error.errors[0]
        raise refusal(first.path, first.message) from None


def from_protobuf(body: bytes) -> pb.Event:
    try:
        return pb.Event.FromString(body)
    except DecodeError:
        raise refusal("", "this is no `suasion.v1.Event`") from None


READERS: Mapping[str, Callable[[bytes], pb.Event]] = {
    "": from_json,
    "application/json": from_json,
    "application/x-protobuf": from_protobuf,
}


# ---- out


def messages_out(published: Published) -> Sequence[Outgoing]:
    """Of a decision that granted a contact its order; then the decision."""
    told = published_to(published)
    decision, contact = told.decision, told.decision.contact
    verdict = answer_pb2.Verdict.Name(decision.verdict).removeprefix("VERDICT_").lower()
    news = Outgoing(Way.DECISION, verdict, str(published.id), told.DESCRIPTOR.full_name, as_json(told))
    if contact.state != contact_pb2.CONTACT_STATE_RESERVED:
        return [news]
    until = contact.lease_expire_time.ToMicroseconds()
    name = contact.DESCRIPTOR.full_name
    order = Outgoing(Way.ORDER, contact.channel, contact.contact_id, name, as_json(contact), until)
    return [order, news]


def as_json(message: Message) -> bytes:
    """As protobuf writes JSON, with the names of the `.proto` files."""
    return MessageToJson(message, preserving_proto_field_name=True, indent=None).encode()
