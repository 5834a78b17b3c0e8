"""Whom a request is about, and with what they would be contacted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from suasion.v1 import contact_service_pb2, decision_service_pb2
from suasion.v1 import subject_pb2 as pb

from compiler.wire.encodings import Encoding
from server.rpc.checks import distinct, identifier, not_too_many, refusal
from server.usecases.check_contact import Kind, Message
from server.usecases.subject import Subject

MOST_NAMES = 1000

FROM_STORE = {
    pb.FACT_SOURCE_UNSPECIFIED: True,
    pb.FACT_SOURCE_STORE_AND_REQUEST: True,
    pb.FACT_SOURCE_REQUEST: False,
}

KINDS: Mapping[int, Kind] = {
    decision_service_pb2.MESSAGE_KIND_UNSPECIFIED: "marketing",
    decision_service_pb2.MESSAGE_KIND_MARKETING: "marketing",
    decision_service_pb2.MESSAGE_KIND_TRANSACTIONAL: "transactional",
    decision_service_pb2.MESSAGE_KIND_LEGAL: "legal",
}


def subject_from(message: pb.Subject, request_id: str) -> Subject:
    """The subject of a request whose id is `request_id`."""
    user = identifier("subject.user_id", message.user_id)
    if message.fact_source not in FROM_STORE:
        raise refusal("subject.fact_source", f"{message.fact_source} is no source of facts")
    from_store = FROM_STORE[message.fact_source]
    if not message.facts_msgpack:
        return Subject(user, message.facts_json, from_store, request_id)
    if message.facts_json:
        raise refusal("subject.facts_msgpack", "facts come in one encoding; `facts_json` has some already")
    return Subject(user, message.facts_msgpack, from_store, request_id, encoding=Encoding.MSGPACK)


def contact_from(
    request: decision_service_pb2.CheckContactRequest | contact_service_pb2.ReserveRequest,
) -> str | Message:
    """The plan's name, or the message."""
    match request.WhichOneof("contact"):
        case "plan":
            return identifier("plan", request.plan)
        case "message":
            return message_from(request.message)
        case _:
            raise refusal("contact", "one of `plan` and `message` is required")


def message_from(message: decision_service_pb2.Message) -> Message:
    if message.kind not in KINDS:
        raise refusal("message.kind", f"{message.kind} is no kind of message")
    if message.obey_nothing and message.policies:
        raise refusal("message.policies", "a message that obeys nothing names no policies")
    policies = names("message.policies", message.policies)
    return Message(
        channel=identifier("message.channel", message.channel),
        policies=policies if policies or message.obey_nothing else None,
        tags=frozenset(names("message.tags", message.tags)),
        kind=KINDS[message.kind],
    )


def names(path: str, given: Sequence[str]) -> tuple[str, ...]:
    """Names, each given once."""
    not_too_many(path, given, MOST_NAMES)
    distinct(path, given)
    return tuple(identifier(f"{path}[{index}]", name) for index, name in enumerate(given))
