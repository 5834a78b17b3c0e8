"""Health, reflection, restarts, and what an address may be."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from suasion.v1 import answer_pb2
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1 import rule_set_service_pb2 as rules_pb

from server.rpc.endpoint import CannotListen
from server.stores import memory_stores, sqlite_stores
from server.wiring import Service
from tests.server.conftest import BY_EACH_TRANSPORT, RULES, Run, Running, refused
from tests.server.messages import NOON, at, cart, error_info, profile, record, status_of, subject

pytestmark = BY_EACH_TRANSPORT
SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING
SERVICES = ["", "suasion.v1.DecisionService", "suasion.v1.FactService", "suasion.v1.RuleSetService"]


def health(server: Running, run: Run) -> list[int]:
    stub: Any = health_pb2_grpc.HealthStub(server.client.channel)
    return [run(stub.Check(health_pb2.HealthCheckRequest(service=name))).status for name in SERVICES]


def test_what_needs_rules_is_healthy_once_there_are_some(bare: Running, run: Run) -> None:
    assert health(bare, run) == [NOT_SERVING, NOT_SERVING, NOT_SERVING, SERVING]
    run(bare.client.activate(RULES))
    assert health(bare, run) == [SERVING] * 4
    run(refused(bare.client.activate("crowd")))
    assert health(bare, run) == [SERVING] * 4


def test_a_watcher_hears_of_rules_and_of_the_end(run: Run) -> None:
    async def watch() -> list[int]:
        running = await Running.start(memory_stores())
        stub: Any = health_pb2_grpc.HealthStub(running.client.channel)
        call = stub.Watch(health_pb2.HealthCheckRequest(service=""))
        heard = [(await call.read()).status]
        await running.client.activate(RULES)
        heard.append((await call.read()).status)
        await running.service.endpoint.say_farewell()
        heard.append((await call.read()).status)
        call.cancel()
        await running.stop()
        return heard

    assert run(watch()) == [NOT_SERVING, SERVING, NOT_SERVING]


def test_what_is_under_way_is_finished_and_calls_are_taken_for_a_while(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stopped() -> list[int]:
        running = await Running.start(memory_stores())
        await running.client.activate(RULES)
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def fetch(user: str) -> dict[str, Any]:
            begun.set()
            await go_on.wait()
            return {}

        monkeypatch.setattr(running.stores.profiles, "fetch", fetch)
        slow = asyncio.ensure_future(running.client.decisions.ListCrowds(list_crowds))
        await begun.wait()
        stopping = asyncio.create_task(running.service.stop(linger=1_000_000))
        rules = await running.client.rules.Get(rules_pb.RuleSetServiceGetRequest())
        go_on.set()
        answer = await slow
        await running.service.endpoint.hurry()
        await stopping
        await running.client.channel.close()
        return [answer.crowd_count, len(rules.rule_set.crowds)]

    list_crowds = decisions_pb.ListCrowdsRequest(subject=subject())
    assert run(stopped()) == [3, 3]


def test_streams_end_with_the_server_and_say_where_to_go_on(run: Run) -> None:
    async def ends() -> list[grpc.aio.AioRpcError]:
        running = await Running.start(memory_stores())
        await running.client.activate(RULES)
        stub: Any = health_pb2_grpc.HealthStub(running.client.channel)
        watching = stub.Watch(health_pb2.HealthCheckRequest(service=""))
        await watching.read()
        telling = running.client.facts.StreamEvents()
        await telling.write(facts_pb.StreamEventsRequest(events=[cart("e1", NOON)]))
        assert (await telling.read()).recorded_count == 1
        stopping = asyncio.create_task(running.service.stop())
        assert (await watching.read()).status == NOT_SERVING
        errors = [await refused(watching.read())]
        errors.append(await refused(telling.read()))
        await stopping
        await running.client.channel.close()
        return errors

    for error in run(ends()):
        assert error.code() is grpc.StatusCode.UNAVAILABLE
        assert error_info(status_of(error)).reason == "SERVER_ENDING"


async def reflected(server: Running) -> list[str]:
    channel: Any = server.client.channel
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    answer = await stub.ServerReflectionInfo(iter([request])).read()
    return [each.name for each in answer.list_services_response.service]


def test_reflection_lists_the_services(bare: Running, run: Run) -> None:
    assert set(run(reflected(bare))) >= {*SERVICES[1:], "grpc.health.v1.Health"}


def test_reflection_is_off_unless_asked_for(run: Run) -> None:
    running = run(Running.start(memory_stores()))
    error = run(refused(reflected(running)))
    assert error.code() is grpc.StatusCode.UNIMPLEMENTED
    run(running.stop())


def test_an_unknown_method_is_unimplemented(bare: Running, run: Run) -> None:
    call: Any = bare.client.channel.unary_unary("/suasion.v1.DecisionService/Guess")
    assert run(refused(call(b""))).code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("listen", ["nowhere.invalid:0", "127.0.0.1:99999", "127.0.0.1", ""])
def test_an_address_that_cannot_be_had_is_refused(run: Run, listen: str) -> None:
    service = run(Service.build(memory_stores()))
    with pytest.raises(CannotListen, match="cannot listen"):
        run(service.start(listen))
    run(service.stop())


def test_an_address_is_not_shared_with_another_server(bare: Running, run: Run) -> None:
    service = run(Service.build(memory_stores()))
    with pytest.raises(CannotListen):
        run(service.start(bare.address))
    run(service.stop())


def test_a_restarted_server_knows_what_it_knew(tmp_path: Path, run: Run) -> None:
    async def before() -> str:
        running = await Running.start(sqlite_stores(tmp_path / "suasion.db"), clock="events")
        version: str = (await running.client.activate(RULES)).rule_set.version
        await running.client.facts.UpsertProfiles(profile(country="de"))
        await running.client.facts.RecordEvents(record(cart("e1", NOON), cart("e2", NOON)))
        await running.client.facts.LoadList(facts_pb.LoadListRequest(list="staff"))
        await running.stop()
        return version

    async def after() -> Any:
        running = await Running.start(sqlite_stores(tmp_path / "suasion.db"), clock="events")
        await running.service.releases.resume()
        answer = await running.client.decisions.ListCrowds(decisions_pb.ListCrowdsRequest(subject=subject()))
        again = await running.client.facts.RecordEvents(record(cart("e1", NOON)))
        await running.stop()
        return answer, again.duplicate_count

    version = run(before())
    answer, duplicates = run(after())
    assert answer.provenance.version == version and duplicates == 1
    assert [each.crowd for each in answer.crowds] == ["hot_cart", "german", "rescue"]
    assert answer.provenance.evaluate_time == at(NOON)


@pytest.mark.parametrize(
    ("table", "unavailable"),
    [
        ("profiles", ["user.country", "user.email_ok", "user.timezone"]),
        ("events", ["event cart_add", "event order_paid"]),
        ("members", ["list do_not_contact", "list staff"]),
        ("contacts", ["touches"]),
    ],
)
def test_a_store_that_fails_makes_answers_degraded_and_marketing_blocked(
    tmp_path: Path, run: Run, table: str, unavailable: list[str]
) -> None:
    running = run(Running.start(sqlite_stores(tmp_path / "suasion.db")))
    run(running.client.activate(RULES))
    for name in ("staff", "do_not_contact"):
        run(running.client.facts.LoadList(facts_pb.LoadListRequest(list=name)))
    with sqlite3.connect(tmp_path / "suasion.db") as other:
        other.execute(f"drop table {table}")
    other.close()
    request = decisions_pb.MatchPlanRequest(subject=subject(), as_of_time=at(NOON))
    answer = run(running.client.decisions.MatchPlan(request))
    assert answer.provenance.degraded and list(answer.provenance.unavailable) == unavailable
    certain = table in ("events", "profiles")  # hello asks for neither, nor for anything that is not known
    assert (answer.verdict == answer_pb2.VERDICT_SEND) is certain
    run(running.stop())


def test_a_store_that_fails_to_record_says_so(tmp_path: Path, run: Run) -> None:
    running = run(Running.start(sqlite_stores(tmp_path / "suasion.db")))
    run(running.client.activate(RULES))
    with sqlite3.connect(tmp_path / "suasion.db") as other:
        other.execute("drop table events")
    other.close()
    error = run(refused(running.client.facts.RecordEvents(record(cart("e1", NOON)))))
    assert error.code() is grpc.StatusCode.UNAVAILABLE
    assert error_info(status_of(error)).reason == "STORE_UNAVAILABLE"
    run(running.stop())
