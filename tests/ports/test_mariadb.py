"""What is MariaDB's own."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, make_url, text

from dsl.source import Source
from server.adapters.sql.contacts import write
from server.adapters.sql.database import Database
from server.adapters.sql.locks import lock_users
from server.adapters.sql.mariadb import mariadb
from server.ports import ListMode, RecordedEvent, RuleFiles, StoreUnavailable
from server.stores import mariadb_stores
from tests.ports.conftest import Run
from tests.ports.made import reserved, taken


@pytest.fixture
def database(mariadb_url: str) -> Iterator[Database]:
    with closing(Database(mariadb(mariadb_url))) as database:
        yield database


@pytest.mark.parametrize(
    "url", ["", "mysql://", "mysql://host", "sqlite:///file", "postgresql://u@h/d", "mysql://h:port/d"]
)
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is wanted"):
        mariadb_stores(url, tmp_path / "last-good")


def test_a_server_that_is_not_there_is_said_to_be_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="MariaDB") as failure:
        mariadb_stores("mysql://anna:secret@127.0.0.1:1/suasion", tmp_path / "last-good")
    assert "secret" not in str(failure.value)


def test_nobody_else_waits_for_a_database_that_takes_a_connection_and_says_nothing(run: Run[Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"mysql://anna@127.0.0.1:{silent.getsockname()[1]}/suasion"
        with closing(Database(mariadb(place), may_wait=True)) as database:
            with pytest.raises(StoreUnavailable, match="has yet to answer for the first time"):
                run(database.read(lambda connection: connection.scalar(text("SELECT 1"))))
            silent.accept()[0].close()


@contextmanager
def cut_after(answers: int, port: int) -> Iterator[tuple[int, Event]]:
    """A port behind which is that of a server, until it has answered so often; and whether it was cut."""
    cut = Event()

    def there(client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while asked := client.recv(2**16):
                server.sendall(asked)

    def back(client: socket.socket, server: socket.socket) -> None:
        nonlocal answers
        with closing(client), closing(server), suppress(OSError):
            while (answer := server.recv(2**16)) and answers > 0:
                answers -= 1
                client.sendall(answer)
            if answer:
                cut.set()
            client.shutdown(socket.SHUT_RDWR)
            server.shutdown(socket.SHUT_RDWR)

    def join(listening: socket.socket) -> None:
        with suppress(OSError):
            while client := listening.accept()[0]:
                server = socket.create_connection(("127.0.0.1", port))
                for way in (there, back):
                    Thread(target=way, args=(client, server), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=join, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1], cut
        listening.shutdown(socket.SHUT_RDWR)


def test_a_server_that_dies_at_any_instant_of_the_start_is_out_of_reach_and_no_more(
    mariadb_url: str, run: Run[Any]
) -> None:
    place = make_url(mariadb_url)
    assert place.port is not None
    for answers in count(1):
        with cut_after(answers, place.port) as (port, cut):
            url = place.set(port=port).render_as_string(hide_password=False)
            with closing(Database(mariadb(url), may_wait=True)) as database:
                for use in (database.read, database.write):
                    with suppress(StoreUnavailable):
                        assert run(use(lambda connection: connection.scalar(text("SELECT 7")))) == 7
        if not cut.is_set():
            break
    assert answers > 20


def test_ids_differ_by_their_bytes(mariadb_url: str, tmp_path: Path, run: Run[Any]) -> None:
    """Not so under MariaDB's own collation, where case, accents and trailing blanks do not count."""
    names = ["anna", "Anna", "anna ", "änna", "a\u0308nna", "anna\t", "𝔞nna", "aNNA"]
    with closing(mariadb_stores(mariadb_url, tmp_path / "last-good")) as stores:
        run(stores.lists.load("vips", names[::2], ListMode.REPLACE, 1))
        run(stores.profiles.upsert([(name, {"name": name}) for name in names]))
        run(stores.events.append([RecordedEvent(name, "paid", name, 1, b"{}") for name in names]))
        for name in names:
            assert run(stores.profiles.fetch(name)) == {"name": name}
            assert run(stores.lists.holds(name, ["vips"])) == {"vips": name in names[::2]}
            assert [each.id for each in run(stores.events.fetch(name, {"paid": None}, 9)).events["paid"]] == [
                name
            ]


def test_a_database_that_takes_ids_for_equal_is_refused(mariadb_url: str, tmp_path: Path) -> None:
    """Made by somebody beforehand, with MariaDB's own collation."""
    server, _, name = mariadb_url.rpartition("/")
    with create_engine(f"{server.replace('mysql:', 'mysql+pymysql:')}/").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"))
    with pytest.raises(StoreUnavailable, match="`utf8mb4_nopad_bin` is needed"):
        mariadb_stores(mariadb_url, tmp_path / "last-good")


def test_what_is_long_is_kept_whole(mariadb_url: str, tmp_path: Path, run: Run[Any]) -> None:
    """Beyond the 64 KiB of MariaDB's plain TEXT."""
    rules = RuleFiles((Source("a.sua", "crowd α = everyone # " + "é" * 300_000),))
    long = "🎁" * 50_000
    with closing(mariadb_stores(mariadb_url, tmp_path / "last-good")) as stores:
        run(stores.rules.put("a" * 64, rules, 1))
        assert run(stores.rules.get("a" * 64)) == rules
        run(stores.profiles.upsert([("u1", {"note": long})]))
        assert run(stores.profiles.fetch("u1")) == {"note": long}


def test_nodes_that_start_at_once_make_one_database(mariadb_url: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as threads:
        opened = list(threads.map(lambda _: mariadb_stores(mariadb_url, tmp_path / "last-good"), range(6)))
    for stores in opened:
        stores.close()


def test_who_reads_the_outbox_skips_nobody_who_commits_late(mariadb_url: str, run: Run[Any]) -> None:
    """Writers that take their ids in one order and would commit in another."""
    nodes = [Database(mariadb(mariadb_url)) for _ in range(16)]
    reader = mariadb_stores(mariadb_url, Path("/nonexistent/last-good"))
    read: list[int] = []

    def publish_slowly(user: str, connection: Connection) -> None:
        write(connection, [taken(user, publish=True)])
        time.sleep(random.random() / 50)

    async def publish(node: Database, number: int) -> None:
        for each in range(8):
            user = f"u{number}-{each}"
            await node.write(partial(publish_slowly, user), [user])

    async def read_on() -> None:
        read.extend(each.id for each in await reader.outbox.read(read[-1] if read else 0, 1000))

    async def everything() -> None:
        writing = asyncio.gather(*(publish(node, number) for number, node in enumerate(nodes)))
        while not writing.done():
            await read_on()
        await writing
        await read_on()

    run(everything())
    for each in (*nodes, reader):
        each.close()
    assert len(read) == 16 * 8 and read == sorted(read)


def test_transactions_that_wait_for_each_other_are_begun_again(
    database: Database, mariadb_url: str, run: Run[Any]
) -> None:
    """MariaDB undoes one of the two."""
    other = Database(mariadb(mariadb_url))
    locked = [asyncio.Event(), asyncio.Event()]
    tries: list[str] = []

    def both(
        first: str, then: str, mine: int, loop: asyncio.AbstractEventLoop, connection: Connection
    ) -> str:
        tries.append(first)
        lock_users(connection, [first])
        loop.call_soon_threadsafe(locked[mine].set)
        asyncio.run_coroutine_threadsafe(locked[1 - mine].wait(), loop).result()
        lock_users(connection, [then])
        return first

    async def at_once() -> list[str]:
        loop = asyncio.get_running_loop()
        return list(
            await asyncio.gather(
                database.write(partial(both, "a", "b", 0, loop)),
                other.write(partial(both, "b", "a", 1, loop)),
            )
        )

    assert run(at_once()) == ["a", "b"]
    assert len(tries) == 3
    other.close()


def test_a_node_whose_connections_were_cut_goes_on(
    database: Database, mariadb_url: str, run: Run[Any]
) -> None:
    """As by a restart of the server, or by a proxy that tires of idle ones."""
    number = text("SELECT CONNECTION_ID()")

    def own(connection: Connection) -> int:
        return int(connection.execute(number).scalar_one())

    before = {run(database.read(own)), run(database.write(own))}
    with create_engine(mariadb_url.replace("mysql:", "mysql+pymysql:")).connect() as connection:
        for each in before:
            connection.execute(text(f"KILL {each}"))
    assert not before & {run(database.read(own)), run(database.write(own))}


def test_the_end_of_a_turn_waits_for_what_is_under_way_about_the_user(
    mariadb_url: str, database: Database, run: Run[Any], tmp_path: Path
) -> None:
    """So that whoever saw no end of a grant knows then what became of it."""

    async def waiting() -> None:
        query = text("SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")
        while not await database.read(lambda connection: connection.scalar(query)):
            await asyncio.sleep(0.01)

    async def story() -> None:
        with closing(mariadb_stores(mariadb_url, tmp_path / "last-good")) as stores:
            with database._backend.writers.connect() as connection:
                lock_users(connection, ["u1"])
                ending = asyncio.create_task(stores.contacts.end_turn("u1", ""))
                await waiting()
                write(connection, [taken("u1", 0, reservation=reserved("a"))])
                assert not ending.done()
                connection.commit()
            await ending
            assert await stores.contacts.find("a")

    run(story())
