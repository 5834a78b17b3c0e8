"""What no version needs any more is dropped, and what is dropped is not counted as if it had never been."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from suasion.v1 import answer_pb2
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as pb
from suasion.v1 import rule_set_service_pb2 as rules_pb

from compiler.facts import Touch
from server.ports import RecordedEvent, State
from server.stores import memory_stores
from server.usecases.housekeeping import Housekeeping
from server.usecases.versions import Versions
from tests.ports.made import reserve, reserved
from tests.server.clock import SetClock, micros
from tests.server.conftest import Run
from tests.server.decide_shop import Shop
from tests.server.messages import at, event, record, subject
from tests.stores import SERVED

YES, NO, UNKNOWN = answer_pb2.ANSWER_YES, answer_pb2.ANSWER_NO, answer_pb2.ANSWER_UNKNOWN
NOW = "2026-06-30T12:00:00+00:00"
DECLARED = """
settings { currency EUR }
profile user { id: text key }
event paid { size: int default 5 }
event view { }
event order { }
event cancel { }
"""
SIXTY = DECLARED + "crowd payer { did paid within 60 days }\n"
NINETY = DECLARED + "crowd payer { did paid within 90 days }\n"
EVER = DECLARED + "crowd payer { did paid ever }\n"
TWICE = DECLARED + "crowd payer { did paid at least 2 times where size > 3 ever }\n"
KINDS = DECLARED + "crowd payer { distinct of paid.size ever >= 1 }\n"
WAITING = """
plan remind {
  on order wait 1 day unless cancel
  send sms "remind"  value 1 EUR  obey nothing
  expires after 40 days
}
decide best { among remind }
"""


def ago(**span: float) -> str:
    return (datetime.fromisoformat(NOW) - timedelta(**span)).isoformat()


class House:
    """A server, and its housekeeping, on a store of its own."""

    def __init__(self, shop: Shop, clock: SetClock, run: Run) -> None:
        self.shop, self.run = shop, run
        self.keeping = Housekeeping(shop.stores, Versions(shop.stores.rules, clock), clock)

    def activate(self, rules: str) -> None:
        self.run(self.shop.running.client.activate(rules))

    def record(self, type: str, *days: float, user: str = "u1") -> None:
        events = [event(f"{type}-{each}-{user}", type, ago(days=each), user) for each in days]
        self.run(self.shop.facts.RecordEvents(record(*events)))

    def keep(self) -> None:
        self.run(self.keeping.round())

    def kept(self, type: str, user: str = "u1") -> list[str]:
        found = self.run(self.shop.stores.events.fetch(user, {type: None}, 2**60))
        return [each.id for each in found.events[type]]

    def backfill(self, type: str, *days: float, user: str) -> None:
        events = [event(f"{type}-{each}-{user}", type, ago(days=each), user) for each in days]
        self.run(self.shop.facts.Backfill(pb.BackfillRequest(events=events)))

    def payer(self, user: str = "u1") -> Any:
        request = decisions_pb.CheckCrowdsRequest(subject=subject(user), crowds=["payer"])
        return self.run(self.shop.decisions.CheckCrowds(request)).answers[0].answer


@pytest.fixture(params=SERVED)
def house(request: pytest.FixtureRequest, tmp_path: Path, run: Run) -> Iterator[Callable[[str], House]]:
    opened: list[Shop] = []

    def open(rules: str) -> House:
        clock = SetClock(NOW)
        opened.append(run(Shop.open(SERVED[request.param](request, tmp_path)(), clock, rules)))
        return House(opened[0], clock, run)

    yield open
    run(opened[0].running.stop())


Open = Callable[[str], House]


def test_events_are_kept_as_far_back_as_rules_look_and_somewhat_longer(house: Open) -> None:
    shop = house(SIXTY)
    shop.record("paid", 1, 59, 61, 62.1, 300)
    shop.keep()
    assert shop.kept("paid") == ["paid-61-u1", "paid-59-u1", "paid-1-u1"]
    assert shop.payer() == YES


def test_what_no_rule_looks_at_is_kept_for_a_month(house: Open) -> None:
    shop = house(SIXTY)
    shop.record("view", 29, 31)
    shop.keep()
    assert shop.kept("view") == ["view-29-u1"]


def test_what_was_dropped_is_unknown_to_longer_windows_until_backfilled(house: Open) -> None:
    shop = house(SIXTY)
    shop.record("paid", 80)
    shop.keep()
    shop.activate(NINETY)
    assert shop.payer() == UNKNOWN
    shop.run(shop.shop.facts.Backfill(pb.BackfillRequest(events=[event("paid-80-u1", "paid", ago(days=80))])))
    horizon = pb.Horizon(event_type="paid", known_since_time=at(ago(days=95)))
    shop.run(shop.shop.facts.SetHorizon(pb.SetHorizonRequest(horizon=horizon)))
    assert shop.payer() == YES
    shop.keep()
    assert shop.payer() == YES


def test_a_type_of_which_nothing_was_dropped_has_no_horizon(house: Open) -> None:
    shop = house(SIXTY)
    shop.record("paid", 59)
    shop.keep()
    assert shop.run(shop.shop.stores.events.horizons()) == {}
    shop.activate(NINETY)
    assert shop.payer() == YES


# ---- what is looked at for ever


def test_what_no_total_tells_is_kept_for_ever(house: Open) -> None:
    shop = house(KINDS)
    shop.record("paid", 3000)
    shop.keep()
    assert shop.kept("paid") == ["paid-3000-u1"]
    assert shop.payer() == YES


def test_a_total_tells_for_ever_of_what_is_dropped(house: Open) -> None:
    shop = house(EVER)
    shop.record("paid", 3000, 20)
    shop.record("paid", 3000, user="u2")
    shop.keep()
    assert (shop.kept("paid"), shop.kept("paid", "u2")) == (["paid-20-u1"], [])
    assert [shop.payer(user) for user in ("u1", "u2", "u3")] == [YES, YES, NO]


def test_late_events_and_repeats_count_once(house: Open) -> None:
    shop = house(TWICE)
    shop.record("paid", 3000)
    shop.keep()
    assert shop.payer() == NO
    shop.record("paid", 3000)
    assert shop.payer() == NO, "it is a repeat"
    shop.record("paid", 2999)
    assert shop.payer() == YES, "it is late"
    shop.keep()
    assert (shop.kept("paid"), shop.payer()) == ([], YES)


def test_a_rule_that_comes_later_counts_what_is_kept_and_waits_for_backfill(house: Open) -> None:
    shop = house(SIXTY)
    shop.record("paid", 50, 40)
    shop.activate(TWICE)
    shop.record("paid", 3000, 2999, user="u2")
    shop.keep()
    assert (shop.kept("paid"), shop.kept("paid", "u2")) == (["paid-50-u1", "paid-40-u1"], [])
    assert (shop.payer(), shop.payer("u2")) == (YES, YES)
    shop.activate(TWICE.replace("3 ever", "4 ever"))
    assert (shop.payer(), shop.payer("u2")) == (UNKNOWN, UNKNOWN)
    shop.keep()
    assert (shop.payer(), shop.payer("u2")) == (UNKNOWN, UNKNOWN)
    shop.backfill("paid", 3000, 2999, user="u2")
    always = pb.SetHorizonRequest(horizon=pb.Horizon(event_type="paid"))
    shop.run(shop.shop.facts.SetHorizon(always))
    for _ in range(2):
        assert (shop.payer(), shop.payer("u2")) == (YES, YES)
        shop.activate(TWICE.replace("2 times", "3 times"))
        assert (shop.payer(), shop.payer("u2")) == (NO, NO)
        shop.activate(TWICE.replace("3 ever", "4 ever"))
        shop.keep()
    assert shop.kept("paid", "u2") == []


def test_nothing_is_left_of_totals_of_whom_was_erased(house: Open) -> None:
    shop = house(EVER)
    shop.record("paid", 3000)
    shop.keep()
    erased = shop.run(shop.shop.facts.EraseUser(pb.EraseUserRequest(user_id="u1")))
    assert erased.event_count == 1
    assert shop.payer() == NO


def test_all_kept_versions_count_until_they_are_revoked(house: Open) -> None:
    shop = house(KINDS)
    ever = shop.run(shop.shop.running.client.rules.Get(rules_pb.RuleSetServiceGetRequest())).rule_set.version
    shop.activate(SIXTY)
    shop.record("paid", 3000)
    shop.keep()
    assert shop.kept("paid") == ["paid-3000-u1"]
    shop.run(shop.shop.running.client.rules.Revoke(rules_pb.RuleSetServiceRevokeRequest(version=ever)))
    shop.keep()
    assert shop.kept("paid") == []


def test_what_an_open_occurrence_rests_on_is_kept(house: Open) -> None:
    shop = house(SIXTY + WAITING)
    shop.record("order", 39, 50)
    shop.record("order", 39, user="u2")
    shop.record("cancel", 38, 50, user="u2")
    shop.keep()
    assert shop.kept("order") == ["order-39-u1"]
    assert shop.kept("cancel", "u2") == ["cancel-38-u2"]


def test_a_plan_without_an_end_keeps_what_triggers_it(house: Open) -> None:
    shop = house(SIXTY + WAITING.replace("expires after 40 days", ""))
    shop.record("order", 300)
    shop.record("cancel", 300)
    shop.keep()
    assert (shop.kept("order"), shop.kept("cancel")) == (["order-300-u1"], ["cancel-300-u1"])


def test_without_rules_nothing_is_known_to_be_of_no_use(run: Run) -> None:
    stores, clock = memory_stores(), SetClock(NOW)
    run(stores.events.append([RecordedEvent("e1", "paid", "u1", 0, b"{}")]))
    run(Housekeeping(stores, Versions(stores.rules, clock), clock).round())
    assert run(stores.events.latest()) == 0


def test_a_repeat_is_known_for_thirty_days(house: Open) -> None:
    shop = house(SIXTY + WAITING)
    first = shop.run(shop.shop.decide("best", request_id="r1"))
    for days, known in ((30, True), (31, False)):
        shop.shop.clock.set(ago(days=-days))
        shop.keep()
        assert (shop.run(shop.shop.decide("best", request_id="r1")) == first) is known


def test_what_timers_decided_can_be_watched_for_seven_days(house: Open) -> None:
    shop = house(SIXTY + WAITING)
    shop.record("order", 1)
    assert len(shop.run(shop.shop.watch(0, 1))) == 1
    for days, kept in ((7, 1), (8, 0)):
        shop.shop.clock.set(ago(days=-days))
        shop.keep()
        assert len(shop.run(shop.shop.stores.outbox.read(0, 9))) == kept


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        ("", 1),
        ("policy calm default { cap all 1 in any 500 days }", 2),
        ("campaign spring { once per user }", 3),
    ],
)
def test_contacts_are_kept_for_a_year_and_as_long_as_limits_look_back(
    house: Open, limit: str, kept: int
) -> None:
    part = "part of spring" if "spring" in limit else ""
    plan = (
        f'plan hello {{ {part} send sms "hello" value 1 EUR obey nothing }} decide best {{ among hello }}\n'
    )
    shop = house(DECLARED + limit + "\n" + plan)
    for days in (1000, 500, 399):
        touch = Touch(micros(ago(days=days)), "hello", "sms", frozenset(), True, "spring", f"hello/{days}")
        contact = reserved(str(days), touch.time, touch=touch, state=State.CONFIRMED)
        shop.run(reserve(shop.shop.stores, contact))
    shop.keep()
    assert len(shop.run(shop.shop.stores.contacts.contacts("u1", None, 9))) == kept
