"""`suasion ask decide`, `decides` and `status`."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

from google.protobuf.json_format import MessageToDict
from rich.console import Console
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import status_service_pb2 as status_pb
from suasion.v1.subject_pb2 import Subject

from cli import ask_shown as shown
from cli.ask_facts import Told, items
from cli.asked import Asked, answer, refused
from cli.client import Client
from cli.output import Output
from server.rpc.convert.event_json import a_text, an_event, an_object


def decide(client: Client, asked: Asked, out: Output) -> NoReturn:
    request = pb.DecideRequest(
        subject=asked.subject,
        event=asked.event_message,
        decide="".join(asked.words[1:]),
        reserve=not asked.advice,
        as_of_time=asked.as_of_time,
        lease_duration=asked.lease_duration,
        request_id=asked.request_id,
    )
    answer(out, client.call(client.decisions.Decide, request), shown.decision)


# ---- many


def decides(client: Client, asked: Asked, out: Output) -> NoReturn:
    """Asks as a stream, and answers for each line of the file, in its order. Ends with 1 if some were refused."""
    told, lines = Told(), list[int]()
    pending = items(Path(asked.words[0]), request, told)
    first = next(pending, [])  # so that a file that cannot be read is told of here, and not by gRPC's thread

    def requests() -> Iterator[pb.StreamDecideRequest]:
        for number, each in chain(first, chain.from_iterable(pending)):
            lines.append(number)
            yield pb.StreamDecideRequest(request=each)

    answers = client.stream(client.decisions.StreamDecide, requests())
    results = [response.result for response in answers]
    for number, result in zip(lines, results, strict=True):
        told.settle(number, shown.verdict_of(result.response), result)
    made = [
        (number, each.response)
        for number, each in zip(lines, results, strict=True)
        if each.HasField("response")
    ]

    def show(console: Console) -> None:
        for number, each in made:
            console.print(f"{number}: {shown.headline(each)}")

    data = [
        {"line": number, **MessageToDict(each, preserving_proto_field_name=True)} for number, each in made
    ]
    out.finish(data, show, refused(out, asked.words[0], told))


def request(found: Mapping[str, Any]) -> pb.DecideRequest:
    """`{"user_id": "u1", "decide": "best", "event": {…}, "request_id": "r-1"}`."""
    happened = an_event(an_object(found["event"])) if "event" in found else None
    return pb.DecideRequest(
        subject=Subject(
            user_id=happened.user_id if happened and "user_id" not in found else a_text(found, "user_id")
        ),
        event=happened,
        decide=a_text(found, "decide") if "decide" in found else "",
        request_id=a_text(found, "request_id") if "request_id" in found else "",
    )


def status(client: Client, asked: Asked, out: Output) -> NoReturn:
    answer(out, client.call(client.status.Status, status_pb.StatusRequest()), shown.status)
