"""Versions serve when they are to, once, and only if they may by then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import rule_set_service_pb2 as pb

from server.rpc.endpoint import Access
from server.stores import memory_stores, sqlite_stores
from server.wiring import jwt_tokens
from tests.server.clock import SetClock, micros
from tests.server.conftest import Run, Running
from tests.server.decide_shop import TEN
from tests.server.papers import secret_file
from tests.server.test_reviews import PRECONDITION, House, rules

MINUTE = 60 * 10**6


def at(minutes: int) -> Timestamp:
    time = Timestamp()
    time.FromMicroseconds(micros(TEN) + minutes * MINUTE)
    return time


@pytest.fixture
def house(run: Run, tmp_path: Path) -> Iterator[House]:
    access = Access(jwt_tokens([secret_file(tmp_path)]))
    running = run(Running.start(memory_stores(), clock=SetClock(TEN), access=access, timers=False))
    yield House(running, run)
    run(running.stop())


def served(house: House) -> list[str]:
    """What serves once it was looked what is due."""
    house.run(house.running.service.schedules.start_due())
    release = house.running.service.active.release
    return list(release.serves) if release else []


def clock(house: House) -> SetClock:
    found = house.running.service.schedules._clock
    assert isinstance(found, SetClock)
    return found


def test_a_version_serves_when_it_is_to(house: House) -> None:
    first, second = house.approved(rules("a")), house.approved(rules("b"))
    house.call("Activate", "oscar", version=first)
    answer = house.call("Activate", "oscar", version=second, share=0.25, activate_time=at(10), reason="noon")
    assert (answer.schedule.version, answer.schedule.activate_time, answer.release.epoch) == (
        second,
        at(10),
        0,
    )
    assert served(house) == [first]
    [to_come] = house.call("ListSchedules", "anna").schedules
    assert (to_come.version, to_come.share, to_come.actor, to_come.reason) == (second, 0.25, "oscar", "noon")
    clock(house).put(micros(TEN) + 10 * MINUTE)
    assert served(house) == [first, second]
    assert not house.call("ListSchedules", "anna").schedules
    assert house.audit(second)[:2] == [("activated", "oscar", second), ("scheduled", "oscar", second)]
    assert house.call("Get", "anna", version=second).rule_set.share == 0.25


def test_what_is_not_fit_is_not_scheduled(house: House) -> None:
    version = house.publish("anna", rules("a"))
    assert house.refusal("Activate", "oscar", version=version, activate_time=at(1)) == (
        PRECONDITION,
        "NOT_APPROVED",
    )
    assert house.refusal("Activate", "oscar", version="f" * 64, activate_time=at(1))[1] == "UNKNOWN_VERSION"
    assert house.refusal("Unschedule", "oscar", version=version) == (PRECONDITION, "NOT_SCHEDULED")
    assert house.refusal("Unschedule", "oscar", version="")[1] == "INVALID_REQUEST"
    bad = Timestamp(seconds=-(10**14))
    assert house.refusal("Activate", "oscar", version=version, activate_time=bad)[1] == "INVALID_REQUEST"


def test_what_is_not_fit_any_more_is_given_up_on_record(house: House) -> None:
    version = house.approved(rules("a"))
    house.call("Activate", "oscar", version=version, activate_time=at(1))
    house.call("Reject", "bea", version=version, reason="wrong price")
    clock(house).put(micros(TEN) + MINUTE)
    assert served(house) == []
    act, *_ = house.call("ListAudit", "anna", version=version).acts
    assert act.deed == pb.DEED_UNSCHEDULED and "rejected" in act.reason
    assert not house.call("ListSchedules", "anna").schedules


def test_what_was_called_off_does_not_serve(house: House) -> None:
    version = house.approved(rules("a"))
    house.call("Activate", "oscar", version=version, activate_time=at(1))
    house.call("Unschedule", "oscar", version=version, reason="rain")
    clock(house).put(micros(TEN) + MINUTE)
    assert served(house) == []
    assert house.audit(version)[0] == ("unscheduled", "oscar", version)


def test_of_many_servers_one_activates(run: Run, tmp_path: Path) -> None:
    time = SetClock(TEN)

    async def opened() -> list[Running]:
        return [
            await Running.start(sqlite_stores(tmp_path / "shop.db"), clock=time, timers=False)
            for _ in range(4)
        ]

    nodes = run(opened())
    first = run(nodes[0].client.activate(rules("a"))).rule_set.version
    second = run(nodes[0].client.activate(rules("b"), activate_time=at(5))).schedule.version
    time.put(micros(TEN) + 5 * MINUTE)

    async def all_look() -> None:
        await asyncio.gather(*(node.service.schedules.start_due() for node in nodes * 4))
        for node in nodes:
            await node.service.releases.catch_up()

    run(all_look())
    releases = run(nodes[0].stores.rules.releases(None, 9))
    assert [each.version for each in releases] == [second, first]
    assert {node.service.active.release for node in nodes} == {releases[0]}
    for node in nodes:
        run(node.stop())
