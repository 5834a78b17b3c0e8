"""Real servers behind the tests, one of each for a run (or for each of its processes), started by the first test that asks.

A test may kill what it is given: the next one that asks finds it running again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TypeVar

import pytest
from redis import Redis as Client
from redis.cluster import RedisCluster as ClusterClient

from cli.private.mariadb import MariaDb
from cli.private.packages import NotInstalled
from cli.private.program import Program, become
from cli.private.rabbitmq import RabbitMq
from cli.private.redis import Redis, RedisCluster

Server = TypeVar("Server", bound=Program | RedisCluster)
Folders = pytest.TempPathFactory
NUMBERS = itertools.count(1)


def lent(server: type[Server], folders: Folders) -> Iterator[Server]:
    try:
        started = server(folders.mktemp(server.__name__))
        started.start()
    except NotInstalled as error:
        pytest.skip(str(error))
    yield started
    started.stop()


def running(server: Server) -> Server:
    if not server.running:
        server.start()
    return server


def await_on_disk(server: RabbitMq, queue: str) -> None:
    """A quorum queue that was declared less than half a second before a crash is lost for good: RabbitMQ writes their names
    down twice a second."""
    (names,) = server.directory.glob("data/*/quorum/*/names.dets")
    assert become(lambda: queue.encode() in names.read_bytes())


@pytest.fixture(scope="session")
def mariadb_server(tmp_path_factory: Folders) -> Iterator[MariaDb]:
    yield from lent(MariaDb, tmp_path_factory)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: Folders) -> Iterator[Redis]:
    yield from lent(Redis, tmp_path_factory)


@pytest.fixture(scope="session")
def redis_cluster(tmp_path_factory: Folders) -> Iterator[RedisCluster]:
    """Three nodes."""
    yield from lent(RedisCluster, tmp_path_factory)


@pytest.fixture(scope="session")
def rabbitmq_server(tmp_path_factory: Folders) -> Iterator[RabbitMq]:
    yield from lent(RabbitMq, tmp_path_factory)


@pytest.fixture
def name() -> str:
    """A word that no other test of this process has: a workspace, a prefix, a queue."""
    return f"t{next(NUMBERS)}"


@pytest.fixture
def mariadb_url(mariadb_server: MariaDb, name: str) -> str:
    """Of a database that no other test has, and that is not made yet."""
    return running(mariadb_server).url(name)


@pytest.fixture
def redis_url(redis_server: Redis) -> Iterator[str]:
    """Of an empty one, in which a test leaves nothing for ever."""
    with running(redis_server).client() as client:
        client.flushall()
        yield redis_server.url
        require_expiry(running(redis_server).client())


@pytest.fixture
def redis_cluster_url(redis_cluster: RedisCluster) -> Iterator[str]:
    """Of a node of an empty one, in which a test leaves nothing for ever."""
    with ClusterClient.from_url(running(redis_cluster).url) as client:
        client.flushall(target_nodes=ClusterClient.PRIMARIES)
    yield redis_cluster.url
    for node in running(redis_cluster).nodes:
        require_expiry(node.client())


def require_expiry(client: Client) -> None:
    """Every key ends some day."""
    with client:
        assert [key for key in client.scan_iter() if client.pttl(key) == -1] == []


@pytest.fixture
def rabbitmq_url(rabbitmq_server: RabbitMq) -> str:
    """Of one that has what tests before left in it: take a `name`."""
    return running(rabbitmq_server).url
