"""What decisions were told, and knew, becomes an event history."""

from __future__ import annotations

import json
from pathlib import Path

from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb

from server.histories import history
from server.stores import memory_stores
from server.wiring import decision_log
from tests.replay.histories import life, record_import, relived
from tests.server.clock import SetClock, micros
from tests.server.conftest import Run, Running, run
from tests.server.messages import eur, event, profile, record, subject

__all__ = ["run"]
SHOP = """
profile user { id: text key  tier: choice(free, pro) default free  phone: text optional private }
event cart_add { sku: text  price: money EUR }
event call { number: text private }
list staff
settings { timezone "Europe/Berlin"  currency EUR }
plan nudge { for staff  on cart_add where price > 5 EUR  send push "nudge" }
crowd keen { tier is pro and did cart_add where sku is "a" ever }
crowd callers { did call where number is "1" ever }
crowd others = keen except staff
plan offer { for others  send push "offer" }
plan call_back { for callers  send push "call" }
decide best { among nudge, offer, call_back }
"""
NOON = "2026-03-03T12:00:00+00:00"


async def asked(running: Running, clock: SetClock) -> None:
    """Events of u1 and u2, of which decisions are told; two of a third, about whom nobody asks."""
    await running.client.activate(SHOP)
    await running.client.facts.LoadList(facts_pb.LoadListRequest(list="staff", user_ids=["u1"]))
    await running.client.facts.UpsertProfiles(profile(tier="pro"))
    told = [event("e1", "cart_add", NOON, sku="a", price=eur("7.00")), event("c1", "call", NOON, number="1")]
    other = event("e9", "cart_add", NOON, sku="b", price=eur("8.00"))
    other.user_id = "u9"
    await running.client.facts.RecordEvents(record(*told, other))
    for minute, user in ((10, "u1"), (20, "u2"), (30, "u1")):
        clock.set(f"2026-03-03T12:{minute}:00+00:00")
        late = event(
            f"e-{minute}", "cart_add", f"2026-03-03T12:0{minute // 10}:00+00:00", sku="b", price=eur("9")
        )
        late.user_id = user
        await running.client.decisions.Decide(
            pb.DecideRequest(subject=subject(user), decide="best", event=late)
        )


def test_what_decisions_were_told_of_is_a_history(tmp_path: Path, run: Run) -> None:
    clock = SetClock(NOON)
    log = decision_log(str(tmp_path / "log"))
    running = run(Running.start(memory_stores(), clock=clock, log=log, timers=False))
    run(asked(running, clock))
    run(running.stop())
    envelope = json.loads(record_import(tmp_path / "log", "--to", tmp_path / "history").stdout)
    made = history(tmp_path / "history")
    found = {each.id: each for each in made.events()}
    assert found.keys() == {"e1", "e-10", "e-20", "e-30"}
    assert json.loads(found["e1"].fields) == {"sku": "a", "price": {"amount": "7.00", "currency": "EUR"}}
    assert (found["e1"].time, found["e1"].arrived) == (micros(NOON), micros("2026-03-03T12:10:00+00:00"))
    assert (found["e-20"].user, found["e-20"].time) == ("u2", micros("2026-03-03T12:02:00+00:00"))
    assert sorted(made.profiles()) == [("u1", {"tier": "pro"}, None), ("u2", {"tier": "free"}, None)]
    assert list(made.members()) == [("staff", "u1")]
    (masked,) = envelope["diagnostics"]
    assert (masked["message"], masked["count"]) == ("a field of it is masked", 1)


CONSENTS = """
profile user { id: text key  push_on: flag default false  sms_on: flag default false  phone: text optional private }
event cart_add { }
event call { }
crowd on_push { push_on and did cart_add within 1 day }
crowd on_sms { sms_on and phone is missing }
policy gentle default { cap all 1 in any 1 hour }
plan nudge { for on_push  on cart_add  send push "nudge" }
plan ring { for on_sms  on call  send push "ring" }
decide carts { among nudge }
decide calls { among ring }
"""


async def asked_of_consents(running: Running, clock: SetClock) -> None:
    """Two of each question, each of which looks at consents of its own; one of them is given in between."""
    await running.client.activate(CONSENTS)
    await running.client.facts.UpsertProfiles(profile(push_on=True, phone="1"))
    for hour, decide, type in ((12, "carts", "cart_add"), (13, "calls", "call"), (14, "calls", "call")):
        clock.set(f"2026-03-03T{hour}:00:00+00:00")
        if hour == 14:
            await running.client.facts.UpsertProfiles(profile(sms_on=True))
        happening = event(f"e{hour}", type, f"2026-03-03T{hour}:00:00+00:00")
        await running.client.decisions.Decide(
            pb.DecideRequest(subject=subject("u1"), decide=decide, event=happening)
        )


def test_of_users_is_known_what_any_decision_knew_at_its_time(tmp_path: Path, run: Run) -> None:
    clock = SetClock(NOON)
    running = run(
        Running.start(memory_stores(), clock=clock, log=decision_log(str(tmp_path / "log")), timers=False)
    )
    run(asked_of_consents(running, clock))
    run(running.stop())
    record_import(tmp_path / "log", "--to", tmp_path / "history")
    known = sorted(history(tmp_path / "history").profiles(), key=lambda each: each.since or 0)
    assert known == [
        ("u1", {"push_on": True, "sms_on": False}, None),
        ("u1", {"sms_on": True}, micros("2026-03-03T14:00:00+00:00")),
    ]
    sends = relived(tmp_path / "history", life(CONSENTS)).sends()
    assert [(id, content) for _, id, _, content in sends] == [("e12/carts", "nudge"), ("e14/calls", "ring")]
