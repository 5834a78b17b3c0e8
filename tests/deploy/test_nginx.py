"""The gateway of `deploy/nginx`, on a real nginx before real servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.subject_pb2 import Subject

from cli.private.packages import place
from tests.deploy.nginx import CONFIGURATION, Nginx
from tests.reliability.claims import RULES
from tests.reliability.places import on_sqlite
from tests.reliability.process import Client, Server
from tests.reliability.rolling import GRANTS, load
from tests.server.conftest import refused

pytestmark = pytest.mark.skipif(place("nginx") is None, reason="nginx is not installed")
RATE, ANSWERED = 50, 100
NOWHERE = "127.0.0.1:1"


@asynccontextmanager
async def gateway(folder: Path) -> AsyncIterator[tuple[Nginx, list[Server]]]:
    """Before two servers on one store."""
    servers = [Server(RULES, on_sqlite(folder)) for _ in range(2)]
    for each in servers:
        await each.start()
    nginx = Nginx(folder / "nginx", [each.address for each in servers])
    await asyncio.to_thread(nginx.start)
    try:
        yield nginx, servers
    finally:
        await asyncio.to_thread(nginx.stop)
        for each in servers:
            await each.stop()


async def more_answered(count: Callable[[], int]) -> None:
    until = count() + ANSWERED
    async with asyncio.timeout(120):
        while count() < until:
            await asyncio.sleep(0.05)


def test_a_server_that_dies_or_ends_behind_the_gateway_loses_no_call(tmp_path: Path) -> None:
    async def loaded() -> tuple[list[str], int]:
        end = asyncio.Event()
        async with gateway(tmp_path) as (nginx, servers):
            calls, loading = load(nginx.address, RATE, end)
            for server, ends in ((servers[0], Server.kill), (servers[1], Server.stop)):
                await more_answered(lambda: len(calls.seconds))
                await ends(server)
                await more_answered(lambda: len(calls.seconds))
                await server.start()
            await more_answered(lambda: len(calls.seconds))
            end.set()
            await loading
        return calls.failed, len(calls.seconds)

    failed, made = asyncio.run(loaded())
    assert not failed, failed[:3]
    granted = len(range(0, made, GRANTS))
    contacts = on_sqlite(tmp_path).rows("select count(*), count(distinct user_id) from contacts")
    assert contacts == [(granted, granted)]


def test_streams_health_and_what_there_is_not(tmp_path: Path) -> None:
    async def asked() -> None:
        async with gateway(tmp_path) as (nginx, servers):
            client = Client(nginx.address)
            watching = client.decisions.Watch(pb.WatchRequest())
            telling = client.facts.StreamEvents()
            await telling.write(facts_pb.StreamEventsRequest())
            assert (await telling.read()).recorded_count == 0
            health: Any = health_pb2_grpc.HealthStub(client.channel)
            checked = await health.Check(health_pb2.HealthCheckRequest())
            assert checked.status == health_pb2.HealthCheckResponse.SERVING
            unknown = await refused(health.Watch(health_pb2.HealthCheckRequest()).read())
            assert unknown.code() is grpc.StatusCode.UNIMPLEMENTED
            wrong = await refused(client.decisions.CheckCrowds(pb.CheckCrowdsRequest(crowds=["no_such"])))
            assert wrong.code() is grpc.StatusCode.INVALID_ARGUMENT and dict(wrong.trailing_metadata())
            for each in servers:
                await each.stop()
            assert (await refused(watching.read())).code() is grpc.StatusCode.UNAVAILABLE
            assert (await refused(telling.read())).code() is grpc.StatusCode.UNAVAILABLE
            request = pb.MatchPlanRequest(subject=Subject(user_id="u1"), decide="hellos")
            alone = await refused(client.decisions.MatchPlan(request))
            assert (alone.code(), alone.details()) == (
                grpc.StatusCode.UNAVAILABLE,
                "no server answers, try again",
            )
            await client.close()

    asyncio.run(asked())


def test_too_many_calls_of_a_client_are_told_to_come_again(tmp_path: Path) -> None:
    text = CONFIGURATION.read_text(encoding="utf-8").replace("suasion_clients 1000", "suasion_clients 1")

    async def asked(address: str) -> list[grpc.StatusCode]:
        client = Client(address)
        calls = [client.decisions.MatchPlan(pb.MatchPlanRequest(), timeout=60) for _ in range(2)]
        done, waiting = await asyncio.wait(
            [asyncio.ensure_future(refused(each)) for each in calls], return_when=asyncio.FIRST_COMPLETED
        )
        for each in waiting:
            each.cancel()
        await client.close()
        return [each.result().code() for each in done]

    # A server that takes connections and says nothing.
    async def silent() -> list[grpc.StatusCode]:
        async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        server = await asyncio.start_server(hold, "127.0.0.1", 0)
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        nginx = Nginx(tmp_path, [address, address], text)
        await asyncio.to_thread(nginx.start)
        try:
            return await asked(nginx.address)
        finally:
            await asyncio.to_thread(nginx.stop)
            server.close()

    assert asyncio.run(silent()) == [grpc.StatusCode.RESOURCE_EXHAUSTED]
