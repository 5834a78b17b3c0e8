"""An e-mail address and a phone number, put wherever what is known of users is told, are found nowhere but in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import grpc
import orjson
import pytest
from google.protobuf.message import Message
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.subject_pb2 import Subject

from cli.client import Client
from tests.server.messages import at
from tests.server.test_process import NOON, SHOP, Serve, serve
from tests.server.test_telemetry import Collector, collector

__all__ = ["collector", "serve"]
MAIL, PHONE = "anna.canary@example.org", "+49 151 2345 6789"
CANARIES = (MAIL, PHONE)


def wrong(canary: str) -> list[bytes]:
    """Facts of which something cannot be read, with the canary at every place that a fact can have."""
    documents: list[Any] = [
        {"user": {"email_ok": canary, "country": canary, "undeclared": canary}},
        {"user": {"id": canary + "!", "tier": canary, "timezone": canary}},
        {"input": {"page": [canary]}},
        {"events": [{"event": "cart_add", "event_id": "e", "time": canary, "fields": {"price": canary}}]},
        {
            "events": [
                {"event": "cart_add", "event_id": "e", "time": NOON, "fields": {"sku": 1, "price": canary}}
            ]
        },
        {"user": canary},
        canary,
    ]
    return [*map(orjson.dumps, documents), b'{"user": {"country": "' + canary.encode()]


def right(canary: str) -> bytes:
    return orjson.dumps({"user": {"country": canary, "phone": canary}, "input": {"page": canary}})


def requests(client: Client, canary: str) -> Iterator[tuple[Callable[..., Any], Message]]:
    """Every unary call that takes a fact about a user, with facts that are right and facts that are wrong."""
    decisions, facts = client.decisions, client.facts
    for number, document in enumerate([right(canary), *wrong(canary)]):
        subject = Subject(user_id=canary, facts_json=document)
        yield (
            decisions.CheckCrowds,
            decisions_pb.CheckCrowdsRequest(subject=subject, crowds=["german", "rescue"], explain=True),
        )
        yield decisions.ListCrowds, decisions_pb.ListCrowdsRequest(subject=subject)
        yield decisions.MatchPlan, decisions_pb.MatchPlanRequest(subject=subject)
        yield decisions.CheckContact, decisions_pb.CheckContactRequest(subject=subject, plan="hello")
        decide = decisions_pb.DecideRequest(subject=subject, request_id=f"r-{number}")
        yield decisions.Decide, decide
        yield decisions.BatchDecide, decisions_pb.BatchDecideRequest(requests=[decide, decide])
        profile = facts_pb.Profile(user_id=canary, attributes_json=document)
        yield facts.UpsertProfiles, facts_pb.UpsertProfilesRequest(profiles=[profile])
        event = facts_pb.Event(
            event_id=f"e-{number}", type="cart_add", user_id=canary, event_time=at(NOON), fields_json=document
        )
        yield facts.RecordEvents, facts_pb.RecordEventsRequest(events=[event])
        yield decisions.Decide, decisions_pb.DecideRequest(event=event)
    long = canary * 20
    yield facts.LoadList, facts_pb.LoadListRequest(list="staff", user_ids=[canary, long])
    yield facts.LoadList, facts_pb.LoadListRequest(list="staff", user_ids=[canary])
    yield decisions.ListCrowds, decisions_pb.ListCrowdsRequest(subject=Subject(user_id=long))
    yield decisions.ListCrowds, decisions_pb.ListCrowdsRequest(subject=Subject(user_id=f"{canary}\n"))


def refusals(client: Client, canary: str) -> Iterator[str]:
    """All that is said with a call that is refused, or with an item of one."""
    for method, request in requests(client, canary):
        try:
            response = method(request, timeout=10)
            yield from (
                str(each.error) for each in getattr(response, "results", ()) if each.HasField("error")
            )
        except grpc.RpcError as error:
            yield f"{error.code()} {error.details()} {error.trailing_metadata()}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_is_found_nowhere(
    serve: Serve, collector: tuple[Collector, str], tmp_path: Path, canary: str
) -> None:
    kept, address = collector
    served = serve(
        *(str(SHOP), "--store", f"sqlite:{tmp_path / 'suasion.db'}", "--log-level", "debug"),
        *("--otlp", address, "--metrics", "127.0.0.1:0"),
    )
    assert served.process.stderr
    pages = next(line for line in served.process.stderr if line.startswith("pages: ")).split("/")[2]
    said = list(refusals(Client(served.address, 10.0), canary))
    assert len(said) > 40 and not any("INTERNAL" in each for each in said)
    connection = HTTPConnection(pages)
    connection.request("GET", "/metrics")
    metrics = connection.getresponse().read().decode()
    _, logs = served.end()
    spans = "".join(map(str, kept.spans))
    assert len(kept.spans) > 0 and "feature_flag.evaluation" in spans and '"event":"call"' in logs
    found = {"refusals": "\n".join(said), "metrics": f"{metrics}{kept.metrics}", "spans": spans, "logs": logs}
    assert [place for place, text in found.items() if canary in text] == []
    others = [path for path in tmp_path.rglob("*") if path.is_file() and "suasion.db" not in path.name]
    assert [path for path in others if canary.encode() in path.read_bytes()] == []
