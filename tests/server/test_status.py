"""How a server says that it is."""

from __future__ import annotations

import sqlite3
from importlib.metadata import version
from pathlib import Path
from typing import Any

from suasion.v1 import status_service_pb2 as pb
from suasion.v1.status_service_pb2_grpc import StatusServiceStub

from dsl.version import ENGINE_VERSION
from server.stores import memory_stores, sqlite_stores
from tests.server.conftest import RULES, Run, Running
from tests.server.messages import NOON, at, cart, eur, event, profile, record

STORES = ["rules", "profiles", "events", "lists", "contacts", "timers", "outbox"]


async def status(server: Running) -> Any:
    stub: Any = StatusServiceStub(server.client.channel)  # type: ignore[no-untyped-call]
    return await stub.Status(pb.StatusRequest())


def test_a_server_without_rules_is_not_ready_but_well(bare: Running, run: Run) -> None:
    found = run(status(bare))
    assert not found.ready and not found.versions and not found.HasField("last_load_failure")
    assert [(each.name, each.answers, each.problem) for each in found.stores] == [
        (name, True, "") for name in STORES
    ]


def test_what_serves_is_told_with_clock_and_makers(bare: Running, run: Run) -> None:
    activated = run(bare.client.activate(RULES)).rule_set
    run(bare.client.facts.RecordEvents(record(cart("e1", NOON))))
    found = run(status(bare))
    assert found.ready
    [serves] = found.versions
    assert (serves.version, serves.epoch, serves.share) == (activated.version, 1, 1)
    assert serves.serve_time == activated.activate_time
    assert (found.clock, found.now_time) == ("events", at(NOON))
    assert (found.engine_version, found.tzdata_version) == (ENGINE_VERSION, version("tzdata"))
    assert found.language_edition and found.start_time.seconds > 0
    assert {each.name: each.value for each in found.figures}["suasion.rule_set.plans"] == 3


def test_fields_that_no_rule_declares_are_added_up(shop: Running, run: Run) -> None:
    run(shop.client.facts.UpsertProfiles(profile(shoe_size=44, country="de")))
    run(shop.client.facts.RecordEvents(record(event("e1", "order_paid", total=eur("1.00"), a=1, b=2))))
    figures = {each.name: each.value for each in run(status(shop)).figures}
    assert figures["suasion.facts.undeclared"] == 3


def test_a_store_that_does_not_answer_is_named(tmp_path: Path, run: Run) -> None:
    running = run(Running.start(sqlite_stores(tmp_path / "suasion.db")))
    with sqlite3.connect(tmp_path / "suasion.db") as other:
        other.execute("drop table profiles")
    other.close()
    broken = [each for each in run(status(running)).stores if not each.answers]
    assert [each.name for each in broken] == ["profiles"] and "SQLite" in broken[0].problem
    run(running.stop())


def test_every_store_is_asked(run: Run) -> None:
    stores = memory_stores()
    running = run(Running.start(stores))
    named = [each.name for each in run(status(running)).stores]
    assert set(named) == set(type(stores).__slots__) - {"close", "last_good", "purge"}
    run(running.stop())
