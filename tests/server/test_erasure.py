"""A user who is erased is gone, to the last byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from suasion.v1 import answer_pb2
from suasion.v1 import fact_service_pb2 as pb

from server.ports import ListMode
from server.stores import sqlite_stores
from tests.server.clock import SetClock
from tests.server.conftest import Run
from tests.server.decide_shop import DAY, TEN, Shop
from tests.server.messages import eur, event, profile, record

ANNA = "anna.canary@example.org"
LATER = DAY + "10:10:00+00:00"
SEND = answer_pb2.VERDICT_SEND


def erase(shop: Shop, run: Run, user: str = ANNA) -> pb.EraseUserResponse:
    return run(shop.facts.EraseUser(pb.EraseUserRequest(user_id=user)))


def lead_a_life(shop: Shop, run: Run, user: str) -> None:
    """Profile, events, contacts, answers, and a plan that waits."""
    run(shop.facts.UpsertProfiles(profile(user, vip=True, timezone="Asia/Tokyo")))
    run(shop.facts.UpsertProfiles(profile(user, vip=False)))
    run(shop.decide("on_event", user, event=event(f"{user}-1", "cart_add", TEN, user, price=eur("1.00"))))
    run(shop.facts.RecordEvents(record(event(f"{user}-2", "order_created", TEN, user, order=f"{user}'s"))))
    run(shop.decide(user=user, request_id=f"{user}-3"))


def test_all_of_a_user_is_erased_and_counted(stall: Shop, run: Run) -> None:
    lead_a_life(stall, run, ANNA)
    lead_a_life(stall, run, "u2")
    run(stall.stores.lists.load("staff", [ANNA, "u2"], ListMode.ADD, 1))
    counts = pb.EraseUserResponse(attribute_count=2, event_count=2, list_count=1, contact_count=2)
    assert erase(stall, run) == counts
    assert erase(stall, run) == pb.EraseUserResponse()
    stores = stall.stores
    assert run(stores.profiles.fetch(ANNA)) == {}
    assert [run(stores.lists.holds(user, ["staff"])) for user in (ANNA, "u2")] == [
        {"staff": False},
        {"staff": True},
    ]
    assert run(stores.timers.open(ANNA)) == () and len(run(stores.timers.open("u2"))) == 1
    assert run(stores.contacts.contacts(ANNA, None, 9)) == []
    assert len(run(stores.contacts.contacts("u2", None, 9))) == 2


def test_who_was_erased_may_come_back_as_a_stranger(stall: Shop, run: Run) -> None:
    lead_a_life(stall, run, ANNA)
    erase(stall, run)
    again = run(
        stall.decide("on_event", ANNA, event=event(f"{ANNA}-1", "cart_add", TEN, ANNA, price=eur("2.00")))
    )
    assert again.verdict == SEND, "under an event id that was used before"


def test_what_waited_for_the_erased_never_goes_out(stall: Shop, run: Run) -> None:
    lead_a_life(stall, run, ANNA)
    lead_a_life(stall, run, "u2")
    erase(stall, run)
    stall.clock.set(LATER)
    (told,) = run(stall.watch(0, 1))
    assert told.user_id == "u2"


@pytest.fixture
def kept(tmp_path: Path, run: Run) -> Iterator[Shop]:
    opened = run(Shop.open(sqlite_stores(tmp_path / "suasion.db"), SetClock(TEN)))
    yield opened
    run(opened.running.stop())


def test_no_byte_of_the_erased_is_left_in_the_files(kept: Shop, tmp_path: Path, run: Run) -> None:
    for n in range(60):  # so that pages are split and filled anew around her
        lead_a_life(kept, run, f"{n}@example.org")
        run(kept.facts.UpsertProfiles(profile(ANNA, note=f"{ANNA} {n} " * n)))
        run(kept.facts.RecordEvents(record(event(f"{ANNA}/{n}", "order_paid", TEN, ANNA, order=ANNA))))
    lead_a_life(kept, run, ANNA)
    kept.clock.set(LATER)
    run(kept.watch(0, 61))
    assert any(ANNA.encode() in each.read_bytes() for each in tmp_path.iterdir())
    counts = erase(kept, run)
    assert (counts.event_count, counts.contact_count) == (62, 3)
    assert [each.name for each in tmp_path.iterdir() if ANNA.encode() in each.read_bytes()] == []
