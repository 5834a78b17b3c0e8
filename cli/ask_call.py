"""`suasion ask call`: any call as it is, for what has no question of its own."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.json_format import MessageToDict, Parse, ParseError
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from suasion.v1 import (
    contact_service_pb2,
    decision_service_pb2,
    fact_service_pb2,
    replay_service_pb2,
    rule_set_service_pb2,
    status_service_pb2,
)

from cli.asked import Asked
from cli.client import Client
from cli.exit_codes import Failure
from cli.output import Output

SERVICES: Mapping[str, Any] = {
    "decisions": decision_service_pb2,
    "contacts": contact_service_pb2,
    "facts": fact_service_pb2,
    "replays": replay_service_pb2,
    "rules": rule_set_service_pb2,
    "status": status_service_pb2,
}
"""By the client's name for it, where each service is described."""
ENDLESS = "DecisionService/Watch"
CALLS: Mapping[str, tuple[str, MethodDescriptor]] = {
    f"{service.name}/{method.name}": (stub, method)
    for stub, file in SERVICES.items()
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}


def call(client: Client, asked: Asked, out: Output) -> NoReturn:
    name, *texts = asked.words
    if name == ENDLESS:
        raise Failure(f"`{name}` has no end", hint="`suasion watch` follows it")
    if name not in CALLS:
        raise Failure(f"`{name}` is no call", hint=f"there are {', '.join(CALLS)}")
    stub, method = CALLS[name]
    requests = [request_of(method, text) for text in texts or ["{}"]]
    if len(requests) > 1 and not method.client_streaming:
        raise Failure(f"`{name}` takes one request")
    ask = getattr(getattr(client, stub), method.name)
    given = iter(requests) if method.client_streaming else requests[0]
    answers = client.stream(ask, given) if method.server_streaming else [client.call(ask, given)]
    told = [MessageToDict(each, preserving_proto_field_name=True) for each in answers]
    lines = "\n".join(json.dumps(each, ensure_ascii=False, indent=2) for each in told)
    out.finish({"answers": told}, lambda console: console.print(lines, markup=False, highlight=False))


def request_of(method: MethodDescriptor, text: str) -> Message:
    """Raises Failure."""
    try:
        request: Message = Parse(text, GetMessageClass(method.input_type)())
    except ParseError as error:
        raise Failure(
            f"`{text}` is no {method.input_type.name}", hint="fields as in docs/api, bytes in base64"
        ) from error
    return request
