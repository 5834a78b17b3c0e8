"""What is asked of the service when it is measured, and what is stored before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import grpc
import msgpack
import orjson
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.fact_service_pb2_grpc import FactServiceStub
from suasion.v1.subject_pb2 import FACT_SOURCE_REQUEST, Subject

from bench.service_load import Asked
from bench.service_rules import attributes, events
from bench.shop import NOW, Customer
from compiler.checked.ir import RuleSet

DECISIONS = "/suasion.v1.DecisionService"
MANY = 100
NEWEST = 3
"""Events of a type that are stored of a customer."""


def kinds(ruleset: RuleSet, customers: Sequence[Customer]) -> Mapping[str, Asked]:
    """By name. What begins with `told` brings its facts along, `stored` has them fetched."""
    known = [{"user": attributes(ruleset, each)} for each in customers]
    told = [
        Subject(user_id=f"t{n}", facts_json=orjson.dumps(each), fact_source=FACT_SOURCE_REQUEST)
        for n, each in enumerate(known)
    ]
    packed = [
        Subject(user_id=f"t{n}", facts_msgpack=msgpack.packb(each), fact_source=FACT_SOURCE_REQUEST)
        for n, each in enumerate(known)
    ]
    stored = [Subject(user_id=f"c{n}") for n in range(len(customers))]
    both = [Subject(user_id=f"n{n}", facts_json=orjson.dumps(each)) for n, each in enumerate(known)]
    return {
        "nothing": Asked("/bench.Empty/Call", [b""]),
        "told contact": contacts(told),
        "told contact msgpack": contacts(packed),
        "stored contact": contacts(stored),
        **listed("told", told),
        **listed("stored", stored),
        **decided("advise", both, reserve=False),
        **decided("decide", both),
    }


def contacts(subjects: Sequence[Subject]) -> Asked:
    requests = [pb.CheckContactRequest(subject=each, plan="plan_1") for each in subjects]
    return Asked(f"{DECISIONS}/CheckContact", written(requests))


def listed(prefix: str, subjects: Sequence[Subject]) -> dict[str, Asked]:
    one = [pb.ListCrowdsRequest(subject=each) for each in subjects]
    asked = {f"{prefix} list": Asked(f"{DECISIONS}/ListCrowds", written(one))}
    for form, number in (("names", pb.CROWD_FORM_NAMES), ("ids", pb.CROWD_FORM_IDS)):
        parts = [subjects[start : start + MANY] for start in range(0, len(subjects), MANY)]
        many = [pb.BatchListCrowdsRequest(subjects=part, form=number) for part in parts]
        method = f"{DECISIONS}/BatchListCrowds"
        asked[f"{prefix} list many {form}"] = Asked(method, written(many), items=MANY)
    return asked


def decided(prefix: str, subjects: Sequence[Subject], **more: Any) -> dict[str, Asked]:
    requests = written([pb.DecideRequest(subject=each, **more) for each in subjects])
    return {
        prefix: Asked(f"{DECISIONS}/Decide", requests, anew=True),
        f"{prefix} many": Asked(f"{DECISIONS}/BatchDecide", requests, anew=True, items=MANY),
    }


def written(messages: Sequence[Message]) -> list[bytes]:
    return [each.SerializeToString() for each in messages]


def fill(address: str, ruleset: RuleSet, customers: Sequence[Customer]) -> None:
    """Store profiles and events of customers c0, c1, …"""
    with grpc.insecure_channel(address) as channel:
        facts: Any = FactServiceStub(channel)  # type: ignore[no-untyped-call]
        for number, customer in enumerate(customers):
            user = f"c{number}"
            change = facts_pb.Profile(
                user_id=user, attributes_json=json.dumps(attributes(ruleset, customer)).encode()
            )
            facts.UpsertProfiles(facts_pb.UpsertProfilesRequest(profiles=[change]))
            reported = [event_of(user, each) for each in events(ruleset, customer, NEWEST)]
            if reported:
                facts.RecordEvents(facts_pb.RecordEventsRequest(events=reported))
        last = facts_pb.Event(event_id="last", type="email_open", user_id="nobody", event_time=at(NOW))
        facts.RecordEvents(facts_pb.RecordEventsRequest(events=[last]))


def event_of(user: str, told: Mapping[str, Any]) -> facts_pb.Event:
    time = Timestamp()
    time.FromJsonString(told["time"])
    return facts_pb.Event(
        event_id=f"{user}-{told['event_id']}",
        type=told["event"],
        user_id=user,
        event_time=time,
        fields_json=orjson.dumps(told["fields"]),
    )


def at(instant: int) -> Timestamp:
    return Timestamp(seconds=instant // 10**6)
