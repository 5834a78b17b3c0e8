"""What is ordered is sent once, whatever dies, in a size that takes seconds; `python -m tests.reliability.full all` takes the whole."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from cli.private.mariadb import MariaDb
from cli.private.rabbitmq import RabbitMq
from cli.private.redis import Redis
from tests.backing import running
from tests.reliability import channels
from tests.reliability.places import on_all


@pytest.mark.parametrize("deduplicates", [True, False])
def test_kills_send_nothing_twice_and_what_is_uncertain_is_listed(
    mariadb_server: MariaDb,
    redis_server: Redis,
    rabbitmq_server: RabbitMq,
    name: str,
    tmp_path: Path,
    deduplicates: bool,
) -> None:
    servers = running(mariadb_server), running(redis_server), running(rabbitmq_server)
    place = on_all(*servers, tmp_path, name)
    asyncio.run(channels.kills_send_once(place, name, events=200, kills=1, seed=1, deduplicates=deduplicates))
