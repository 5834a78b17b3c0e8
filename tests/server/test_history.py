"""History: what is known since when, what is told of long ago, late or ahead of its time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from suasion.v1 import answer_pb2
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as pb

from tests.server.clock import SetClock
from tests.server.conftest import Run, Running, refused
from tests.server.decide_shop import DAY, TEN, Shop
from tests.server.messages import at, error_info, event, record, status_of, subject
from tests.stores import SERVED

YES, NO, UNKNOWN = answer_pb2.ANSWER_YES, answer_pb2.ANSWER_NO, answer_pb2.ANSWER_UNKNOWN
RECORDED, DUPLICATE = pb.RecordEventResult.STATE_RECORDED, pb.RecordEventResult.STATE_DUPLICATE
JANUARY, FEBRUARY = "2026-01-31T00:00:00+00:00", "2026-02-15T00:00:00+00:00"

RULES = """
profile user { id: text key }
event order_created { order: text }
event order_paid { order: text }
event view { }

crowd regular { count of order_paid within 30 days >= 2 }
crowd never_paid { did not order_paid ever }
crowd looks { did view within 7 days }

plan remind {
  on order_created when count of view within 1 hour >= 2
     wait 10 minutes unless order_paid with same order
  send sms "remind"
  value 1 EUR
  obey nothing
  expires after 1 hour
}
decide best { among remind }
settings { currency EUR }
"""


@pytest.fixture(params=SERVED)
def shop(request: pytest.FixtureRequest, tmp_path: Path, run: Run) -> Iterator[Shop]:
    opened = run(Shop.open(SERVED[request.param](request, tmp_path)(), SetClock(TEN), RULES))
    yield opened
    run(opened.running.stop())


def paid(id: str, time: str) -> pb.Event:
    return event(id, "order_paid", time, order=id)


def created(id: str, order: str, time: str = TEN) -> pb.Event:
    return event(id, "order_created", time, order=order)


def backfill(*events: pb.Event) -> pb.BackfillRequest:
    return pb.BackfillRequest(events=events)


def since(type: str, text: str | None) -> pb.SetHorizonRequest:
    return pb.SetHorizonRequest(
        horizon=pb.Horizon(event_type=type, known_since_time=None if text is None else at(text))
    )


def crowds(shop: Shop, run: Run, user: str = "u1") -> dict[str, int]:
    names = ["regular", "never_paid", "looks"]
    request = decisions_pb.CheckCrowdsRequest(subject=subject(user), crowds=names)
    return {each.crowd: each.answer for each in run(shop.decisions.CheckCrowds(request)).answers}


# ---- horizons


def test_a_window_that_reaches_behind_the_horizon_is_unknown_until_backfilled(shop: Shop, run: Run) -> None:
    run(shop.facts.SetHorizon(since("order_paid", DAY + "00:00:00+00:00")))
    run(shop.facts.RecordEvents(record(paid("e1", TEN))))
    assert crowds(shop, run) == {"regular": UNKNOWN, "never_paid": UNKNOWN, "looks": NO}
    run(shop.facts.Backfill(backfill(paid("e0", FEBRUARY))))
    assert crowds(shop, run)["regular"] == UNKNOWN, "more may be missing until it is said that nothing is"
    run(shop.facts.SetHorizon(since("order_paid", JANUARY)))
    assert crowds(shop, run) == {"regular": YES, "never_paid": UNKNOWN, "looks": NO}
    run(shop.facts.SetHorizon(since("order_paid", None)))
    assert crowds(shop, run) == {"regular": YES, "never_paid": NO, "looks": NO}


def test_the_horizon_is_that_of_the_type_for_all_users(shop: Shop, run: Run) -> None:
    assert crowds(shop, run, "stranger")["never_paid"] == YES
    run(shop.facts.SetHorizon(since("order_paid", JANUARY)))
    assert crowds(shop, run, "stranger") == {"regular": NO, "never_paid": UNKNOWN, "looks": NO}


def test_all_horizons_are_told_by_name(shop: Shop, run: Run) -> None:
    answer = run(shop.facts.SetHorizon(since("view", JANUARY)))
    assert answer.horizon == pb.Horizon(event_type="view", known_since_time=at(JANUARY))
    told = run(shop.facts.ListHorizons(pb.ListHorizonsRequest())).horizons
    assert list(told) == [
        pb.Horizon(event_type="order_created"),
        pb.Horizon(event_type="order_paid"),
        answer.horizon,
    ]


def test_only_declared_types_have_a_horizon(shop: Shop, run: Run) -> None:
    error = run(refused(shop.facts.SetHorizon(since("order_payed", JANUARY))))
    assert error.code() is grpc.StatusCode.NOT_FOUND and "`order_paid`" in error.details()
    assert error_info(status_of(error)).reason == "UNKNOWN_NAME"


def test_what_is_not_known_far_enough_back_is_told(shop: Shop, run: Run) -> None:
    def told(crowd: str) -> tuple[list[str], bool]:
        request = decisions_pb.CheckCrowdsRequest(subject=subject(), crowds=[crowd])
        provenance = run(shop.decisions.CheckCrowds(request)).provenance
        return list(provenance.unavailable), provenance.degraded

    assert told("regular") == ([], False)
    run(shop.facts.SetHorizon(since("order_paid", JANUARY)))
    assert told("regular") == ([], False), "thirty days are known"
    assert told("never_paid") == (["event order_paid"], True)
    assert told("looks") == ([], False)


# ---- backfill


def test_history_opens_nothing_and_counts(shop: Shop, run: Run) -> None:
    views = [event(f"v{each}", "view", DAY + "09:59:00+00:00") for each in range(2)]
    answer = run(shop.facts.Backfill(backfill(*views, created("e1", "A", TEN))))
    assert answer.recorded_count == 3
    assert run(shop.stores.events.unjudged_of("u1")) == frozenset()
    assert run(shop.stores.timers.open("u1")) == ()
    assert crowds(shop, run)["looks"] == YES
    run(shop.facts.RecordEvents(record(created("e2", "B", TEN))))
    (waiting,) = run(shop.stores.timers.open("u1"))
    assert waiting.id == "remind/e2", "and it counts at the triggers of later events"


def test_repeated_history_is_known(shop: Shop, run: Run) -> None:
    run(shop.facts.Backfill(backfill(paid("e1", JANUARY))))
    answer = run(
        shop.facts.Backfill(backfill(paid("e1", JANUARY), paid("e1", FEBRUARY), paid("e2", JANUARY)))
    )
    assert [each.state for each in answer.results] == [DUPLICATE, 0, RECORDED]
    assert error_info(answer.results[1].error).reason == "EVENT_ID_REUSED"
    again = run(shop.facts.RecordEvents(record(paid("e1", JANUARY))))
    assert again.duplicate_count == 1


def test_history_moves_no_clock(bare: Running, run: Run) -> None:
    run(bare.client.activate(RULES))
    run(bare.client.facts.RecordEvents(record(event("v1", "view", JANUARY))))
    run(bare.client.facts.Backfill(backfill(paid("e1", FEBRUARY))))
    request = decisions_pb.ListCrowdsRequest(subject=subject())
    assert run(bare.client.decisions.ListCrowds(request)).provenance.evaluate_time == at(JANUARY)


# ---- late, and ahead of its time


def views(*times: str) -> list[pb.Event]:
    return [event(f"v{time}", "view", DAY + time + "+00:00") for time in times]


def test_a_late_event_counts_from_its_arrival_on(shop: Shop, run: Run) -> None:
    run(shop.facts.RecordEvents(record(paid("e1", TEN))))
    assert crowds(shop, run)["regular"] == NO
    run(shop.facts.RecordEvents(record(paid("e2", FEBRUARY))))
    assert crowds(shop, run)["regular"] == YES


def test_a_late_trigger_is_judged_as_of_its_own_time_and_due_at_once(shop: Shop, run: Run) -> None:
    run(shop.facts.RecordEvents(record(*views("08:50:00", "09:10:00", "09:55:00"))))
    late = created("late", "A", DAY + "09:20:00+00:00")
    lonely = created("lonely", "B", DAY + "09:52:00+00:00")  # one view in the hour before it, two by now
    run(shop.facts.RecordEvents(record(late, lonely)))
    (told,) = run(shop.watch(0, 1))
    assert told.decision.contact.occurrence == "remind/late"
    assert told.decide_time == at(TEN)
    assert run(shop.stores.timers.open("u1")) == ()


def test_what_came_too_late_has_expired(shop: Shop, run: Run) -> None:
    run(shop.facts.RecordEvents(record(*views("08:10:00", "08:20:00"))))
    run(shop.facts.RecordEvents(record(created("late", "A", DAY + "09:00:00+00:00"))))
    (told,) = run(shop.watch(0, 1))
    assert told.decision.verdict == answer_pb2.VERDICT_NONE
    assert [each.code for plan in told.decision.plans for each in plan.reasons] == ["expired"]


def test_a_late_cancellation_stops_what_was_not_sent(shop: Shop, run: Run) -> None:
    run(shop.facts.RecordEvents(record(*views("09:50:00", "09:55:00"), created("e1", "A"))))
    shop.clock.set(DAY + "10:09:00+00:00")
    run(shop.facts.RecordEvents(record(event("e2", "order_paid", DAY + "10:01:00+00:00", order="A"))))
    shop.clock.set(DAY + "10:10:00+00:00")
    (told,) = run(shop.watch(0, 1))
    assert [each.code for plan in told.decision.plans for each in plan.reasons] == ["cancelled"]


def test_a_future_event_counts_once_its_time_has_come(shop: Shop, run: Run) -> None:
    run(shop.facts.RecordEvents(record(*views("11:00:00", "11:10:00"))))
    run(shop.facts.RecordEvents(record(created("e1", "A", DAY + "11:20:00+00:00"))))
    assert crowds(shop, run)["looks"] == NO
    assert run(shop.stores.timers.open("u1")) == ()
    shop.clock.set(DAY + "11:20:00+00:00")
    assert crowds(shop, run)["looks"] == YES
    shop.clock.set(DAY + "11:30:00+00:00")
    (told,) = run(shop.watch(0, 1))
    assert told.decision.contact.occurrence == "remind/e1"
    assert told.decide_time == at(DAY + "11:30:00+00:00")
