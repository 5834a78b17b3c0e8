"""Where servers keep what they know, for claims that hold wherever that is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import create_engine, text

from cli.private.mariadb import MariaDb
from cli.private.program import Program
from cli.private.rabbitmq import RabbitMq
from cli.private.redis import Redis


class Mortal(Protocol):
    """What can be killed, and comes back as it was."""

    async def kill(self) -> None: ...

    async def start(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Killable:
    """A database, a cache or a broker as one."""

    server: Program

    async def kill(self) -> None:
        await asyncio.to_thread(self.server.kill)

    async def start(self) -> None:
        await asyncio.to_thread(self.server.start)


@dataclass(frozen=True, slots=True)
class Place:
    """`store`: as `serve --store` has it. `mortals`: what it rests on, and can be killed. `program`: the module that serves, with
    what it wants before `serve`; `more`: what it wants behind it."""

    store: str
    url: str
    folder: Path
    mortals: tuple[Mortal, ...] = ()
    program: tuple[str, ...] = ("cli.main",)
    more: tuple[str, ...] = ()
    patience: float = 60

    @property
    def arguments(self) -> tuple[str, ...]:
        """Of `serve`. No claim fails for a store that is slow."""
        return (
            "--store",
            self.store,
            "--last-good",
            str(self.folder),
            "--patience",
            str(self.patience),
            *self.more,
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What stands there once nobody writes any more."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found

    def failing(self, rate: float, seed: int) -> Place:
        """The same, where so many calls of stores fail in each of three ways, and nothing else does."""
        return replace(self, mortals=(), program=("tests.faults", str(rate), str(seed)))


def on_sqlite(folder: Path) -> Place:
    file = folder / "suasion.db"
    return Place(f"sqlite:{file}", f"sqlite:///{file}", folder)


def on_mariadb(server: MariaDb, folder: Path, database: str) -> Place:
    url = server.url(database)
    return Place(url, url.replace("mysql:", "mysql+pymysql:"), folder, (Killable(server),))


def on_all(mariadb: MariaDb, redis: Redis, rabbitmq: RabbitMq, folder: Path, name: str) -> Place:
    """As in production. `name`: of the database, and of the line of business by which events come."""
    place = on_mariadb(mariadb, folder, name)
    more = ("--redis", redis.url, "--rabbitmq", rabbitmq.url, "--lines", name)
    return replace(place, mortals=tuple(map(Killable, (mariadb, redis, rabbitmq))), more=more)


@contextmanager
def mariadb_in(folder: Path) -> Iterator[Place]:
    """One of its own, gone behind it."""
    server = MariaDb(folder / "mariadb")
    server.start()
    try:
        yield on_mariadb(server, folder, "suasion")
    finally:
        server.stop()


@contextmanager
def all_in(folder: Path) -> Iterator[Place]:
    servers = MariaDb(folder / "mariadb"), Redis(folder / "redis"), RabbitMq(folder / "rabbitmq")
    with ExitStack() as last:
        for server in servers:
            last.callback(server.stop)
            server.start()
        yield on_all(*servers, folder, "suasion")


@contextmanager
def sqlite_in(folder: Path) -> Iterator[Place]:
    yield on_sqlite(folder)
