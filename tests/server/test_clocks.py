"""Nodes whose clocks do not agree: none grants what another has granted already, a moment later by its own clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from suasion.v1 import answer_pb2, contact_service_pb2

from server.ports import Clock
from tests.server.clock import SetClock
from tests.server.conftest import Run, refused
from tests.server.decide_shop import DAY, TEN, Shop
from tests.server.messages import event, record, subject
from tests.stores import SHARED

RULES = """
policy once_a_day default { cap push 1 per day }
event paid { }
plan ping { send push "ping" }
decide pings { among ping }
"""
SEND, BLOCK = answer_pb2.VERDICT_SEND, answer_pb2.VERDICT_BLOCK


class Nodes:
    """Two on one store."""

    def __init__(self, open_stores: Any, run: Run) -> None:
        self._open, self._run = open_stores, run
        self.all: list[Shop] = []

    def __call__(self, *clocks: str | Clock) -> list[Shop]:
        for clock in clocks:
            opened = Shop.open(self._open(), clock, RULES if not self.all else None, timers=False)
            self.all.append(self._run(opened))
        return self.all


@pytest.fixture(params=SHARED)
def nodes(request: pytest.FixtureRequest, tmp_path: Path, run: Run) -> Iterator[Nodes]:
    made = Nodes(SHARED[request.param](request, tmp_path), run)
    yield made
    for each in made.all:
        run(each.running.stop())


def test_a_contact_of_a_moment_ahead_counts(nodes: Nodes, run: Run) -> None:
    ahead, behind = nodes(SetClock(DAY + "10:00:01.5+00:00"), SetClock(TEN))
    assert run(ahead.decide("pings")).verdict == SEND
    assert run(behind.decide("pings")).verdict == BLOCK
    request = contact_service_pb2.ReserveRequest(subject=subject("u1"), plan="ping")
    assert run(behind.running.client.contacts.Reserve(request)).verdict == BLOCK


def test_who_is_far_behind_grants_nothing(nodes: Nodes, run: Run) -> None:
    ahead, behind = nodes(SetClock(DAY + "10:00:03+00:00"), SetClock(TEN))
    assert run(ahead.decide("pings")).verdict == SEND
    failure = run(refused(behind.decide("pings")))
    assert failure.code() is grpc.StatusCode.UNAVAILABLE
    assert "clock" in failure.details() and "3.0 s" in failure.details()
    assert run(behind.decide("pings", user="u2")).verdict == SEND


def test_a_clock_of_events_hears_of_later_contacts(nodes: Nodes, run: Run) -> None:
    """Events lead each node for itself, hours apart."""
    one, other = nodes("events", "events")
    run(one.facts.RecordEvents(record(event("e1", "paid", TEN))))
    run(other.facts.RecordEvents(record(event("e2", "paid", DAY + "07:00:00+00:00", "u2"))))
    assert run(one.decide("pings")).verdict == SEND
    assert run(other.decide("pings")).verdict == BLOCK
