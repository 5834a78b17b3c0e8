"""What a private service keeps, whatever becomes of it and of whoever started it."""

from __future__ import annotations

import asyncio
import os
import select
import stat
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import aio_pika
import pymysql
import pytest
import redis
from redis.cluster import RedisCluster as ClusterClient

from cli.private.mariadb import HOST, USER, MariaDb
from cli.private.packages import PACKAGES, NotInstalled, missing, program
from cli.private.program import NotStarted
from cli.private.rabbitmq import RabbitMq
from cli.private.redis import Redis, RedisCluster
from tests.backing import await_on_disk


def rows(server: MariaDb, statement: str) -> tuple[tuple[object, ...], ...]:
    place = {"host": HOST, "port": server.port, "user": USER, "password": server.password}
    with pymysql.connect(**place, autocommit=True) as connection, connection.cursor() as cursor:  # type: ignore[arg-type]
        cursor.execute(statement)
        return cursor.fetchall()


def test_mariadb_keeps_what_was_committed_and_its_address(mariadb_server: MariaDb) -> None:
    port = mariadb_server.port
    rows(mariadb_server, "CREATE DATABASE kept")
    rows(mariadb_server, "CREATE TABLE kept.users (id VARCHAR(20))")
    rows(mariadb_server, "INSERT INTO kept.users VALUES ('u1')")
    mariadb_server.kill()
    assert not mariadb_server.running
    mariadb_server.start()
    assert mariadb_server.port == port
    assert rows(mariadb_server, "SELECT id FROM kept.users") == (("u1",),)


def test_mariadb_tells_blanks_and_cases_apart_and_goes_by_utc(mariadb_server: MariaDb, name: str) -> None:
    rows(mariadb_server, f"CREATE DATABASE {name}")
    rows(mariadb_server, f"CREATE TABLE {name}.users (id VARCHAR(20) PRIMARY KEY)")
    rows(mariadb_server, f"INSERT INTO {name}.users VALUES ('a'), ('A'), ('a ')")
    assert rows(mariadb_server, "SELECT @@session.time_zone") == (("+00:00",),)


def test_redis_keeps_what_was_written_when_it_is_stopped(tmp_path: Path) -> None:
    first = Redis(tmp_path)
    first.start()
    with first.client() as client:
        client.set("a", "1")
    first.stop()
    again = Redis(tmp_path)
    again.start()
    with again.client() as client:
        assert (again.url, client.get("a")) == (first.url, b"1")
    again.stop()


def test_settings_of_redis_are_taken(tmp_path: Path) -> None:
    server = Redis(tmp_path, {"maxmemory-policy": "allkeys-lfu"})
    server.start()
    with server.client() as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "allkeys-lfu"}
    server.stop()


def test_a_redis_cluster_has_three_nodes_and_survives_one(
    redis_cluster: RedisCluster, redis_cluster_url: str
) -> None:
    node = redis_cluster.nodes[1]
    with ClusterClient.from_url(redis_cluster_url) as client:
        for each in range(30):
            client.set(f"k{each}", each, ex=600)
        sizes = [node.client().dbsize() for node in redis_cluster.nodes]
        assert sum(sizes) == 30 and all(sizes)
        node.kill()
        assert not redis_cluster.running
        node.start()
        assert [int(client.get(f"k{each}")) for each in range(30)] == list(range(30))


def test_rabbitmq_keeps_a_confirmed_message_when_it_is_killed(rabbitmq_server: RabbitMq, name: str) -> None:
    async def publish() -> None:
        async with await aio_pika.connect(rabbitmq_server.url) as connection:
            channel = await connection.channel(publisher_confirms=True)
            await channel.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum"})
            await channel.default_exchange.publish(aio_pika.Message(b"hello"), name)

    async def get() -> bytes:
        async with await aio_pika.connect(rabbitmq_server.url) as connection:
            queue = await (await connection.channel()).get_queue(name)
            async with queue.iterator() as messages:
                return (await anext(messages)).body

    asyncio.run(publish())
    await_on_disk(rabbitmq_server, name)
    rabbitmq_server.kill()
    rabbitmq_server.start()
    assert asyncio.run(get()) == b"hello"


def test_nobody_else_may_ask(mariadb_server: MariaDb, redis_server: Redis) -> None:
    with pytest.raises(pymysql.OperationalError, match="Access denied"):
        pymysql.connect(host=HOST, port=mariadb_server.port, user="root")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=redis_server.port).ping()
    secrets = (mariadb_server.directory / "password", redis_server.directory / "redis.conf")
    assert [stat.S_IMODE(file.stat().st_mode) for file in secrets] == [0o600, 0o600]


def test_a_program_that_cannot_start_says_where_it_is_written_why(tmp_path: Path) -> None:
    server = Redis(tmp_path, {"no-such-setting": "1"})
    with pytest.raises(NotStarted, match=r"`.*log` says why"):
        server.start()
    assert "no-such-setting" in server.log.read_text()


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from cli.private.redis import Redis\n"
        "server = Redis(Path(sys.argv[1])); server.start(); print(server.pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        server = os.pidfd_open(int(owner.stdout.readline()))
        owner.kill()
    ended, _, _ = select.select([server], [], [], 60)
    os.close(server)
    assert ended


def test_a_port_is_given_to_one_alone_also_where_all_throw_the_same_dice() -> None:
    code = (
        "import random, sys; from cli.private.program import free_port\n"
        "random.seed(1); print(*(free_port() for _ in range(8)), flush=True); sys.stdin.read()"
    )
    with ExitStack() as living:
        given: list[bytes] = []
        for _ in range(3):
            command = [sys.executable, "-c", code]
            owner = living.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            )
            assert owner.stdout is not None
            given += owner.stdout.readline().split()
    assert len(set(given)) == len(given) == 24


def test_what_is_missing_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("cli.private.packages.PLACES", ("",))
    assert missing() == sorted({*PACKAGES.values()})
    with pytest.raises(NotInstalled, match=r"`redis-server` is not installed; .*`apt install redis-server`"):
        program("redis-server")
