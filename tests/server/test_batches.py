"""Batches answer item by item what the single calls answer, in every form, on every embedded store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import msgpack
import pytest
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1.answer_pb2 import VERDICT_BLOCK, VERDICT_SEND
from suasion.v1.fact_service_pb2 import LoadListRequest
from suasion.v1.subject_pb2 import FACT_SOURCE_REQUEST, Subject

from server.ports import StoreUnavailable
from tests.server.clock import SetClock
from tests.server.conftest import RULES, Run, Running, refused
from tests.server.decide_shop import Shop
from tests.server.messages import NOON, at, cart, error_info, eur, event, profile, record, status_of, subject
from tests.stores import SERVED

NAMES, IDS, BITMAP = pb.CROWD_FORM_NAMES, pb.CROWD_FORM_IDS, pb.CROWD_FORM_BITMAP
ASKED = ("rescue", "staff", "german")
MANY = "".join(
    f"crowd c{n} {{ count of cart_add within {n % 9 + 1} days >= {n % 3 + 1} }}\n" for n in range(230)
)
"""So many that the index answers."""
USERS = [f"u{n}" for n in range(24)]


def told(user: str) -> dict[str, Any]:
    """Facts that come with the request, of some users."""
    random = Random(user)
    facts: dict[str, Any] = {}
    if random.random() < 0.5:
        facts["user"] = {"country": random.choice(["de", "fr", None])}
    if random.random() < 0.3:
        fields = {"sku": "x", "price": eur("25.00")}
        facts["events"] = [{"event": "cart_add", "event_id": f"told-{user}", "time": NOON, "fields": fields}]
    return facts


def who(user: str) -> Subject:
    """In one of the two encodings."""
    facts = told(user)
    if not facts or USERS.index(user) % 2:
        return subject(user, **facts)
    return Subject(user_id=user, facts_msgpack=msgpack.packb(facts))


async def fill(running: Running) -> None:
    random = Random(7)
    facts = running.client.facts
    for name in ("staff", "do_not_contact"):
        await facts.LoadList(LoadListRequest(list=name, user_ids=random.sample(USERS, 5)))
    for user in USERS:
        known = {"country": random.choice(["de", "fr"])} if random.random() < 0.6 else {}
        await facts.UpsertProfiles(profile(user, **known, email_ok=random.random() < 0.5))
        for n in range(random.randrange(4)):
            time = f"2026-03-0{random.randrange(1, 4)}T0{random.randrange(6, 9)}:00:00+00:00"
            await facts.RecordEvents(record(cart(f"{user}-{n}", time, user=user)))


@pytest.fixture(params=SERVED)
def shop(request: pytest.FixtureRequest, tmp_path: Path, run: Run) -> Iterator[Shop]:
    opened = run(
        Shop.open(SERVED[request.param](request, tmp_path)(), SetClock(NOON), RULES + MANY, timers=False)
    )
    run(fill(opened.running))
    yield opened
    run(opened.running.stop())


# ---- crowds


@pytest.mark.parametrize("rules", [RULES, RULES + MANY], ids=["trees", "index"])
def test_all_crowds_of_many_users_are_those_of_each(shop: Shop, run: Run, rules: str) -> None:
    run(shop.running.client.activate(rules))
    batch = run(shop.decisions.BatchListCrowds(pb.BatchListCrowdsRequest(subjects=map(who, USERS))))
    yes = unknown = 0
    for user, result in zip(USERS, batch.results, strict=True):
        single = run(shop.decisions.ListCrowds(pb.ListCrowdsRequest(subject=who(user))))
        assert list(result.crowds.crowds) == [each.crowd for each in single.crowds]
        assert list(result.crowds.unknown_crowds) == [each.crowd for each in single.unknown_crowds]
        yes, unknown = yes + len(single.crowds), unknown + len(single.unknown_crowds)
        assert single.provenance.version == batch.provenance.version
        assert single.provenance.evaluate_time == batch.provenance.evaluate_time == at(NOON)
    assert yes and unknown, "so that something was held against something"


@pytest.mark.parametrize("rules", [RULES, RULES + MANY], ids=["trees", "index"])
def test_ids_and_bits_mean_the_names_of_the_dictionary(shop: Shop, run: Run, rules: str) -> None:
    run(shop.running.client.activate(rules))
    lists, checks = {}, {}
    for form in (NAMES, IDS, BITMAP):
        asked: dict[str, Any] = {"subjects": [who(user) for user in USERS], "form": form}
        lists[form] = run(shop.decisions.BatchListCrowds(pb.BatchListCrowdsRequest(**asked))).results
        checked = pb.BatchCheckCrowdsRequest(**asked, crowds=ASKED)
        checks[form] = run(shop.decisions.BatchCheckCrowds(checked)).results
    dictionary = run(shop.decisions.GetCrowdDictionary(pb.GetCrowdDictionaryRequest()))
    names = [*dictionary.crowds, *dictionary.lists]
    assert {"staff", "german", "rescue"} <= set(names)
    for results in (lists, checks):
        for named, numbered, bits in zip(*results.values(), strict=True):
            by_id = [names[id] for id in numbered.crowds.crowd_ids]
            unknown_by_id = [names[id] for id in numbered.crowds.unknown_crowd_ids]
            assert sorted(by_id) == sorted(named.crowds.crowds)
            assert sorted(unknown_by_id) == sorted(named.crowds.unknown_crowds)
            assert set_bits(bits.crowds.crowd_bits) == list(numbered.crowds.crowd_ids)
            assert set_bits(bits.crowds.unknown_crowd_bits) == list(numbered.crowds.unknown_crowd_ids)


def set_bits(octets: bytes) -> list[int]:
    return [place for place in range(8 * len(octets)) if octets[place // 8] >> place % 8 & 1]


@pytest.mark.parametrize("form", [IDS, BITMAP])
def test_single_calls_tell_crowds_in_compact_forms_too(shop: Shop, run: Run, form: Any) -> None:
    asked: dict[str, Any] = {"subjects": [who(user) for user in USERS], "form": form}
    listed = run(shop.decisions.BatchListCrowds(pb.BatchListCrowdsRequest(**asked)))
    checked = run(shop.decisions.BatchCheckCrowds(pb.BatchCheckCrowdsRequest(**asked, crowds=ASKED)))
    for user, all_of_them, some_of_them in zip(USERS, listed.results, checked.results, strict=True):
        single = run(shop.decisions.ListCrowds(pb.ListCrowdsRequest(subject=who(user), form=form)))
        assert (single.compact, list(single.crowds)) == (all_of_them.crowds, [])
        request = pb.CheckCrowdsRequest(subject=who(user), form=form, crowds=ASKED)
        assert run(shop.decisions.CheckCrowds(request)).compact == some_of_them.crowds


def test_named_crowds_of_many_users_are_those_of_each(shop: Shop, run: Run) -> None:
    request = pb.BatchCheckCrowdsRequest(subjects=map(who, USERS), crowds=ASKED)
    batch = run(shop.decisions.BatchCheckCrowds(request))
    for user, result in zip(USERS, batch.results, strict=True):
        single = run(shop.decisions.CheckCrowds(pb.CheckCrowdsRequest(subject=who(user), crowds=ASKED)))
        answers = {each.crowd: each.answer for each in single.answers}
        assert list(result.crowds.crowds) == [name for name in ASKED if answers[name] == 1]
        assert list(result.crowds.unknown_crowds) == [name for name in ASKED if answers[name] == 3]


def test_the_dictionary_of_a_version_that_serves_no_more_is_still_told(shop: Shop, run: Run) -> None:
    before = run(shop.decisions.GetCrowdDictionary(pb.GetCrowdDictionaryRequest()))
    run(shop.running.client.activate(RULES))
    now = run(shop.decisions.GetCrowdDictionary(pb.GetCrowdDictionaryRequest()))
    assert list(now.crowds) == ["hot_cart", "german", "rescue"]
    assert list(now.lists) == ["staff", "do_not_contact"]
    asked = pb.GetCrowdDictionaryRequest(version=before.version)
    assert run(shop.decisions.GetCrowdDictionary(asked)) == before


# ---- contacts and decisions


def questions() -> list[pb.CheckContactRequest]:
    contacts: list[dict[str, Any]] = [
        {"plan": "nudge"},
        {"plan": "coupon", "as_of_time": at("2026-03-03T23:00:00+00:00")},
        {"message": pb.Message(channel="email")},
    ]
    return [
        pb.CheckContactRequest(subject=who(user), request_id=user, **contacts[place % 3])
        for place, user in enumerate(USERS)
    ]


def without_id(response: Any) -> Any:
    response.provenance.ClearField("decision_id")
    return response


def test_contacts_are_judged_as_each_alone(shop: Shop, run: Run) -> None:
    batch = run(shop.decisions.BatchCheckContact(pb.BatchCheckContactRequest(requests=questions())))
    verdicts = set()
    for question, result in zip(questions(), batch.results, strict=True):
        single = run(shop.decisions.CheckContact(question))
        assert without_id(result.response) == without_id(single)
        verdicts.add(single.verdict)
    assert len(verdicts) == 3


def asks(**more: Any) -> list[pb.DecideRequest]:
    return [pb.DecideRequest(subject=who(user), request_id=f"r-{user}", **more) for user in USERS]


def test_advice_to_many_is_that_to_each(shop: Shop, run: Run) -> None:
    batch = run(shop.decisions.BatchDecide(pb.BatchDecideRequest(requests=asks(reserve=False))))
    for ask, result in zip(asks(reserve=False), batch.results, strict=True):
        assert without_id(result.response) == without_id(run(shop.decisions.Decide(ask)))


def anonymous(response: pb.DecideResponse) -> pb.DecideResponse:
    for field in ("contact_id", "decision_id"):
        response.contact.ClearField(field)  # type: ignore[arg-type]
    return without_id(response)


@pytest.mark.parametrize("store", SERVED)
def test_what_many_are_granted_is_what_each_is_granted(
    request: pytest.FixtureRequest, run: Run, tmp_path: Path, store: str
) -> None:
    async def shops() -> list[Shop]:
        opened = []
        for name in ("batch", "single"):
            (tmp_path / name).mkdir()
            shop = await Shop.open(
                SERVED[store](request, tmp_path / name)(), SetClock(NOON), RULES, timers=False
            )
            await fill(shop.running)
            opened.append(shop)
        return opened

    many, single = run(shops())
    paid = [event(f"p-{user}", "order_paid", NOON, user, total=eur("1.00")) for user in USERS[:6]]
    requests = [*asks(), *(pb.DecideRequest(event=each, request_id=each.event_id) for each in paid), *asks()]
    batch = run(many.decisions.BatchDecide(pb.BatchDecideRequest(requests=requests)))
    granted = 0
    for request, result in zip(requests, batch.results, strict=True):
        alone = run(single.decisions.Decide(request))
        granted += alone.HasField("contact")
        assert anonymous(result.response) == anonymous(alone)
    assert granted
    again = run(many.decisions.BatchDecide(pb.BatchDecideRequest(requests=requests)))
    assert [anonymous(each.response) for each in again.results] == [
        each.response for each in batch.results
    ], "a repeat is answered as before"
    for shop in (many, single):
        run(shop.running.stop())


def test_requests_of_one_user_that_name_nothing_are_decided_one_after_the_other(shop: Shop, run: Run) -> None:
    nobody = pb.DecideRequest(subject=Subject(user_id="new"))
    batch = run(shop.decisions.BatchDecide(pb.BatchDecideRequest(requests=[nobody] * 3)))
    decided = [each.response for each in batch.results]
    assert [each.verdict for each in decided] == [VERDICT_SEND, VERDICT_BLOCK, VERDICT_BLOCK]
    assert [each.code for each in decided[1].reasons] == ["cap"], "and not as if it were a repeat"
    hellos = [each for answer in decided for each in answer.plans if each.plan == "hello"]
    assert len({each.occurrence for each in hellos}) == 3


# ---- what fails of many does not keep the others back


def paths(results: Any) -> list[str | None]:
    return [
        error_info(each.error).metadata.get("path", "") if each.HasField("error") else None
        for each in results
    ]


BROKEN = [
    who("u0"),
    Subject(),
    Subject(user_id="u1", facts_json=b"{"),
    Subject(user_id="u2", facts_json=json.dumps({"user": {"country": 7}}).encode()),
    Subject(user_id="u3", facts_msgpack=msgpack.packb({"input": {"page": 3}})),
    Subject(user_id="u4", facts_msgpack=b"\x81"),
    Subject(user_id="u5", facts_msgpack=b"\x80", facts_json=b"{}"),
    who("u6"),
]
INNER = [
    None,
    "user_id",
    "facts_json",
    "facts_json.user.country",
    "facts_msgpack.input.page",
    "facts_msgpack",
    "facts_msgpack",
    None,
]


def test_a_user_who_cannot_be_meant_is_refused_alone(shop: Shop, run: Run) -> None:
    expected = [inner and f"subjects[{place}].{inner}" for place, inner in enumerate(INNER)]
    listed = run(shop.decisions.BatchListCrowds(pb.BatchListCrowdsRequest(subjects=BROKEN)))
    assert paths(listed.results) == expected
    checked = pb.BatchCheckCrowdsRequest(subjects=BROKEN, crowds=ASKED)
    assert paths(run(shop.decisions.BatchCheckCrowds(checked)).results) == expected


def test_a_request_that_cannot_be_meant_is_refused_alone(shop: Shop, run: Run) -> None:
    expected = [inner and f"requests[{place}].subject.{inner}" for place, inner in enumerate(INNER)]
    contacts = [pb.CheckContactRequest(subject=each, plan="nudge") for each in BROKEN]
    contacts.append(pb.CheckContactRequest(subject=who("u0"), plan="nugde"))
    answer = run(shop.decisions.BatchCheckContact(pb.BatchCheckContactRequest(requests=contacts)))
    assert paths(answer.results) == [*expected, ""]
    assert error_info(answer.results[-1].error).reason == "UNKNOWN_NAME"
    decisions = [pb.DecideRequest(subject=each) for each in BROKEN]
    decisions.append(pb.DecideRequest(subject=who("u0"), request_id="ä"))
    decided = run(shop.decisions.BatchDecide(pb.BatchDecideRequest(requests=decisions)))
    assert paths(decided.results) == [*expected, f"requests[{len(BROKEN)}].request_id"]


def test_a_store_that_fails_for_one_does_not_for_the_others(
    shop: Shop, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = shop.stores.profiles.fetch

    async def fails_for_one(user: str) -> Any:
        if user == "u3":
            raise StoreUnavailable("profiles")
        return await fetch(user)

    monkeypatch.setattr(shop.stores.profiles, "fetch", fails_for_one)
    subjects = [Subject(user_id=user) for user in USERS]
    batch = run(shop.decisions.BatchListCrowds(pb.BatchListCrowdsRequest(subjects=subjects)))
    unavailable = {
        user: list(each.crowds.unavailable) for user, each in zip(USERS, batch.results, strict=True)
    }
    assert unavailable["u3"] == ["user.country"]
    assert not any(found for user, found in unavailable.items() if user != "u3")
    assert batch.provenance.degraded


# ---- facts in MessagePack


def test_facts_mean_the_same_in_both_encodings(shop: Shop, run: Run) -> None:
    def matched(user: str, **encoded: Any) -> Any:
        subject = Subject(user_id=user, fact_source=FACT_SOURCE_REQUEST, **encoded)
        request = pb.MatchPlanRequest(subject=subject, request_id="r")
        return without_id(run(shop.decisions.MatchPlan(request)))

    for user in USERS:
        facts = told(user)
        in_msgpack = matched(user, facts_msgpack=msgpack.packb(facts))
        assert in_msgpack == matched(user, facts_json=json.dumps(facts).encode())


def test_a_decision_told_in_another_encoding_is_another_request(shop: Shop, run: Run) -> None:
    in_json = Subject(user_id="u1", facts_json=b"{}")
    run(shop.decisions.Decide(pb.DecideRequest(subject=in_json, request_id="same")))
    in_msgpack = Subject(user_id="u1", facts_msgpack=b"\x80")
    error = run(refused(shop.decisions.Decide(pb.DecideRequest(subject=in_msgpack, request_id="same"))))
    assert error_info(status_of(error)).reason == "REQUEST_ID_REUSED"
