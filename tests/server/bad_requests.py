"""Requests that cannot be meant, as a table: of every method empty, unknown, wrongly typed, huge and hostile ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import grpc
import msgpack
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1 import rule_set_service_pb2 as rules_pb
from suasion.v1.subject_pb2 import Subject

from server.rpc.paging import token_to
from tests.server.messages import NOON, cart, event, record, subject

INVALID, NOT_FOUND = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND
EXHAUSTED, ABORTED = grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.ABORTED
CANARY = "anna.canary@example.org"


@dataclass(frozen=True)
class Bad:
    """A request, and the status, ErrorInfo reason and path that it must end with."""

    name: str
    method: str
    request: Any
    code: grpc.StatusCode = INVALID
    reason: str = "INVALID_REQUEST"
    path: str = ""


def check_crowds(subject: Subject, *crowds: str, **more: Any) -> Any:
    return decisions_pb.CheckCrowdsRequest(subject=subject, crowds=crowds or ["german"], **more)


def contact(**more: Any) -> Any:
    return decisions_pb.CheckContactRequest(subject=subject(), **more)


def raw(facts: bytes) -> Subject:
    return Subject(user_id="u1", facts_json=facts)


def upsert(user: str, attributes: bytes) -> Any:
    return facts_pb.UpsertProfilesRequest(
        profiles=[facts_pb.Profile(user_id=user, attributes_json=attributes)]
    )


def reported(**change: Any) -> Any:
    good = cart("e1", NOON)
    fields = {each.name: getattr(good, each.name) for each in good.DESCRIPTOR.fields} | change
    return record(facts_pb.Event(**{name: value for name, value in fields.items() if value is not None}))


def check_rules(*files: tuple[str, str]) -> Any:
    sources = rules_pb.Sources(files=[rules_pb.SourceFile(name=name, text=text) for name, text in files])
    return rules_pb.RuleSetServiceCheckRequest(sources=sources)


def load(**fields: Any) -> Any:
    return facts_pb.LoadListRequest(**{"list": "staff", **fields})


def horizon(type: str, time: Timestamp | None = None) -> Any:
    return facts_pb.SetHorizonRequest(horizon=facts_pb.Horizon(event_type=type, known_since_time=time))


def packed(facts: bytes) -> Subject:
    return Subject(user_id="u1", facts_msgpack=facts)


def check_many(*crowds: str, **more: Any) -> Any:
    asked = {"subjects": [subject()], **more}
    return decisions_pb.BatchCheckCrowdsRequest(crowds=crowds or ["german"], **asked)


def list_many(subjects: int = 1, **more: Any) -> Any:
    return decisions_pb.BatchListCrowdsRequest(subjects=[subject()] * subjects, **more)


CHECK, LIST = "decisions.CheckCrowds", "decisions.ListCrowds"
MATCH, CONTACT = "decisions.MatchPlan", "decisions.CheckContact"
CHECK_MANY, LIST_MANY = "decisions.BatchCheckCrowds", "decisions.BatchListCrowds"
CONTACT_MANY, DECIDE_MANY = "decisions.BatchCheckContact", "decisions.BatchDecide"
DICTIONARY = "decisions.GetCrowdDictionary"
UPSERT, RECORD, LOAD = "facts.UpsertProfiles", "facts.RecordEvents", "facts.LoadList"
BACKFILL, HORIZON, ERASE = "facts.Backfill", "facts.SetHorizon", "facts.EraseUser"
GET_LIST = "facts.GetList"
DEEP = b'{"user":' + b"[" * 5000 + b"]" * 5000 + b"}"
IDS = decisions_pb.CROWD_FORM_IDS
NINE: Any = 9  # open enums let any number through
FAR = Timestamp(seconds=253402300799)

TABLE = [
    # ---- empty
    Bad("nothing", CHECK, decisions_pb.CheckCrowdsRequest(), path="subject.user_id"),
    Bad("nothing", LIST, decisions_pb.ListCrowdsRequest(), path="subject.user_id"),
    Bad("nothing", MATCH, decisions_pb.MatchPlanRequest(), path="subject.user_id"),
    Bad("nothing", CONTACT, decisions_pb.CheckContactRequest(), path="subject.user_id"),
    Bad("nothing", CHECK_MANY, decisions_pb.BatchCheckCrowdsRequest(), path="crowds"),
    Bad("nothing", LIST_MANY, list_many(0), path="subjects"),
    Bad("nothing", CONTACT_MANY, decisions_pb.BatchCheckContactRequest(), path="requests"),
    Bad("nothing", DECIDE_MANY, decisions_pb.BatchDecideRequest(), path="requests"),
    Bad("nothing", UPSERT, facts_pb.UpsertProfilesRequest(), path="profiles"),
    Bad("nothing", RECORD, facts_pb.RecordEventsRequest(), path="events"),
    Bad("nothing", BACKFILL, facts_pb.BackfillRequest(), path="events"),
    Bad("nothing", HORIZON, facts_pb.SetHorizonRequest(), path="horizon.event_type"),
    Bad("nothing", ERASE, facts_pb.EraseUserRequest(), path="user_id"),
    Bad("nothing", GET_LIST, facts_pb.GetListRequest(), path="list"),
    Bad("list", GET_LIST, facts_pb.GetListRequest(list="x"), NOT_FOUND, "UNKNOWN_NAME"),
    Bad("another version", LOAD, load(expected_list_version=7), ABORTED, "LIST_HAS_CHANGED"),
    Bad("nothing", LOAD, facts_pb.LoadListRequest(), path="list"),
    Bad("nothing", "rules.Check", rules_pb.RuleSetServiceCheckRequest(), path="sources.files"),
    Bad("nothing", "rules.Activate", rules_pb.RuleSetServiceActivateRequest(), path="version_or_sources"),
    Bad(
        "a time in a token",
        "rules.List",
        rules_pb.RuleSetServiceListRequest(page_token=token_to((2**63, "x"))),
        path="page_token",
    ),
    Bad("no crowds", CHECK, decisions_pb.CheckCrowdsRequest(subject=subject()), path="crowds"),
    Bad("no contact", CONTACT, contact(), path="contact"),
    Bad("no channel", CONTACT, contact(message=decisions_pb.Message()), path="message.channel"),
    Bad("no event id", RECORD, reported(event_id=None), path="events[0].event_id"),
    Bad("no type", RECORD, reported(type=None), path="events[0].type"),
    Bad("no user", RECORD, reported(user_id=None), path="events[0].user_id"),
    Bad("no time", RECORD, reported(event_time=None), path="events[0].event_time"),
    Bad("no user", UPSERT, upsert("", b"{}"), path="profiles[0].user_id"),
    Bad("no member's name", LOAD, load(user_ids=["u1", ""]), path="user_ids[1]"),
    Bad("no file name", "rules.Check", check_rules(("", "")), path="sources.files[0].name"),
    # ---- unknown names
    Bad("crowd", CHECK, check_crowds(subject(), "germam"), NOT_FOUND, "UNKNOWN_NAME"),
    Bad(
        "decide",
        MATCH,
        decisions_pb.MatchPlanRequest(subject=subject(), decide="x"),
        NOT_FOUND,
        "UNKNOWN_NAME",
    ),
    Bad("plan", CONTACT, contact(plan="x"), NOT_FOUND, "UNKNOWN_NAME"),
    Bad(
        "policy",
        CONTACT,
        contact(message=decisions_pb.Message(channel="sms", policies=["x"])),
        NOT_FOUND,
        "UNKNOWN_NAME",
    ),
    Bad("list", LOAD, load(list="x"), NOT_FOUND, "UNKNOWN_NAME"),
    Bad("event", HORIZON, horizon("cart_ad"), NOT_FOUND, "UNKNOWN_NAME"),
    Bad("event", RECORD, reported(type="cart_ad"), path="events[0].type"),
    Bad("version", "rules.Get", rules_pb.RuleSetServiceGetRequest(version="x"), NOT_FOUND, "UNKNOWN_VERSION"),
    Bad(
        "version",
        "rules.Activate",
        rules_pb.RuleSetServiceActivateRequest(version="x"),
        NOT_FOUND,
        "UNKNOWN_VERSION",
    ),
    Bad("crowd", CHECK_MANY, check_many("germam"), NOT_FOUND, "UNKNOWN_NAME"),
    Bad(
        "version",
        DICTIONARY,
        decisions_pb.GetCrowdDictionaryRequest(version="x"),
        NOT_FOUND,
        "UNKNOWN_VERSION",
    ),
    # ---- wrongly typed
    Bad("no MessagePack", CHECK, check_crowds(packed(b"\x81")), path="subject.facts_msgpack"),
    Bad(
        "an array",
        LIST,
        decisions_pb.ListCrowdsRequest(subject=packed(b"\x90")),
        path="subject.facts_msgpack",
    ),
    Bad(
        "an attribute",
        CHECK,
        check_crowds(packed(msgpack.packb({"user": {"tier": CANARY}}))),
        path="subject.facts_msgpack.user.tier",
    ),
    Bad(
        "somebody else",
        CHECK,
        check_crowds(packed(msgpack.packb({"user": {"id": CANARY}}))),
        path="subject.facts_msgpack.user.id",
    ),
    Bad(
        "a name twice",
        CHECK,
        check_crowds(packed(b"\x81\xa4user\x82\xa4tier\xa4free\xa4tier\xa4free")),
        path="subject.facts_msgpack.user.tier",
    ),
    Bad(
        "facts twice",
        CHECK,
        check_crowds(Subject(user_id="u1", facts_json=b"{}", facts_msgpack=b"\x80")),
        path="subject.facts_msgpack",
    ),
    Bad("a form", CHECK, check_crowds(subject(), form=NINE), path="form"),
    Bad("a form", LIST, decisions_pb.ListCrowdsRequest(subject=subject(), form=NINE), path="form"),
    Bad("a form", CHECK_MANY, check_many(form=NINE), path="form"),
    Bad("a form", LIST_MANY, list_many(form=NINE), path="form"),
    Bad("ids explained", CHECK, check_crowds(subject(), form=IDS, explain=True), path="explain"),
    Bad("an as_of_time", LIST_MANY, list_many(as_of_time=FAR), path="as_of_time"),
    Bad("a crowd twice", CHECK_MANY, check_many("german", "german"), path="crowds[1]"),
    Bad("a request id", LIST_MANY, list_many(request_id="ä"), path="request_id"),
    Bad("no JSON", CHECK, check_crowds(raw(b"{")), path="subject.facts_json"),
    Bad("no UTF-8", CHECK, check_crowds(raw(b'{"user": "\xff"}')), path="subject.facts_json"),
    Bad("an array", MATCH, decisions_pb.MatchPlanRequest(subject=raw(b"[]")), path="subject.facts_json"),
    Bad("a number", LIST, decisions_pb.ListCrowdsRequest(subject=raw(b"7")), path="subject.facts_json"),
    Bad(
        "an attribute",
        CHECK,
        check_crowds(subject(user={"tier": CANARY})),
        path="subject.facts_json.user.tier",
    ),
    Bad("an input", CHECK, check_crowds(subject(input={"page": 3})), path="subject.facts_json.input.page"),
    Bad("touches told", CHECK, check_crowds(subject(touches=[])), path="subject.facts_json.touches"),
    Bad("a part", CHECK, check_crowds(subject(usr={})), path="subject.facts_json.usr"),
    Bad(
        "somebody else", CHECK, check_crowds(subject(user={"id": CANARY})), path="subject.facts_json.user.id"
    ),
    Bad(
        "an event's field",
        CHECK,
        check_crowds(
            subject(events=[{"event": "cart_add", "event_id": "e", "time": NOON, "fields": {"price": 3}}])
        ),
        path="subject.facts_json.events[0].fields.price",
    ),
    Bad(
        "a local time",
        RECORD,
        record(event("e1", "cart_add", price=CANARY)),
        path="events[0].fields_json.price",
    ),
    Bad("an array", RECORD, reported(fields_json=b"[1]"), path="events[0].fields_json"),
    Bad("no JSON", RECORD, reported(fields_json=CANARY.encode()), path="events[0].fields_json"),
    Bad(
        "twice a name",
        RECORD,
        reported(fields_json=b'{"sku":"a","sku":"b"}'),
        path="events[0].fields_json.sku",
    ),
    Bad(
        "an attribute",
        UPSERT,
        upsert("u1", b'{"email_ok": "yes"}'),
        path="profiles[0].attributes_json.email_ok",
    ),
    Bad("a zone", UPSERT, upsert("u1", b'{"timezone": "Mars"}'), path="profiles[0].attributes_json.timezone"),
    Bad("a time out of range", RECORD, reported(event_time=FAR), path="events[0].event_time"),
    Bad("a time out of range", HORIZON, horizon("cart_add", FAR), path="horizon.known_since_time"),
    Bad(
        "a price",
        BACKFILL,
        facts_pb.BackfillRequest(events=[event("e1", "cart_add", price=CANARY)]),
        path="events[0].fields_json.price",
    ),
    Bad("nanoseconds", RECORD, reported(event_time=Timestamp(nanos=-1)), path="events[0].event_time"),
    Bad("an as_of_time", CHECK, check_crowds(subject(), as_of_time=FAR), path="as_of_time"),
    Bad("a mode", LOAD, load(mode=77), path="mode"),
    Bad("a source", CHECK, check_crowds(Subject(user_id="u1", fact_source=NINE)), path="subject.fact_source"),
    Bad(
        "a kind",
        CONTACT,
        contact(message=decisions_pb.Message(channel="sms", kind=NINE)),
        path="message.kind",
    ),
    Bad(
        "nothing and something",
        CONTACT,
        contact(message=decisions_pb.Message(channel="sms", policies=["loose"], obey_nothing=True)),
        path="message.policies",
    ),
    Bad("a crowd twice", CHECK, check_crowds(subject(), "german", "german"), path="crowds[1]"),
    Bad("a file twice", "rules.Check", check_rules(("a", ""), ("a", "")), path="sources.files[1]"),
    Bad(
        "a request id",
        LIST,
        decisions_pb.ListCrowdsRequest(subject=subject(), request_id="ä"),
        path="request_id",
    ),
    # ---- huge
    Bad("an id", CHECK, check_crowds(subject("u" * 257)), path="subject.user_id"),
    Bad("an id", ERASE, facts_pb.EraseUserRequest(user_id="u" * 257), path="user_id"),
    Bad("an id", RECORD, reported(event_id="é" * 129), path="events[0].event_id"),
    Bad("a name", CHECK, check_crowds(subject(), "x" * 100_000), path="crowds[0]"),
    Bad("depth", CHECK, check_crowds(raw(DEEP)), path="subject.facts_json"),
    Bad(
        "an int",
        UPSERT,
        upsert("u1", b'{"tier":' + b"9" * 5000 + b"}"),
        path="profiles[0].attributes_json.tier",
    ),
    Bad("many crowds", CHECK, check_crowds(subject(), *(f"c{n}" for n in range(1001))), path="crowds"),
    Bad("many events", RECORD, record(*(cart(f"e{n}", NOON) for n in range(1001))), path="events"),
    Bad("many users", LOAD, load(user_ids=["u"] * 100_001), path="user_ids"),
    Bad("a request", UPSERT, upsert("u1", b" " * (5 * 2**20)), EXHAUSTED, "REQUEST_TOO_LARGE"),
    Bad("a request", CHECK, check_crowds(raw(b" " * (5 * 2**20))), EXHAUSTED, "REQUEST_TOO_LARGE"),
    Bad("depth", CHECK, check_crowds(packed(b"\x91" * 5000 + b"\xc0")), path="subject.facts_msgpack"),
    Bad("rooms", CHECK, check_crowds(packed(b"\xdd\x00\x40\x00\x00" * 900)), path="subject.facts_msgpack"),
    Bad("many crowds", CHECK_MANY, check_many(*(f"c{n}" for n in range(1001))), path="crowds"),
    Bad("many users", LIST_MANY, list_many(1001), path="subjects"),
    Bad("many users", CHECK_MANY, check_many(subjects=[subject()] * 1001), path="subjects"),
    Bad(
        "many requests",
        CONTACT_MANY,
        decisions_pb.BatchCheckContactRequest(requests=[contact()] * 1001),
        path="requests",
    ),
    Bad(
        "many requests",
        DECIDE_MANY,
        decisions_pb.BatchDecideRequest(requests=[decisions_pb.DecideRequest()] * 1001),
        path="requests",
    ),
    # ---- hostile
    Bad("an extension", CHECK, check_crowds(packed(b"\xd4\x05a")), path="subject.facts_msgpack"),
    Bad("a name in bytes", CHECK, check_crowds(packed(b"\x81\xc4\x01a\x01")), path="subject.facts_msgpack"),
    Bad(
        "a control character",
        CHECK,
        check_crowds(subject("u\x00'; drop table events; --")),
        path="subject.user_id",
    ),
    Bad("a terminal's escape", CHECK, check_crowds(subject(), "\x1b[2J"), path="crowds[0]"),
    Bad(
        "half of a pair",
        UPSERT,
        upsert("u1", b'{"country":"\\ud800"}'),
        path="profiles[0].attributes_json.country",
    ),
    Bad(
        "U+0000 in a text",
        UPSERT,
        upsert("u1", b'{"country":"\\u0000"}'),
        path="profiles[0].attributes_json.country",
    ),
]
