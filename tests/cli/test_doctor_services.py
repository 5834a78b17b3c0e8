"""What a server stands on: each thing that can be wrong with it is found on a real one, and nothing is changed."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aio_pika
import pytest

from cli.doctor_broker import rabbitmq as look_at_rabbitmq
from cli.doctor_findings import Finding, State
from cli.doctor_services import mariadb, mysql_connection, row, skew, version
from cli.doctor_services import redis_server as look_at_redis
from cli.private.program import become
from cli.private.redis import Redis, RedisCluster
from server.stores import mariadb_stores


def found(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {each.about: each for each in findings}


def rabbitmq(url: str, workspace: str = "nobody") -> Iterable[Finding]:
    return look_at_rabbitmq(url, workspace, ["default"])


def told(url: str, statement: str) -> tuple[Any, ...]:
    with mysql_connection(urlsplit(url)) as connection:
        return row(connection, statement)


@pytest.fixture
def made(mariadb_url: str, tmp_path: Path) -> str:
    """A database with its tables."""
    mariadb_stores(mariadb_url, tmp_path / "last-good").close()
    return mariadb_url


def test_what_is_well_is_well(made: str, redis_url: str, rabbitmq_url: str) -> None:
    findings = [*mariadb(made), *look_at_redis(redis_url), *rabbitmq(rabbitmq_url)]
    assert [each for each in findings if each.state is not State.OK] == []
    assert {each.about for each in findings} == {
        *("mariadb", "mariadb clock", "durability", "collation", "schema"),
        *("redis", "redis clock", "redis memory", "redis disk"),
        *("rabbitmq", "queue", "dead letters"),
    }


def test_a_database_that_is_not_there_is_not_made(mariadb_url: str) -> None:
    name = urlsplit(mariadb_url).path[1:]
    assert f"`{name}` is not there yet" in found(mariadb(mariadb_url))["database"].message
    assert told(mariadb_url, f"SHOW DATABASES LIKE '{name}'") == ()


def test_one_that_is_empty_stays_so(mariadb_url: str) -> None:
    name = urlsplit(mariadb_url).path[1:]
    told(mariadb_url, f"CREATE DATABASE {name}")
    assert "there are no tables yet" in found(mariadb(mariadb_url))["schema"].message
    assert told(mariadb_url, f"SHOW TABLES FROM {name}") == ()


def test_a_collation_that_takes_two_users_for_one(mariadb_url: str) -> None:
    told(mariadb_url, f"CREATE DATABASE {urlsplit(mariadb_url).path[1:]} COLLATE utf8mb4_general_ci")
    finding = found(mariadb(mariadb_url))["collation"]
    assert finding.state is State.WRONG and "COLLATE utf8mb4_nopad_bin" in (finding.way_out or "")


def test_tables_of_another_release(made: str) -> None:
    with mysql_connection(urlsplit(made)) as connection:
        row(connection, f"UPDATE {urlsplit(made).path[1:]}.alembic_version SET version_num = '0000'")
        connection.commit()
    finding = found(mariadb(made))["schema"]
    assert finding.state is State.DOUBTFUL and finding.message.startswith("`0000`, and this release has `")


def test_commits_that_are_not_on_disk(made: str) -> None:
    told(made, "SET GLOBAL innodb_flush_log_at_trx_commit = 2")
    try:
        assert found(mariadb(made))["durability"].state is State.DOUBTFUL
    finally:
        told(made, "SET GLOBAL innodb_flush_log_at_trx_commit = 1")


@pytest.mark.parametrize("look", [mariadb, look_at_redis, rabbitmq])
def test_a_wrong_password_is_no_answer_and_is_not_shown(look: Any, request: pytest.FixtureRequest) -> None:
    fixture = {mariadb: "mariadb_url", look_at_redis: "redis_url", rabbitmq: "rabbitmq_url"}[look]
    url = re.sub(r":[^:/@]*@", ":guessed@", request.getfixturevalue(fixture))
    (finding,) = look(url)
    place = url.split("@")[1].split("/")[0]
    assert finding.state is State.WRONG and f"`{place}` does not answer: " in finding.message
    assert "guessed" not in finding.message and finding.way_out


@pytest.mark.parametrize(
    ("look", "url"),
    [
        (mariadb, "mysql://a:b@127.0.0.1:1/c"),
        (look_at_redis, "redis://127.0.0.1:1"),
        (rabbitmq, "amqp://127.0.0.1:1/"),
    ],
)
def test_nobody_answers(look: Any, url: str) -> None:
    (finding,) = look(url)
    assert finding.state is State.WRONG and "127.0.0.1:1` does not answer" in finding.message
    assert "Errno" not in finding.message and "Traceback" not in finding.message


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("maxmemory", "0", "there is no bound"), ("maxmemory-policy", "noeviction", "nothing new is kept")],
)
def test_a_redis_that_runs_full(
    redis_server: Redis, redis_url: str, name: str, value: str, said: str
) -> None:
    with redis_server.client() as client:
        before = client.config_get(name)
        client.config_set(name, value)
        finding = found(look_at_redis(redis_url))["redis memory"]
        client.config_set(name, before[name])
    assert finding.state is State.DOUBTFUL and said in finding.message


def test_a_cluster_that_lacks_a_node(redis_cluster: RedisCluster, redis_cluster_url: str) -> None:
    assert found(look_at_redis(redis_cluster_url))["redis cluster"].state is State.OK
    redis_cluster.nodes[2].kill()
    assert become(lambda: found(look_at_redis(redis_cluster_url))["redis cluster"].state is State.WRONG)


def test_messages_that_nobody_takes_and_that_could_not_be_taken(rabbitmq_url: str, name: str) -> None:
    """Each look asks a broker, and waits until it counts what was confirmed."""

    async def publish(queue: str) -> None:
        async with await aio_pika.connect(rabbitmq_url) as connection:
            channel = await connection.channel()
            await channel.declare_queue(queue, durable=True, arguments={"x-queue-type": "quorum"})
            await channel.default_exchange.publish(aio_pika.Message(b"{}"), queue)

    def states() -> dict[str, str]:
        return {about: each.message for about, each in found(rabbitmq(rabbitmq_url, name)).items()}

    assert states()["queue"] == f"`suasion.{name}.events.default` is not there yet; a server makes it"
    for queue in (f"suasion.{name}.events.default", f"suasion.{name}.dead"):
        asyncio.run(publish(queue))
    wanted = {
        "queue": f"nobody takes from `suasion.{name}.events.default`; 1 message waiting",
        "dead letters": f"1 message in `suasion.{name}.dead` that could not be taken",
    }
    assert become(lambda: wanted.items() <= states().items())


@pytest.mark.parametrize(("apart", "state"), [(0.0, State.OK), (4.0, State.WRONG), (-4.0, State.WRONG)])
def test_clocks_that_differ(apart: float, state: State) -> None:
    finding = skew("a clock", lambda: time.time() + apart)
    assert finding.state is state
    assert (
        finding.message
        == {
            0.0: "that of this machine",
            4.0: "4 seconds ahead of this machine's",
            -4.0: "4 seconds behind this machine's",
        }[apart]
    )


def test_a_version_that_is_too_old() -> None:
    assert version("redis", "6.0.16", (7, 0)).message == "version 6.0.16; 7.0 at least"
    assert version("mariadb", "10.11.6-MariaDB-0+deb12u1", (10, 6)).state is State.OK
