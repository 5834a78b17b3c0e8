"""The claims of docs/reliability.md about the broker in full size: `python -m tests.bus.full [claim …]`. Some minutes; prints a
row each."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop

from cli.private.mariadb import MariaDb
from cli.private.rabbitmq import RabbitMq
from server.stores import mariadb_stores, sqlite_stores
from tests.bus import claims
from tests.bus.conftest import Shop
from tests.stores import Open

Claim = Callable[[Open, RabbitMq], Coroutine[Any, Any, Any]]
NAME = "full"


async def relays(open_node: Open, server: RabbitMq) -> str:
    doubles = await claims.relays_lose_nothing(open_node, server.url, NAME, number=100_032, seed=0)
    return f"{doubles} twice"


async def deaths(open_node: Open, server: RabbitMq) -> str:
    shop = await Shop.open(open_node, server.url, NAME)
    twice = await claims.broker_deaths_lose_nothing(
        shop, server, server.url, NAME, events=10_000, kills=20, seed=0
    )
    await shop.close()
    return str(dict(twice))


async def saturated(open_node: Open, server: RabbitMq) -> str:
    shop = await Shop.open(open_node, server.url, NAME)
    before, behind = await claims.saturated_channel_leaves_others_alone(shop, backlog=10_000)
    await shop.close()
    return f"from an event to its order {before * 1000:.0f} ms, beside the backlog {behind * 1000:.0f} ms"


CLAIMS: Mapping[str, Claim] = {"relays": relays, "deaths": deaths, "saturated": saturated}


def run(claim: Claim, folder: Path, store: str) -> str:
    claims.SECONDS = 3600
    server, database = RabbitMq(folder / "rabbitmq"), MariaDb(folder / "mariadb")
    server.start()
    opens: Open = partial(sqlite_stores, folder / "suasion.db")
    if store == "mariadb":
        database.start()
        opens = partial(mariadb_stores, database.url("suasion"), folder / "last-good")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return str(runner.run(claim(opens, server)))
    finally:
        server.stop()
        database.stop()


def main(names: list[str]) -> int:
    failed = 0
    for name in names or CLAIMS:
        for store in ("sqlite", "mariadb"):
            start = time.monotonic()
            with TemporaryDirectory() as folder:
                try:
                    outcome = f"holds, {run(CLAIMS[name], Path(folder), store)}"
                except (AssertionError, TimeoutError) as error:
                    outcome, failed = f"FAILED: {error!r}", failed + 1
            print(f"{name} on {store}: {outcome}, {time.monotonic() - start:.0f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
