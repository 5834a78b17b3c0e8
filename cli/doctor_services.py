"""What `suasion doctor` asks the services that a server stands on. It looks, and changes nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import pymysql
import redis

from cli.doctor_findings import MOST_SKEW, Finding, State
from cli.output import without_passwords
from server.stores import collation_for, newest_schema

SECONDS = 5
MARIADB = "MariaDB"
"""In the version of one; MySQL says nothing of the kind."""
OLDEST_MARIADB, OLDEST_MYSQL, OLDEST_REDIS = (10, 6), (8, 0), (7, 0)
REACH = "see that it runs, that this machine may reach it, and that user and password are right"
UPDATE = "use a later one: this one lacks what Suasion needs"


def mariadb(url: str) -> Iterator[Finding]:
    """`mysql://USER:PASSWORD@HOST:PORT/DATABASE`; a database that is not there yet is not made."""
    place = urlsplit(url)
    database = place.path.removeprefix("/")
    try:
        with mysql_connection(place) as connection:
            yield from of_server(connection)
            if row(connection, f"SHOW DATABASES LIKE {connection.escape(like(database))}"):
                connection.select_db(database)
                yield from of_database(connection)
            else:
                yield Finding(
                    "database", State.OK, f"`{database}` is not there yet; the first start makes it"
                )
    except (pymysql.Error, OSError, ValueError) as error:
        yield out_of_reach("mariadb", place, str(error.args[-1]))


def like(name: str) -> str:
    """A pattern that is this name alone."""
    return re.sub(r"([\\%_])", r"\\\1", name)


def mysql_connection(place: SplitResult) -> Any:
    return pymysql.connect(
        host=place.hostname,
        port=place.port or 3306,
        user=unquote(place.username or ""),
        password=unquote(place.password or ""),
        connect_timeout=SECONDS,
        read_timeout=SECONDS,
    )


def of_server(connection: Any) -> Iterator[Finding]:
    text, flushed = row(connection, "SELECT VERSION(), @@innodb_flush_log_at_trx_commit")
    if MARIADB in text:
        yield version("mariadb", text, OLDEST_MARIADB)
    else:
        yield version("mysql", text, OLDEST_MYSQL)
    yield skew("mariadb clock", lambda: float(row(connection, "SELECT UNIX_TIMESTAMP(SYSDATE(6))")[0]))
    if flushed == 1:
        yield Finding("durability", State.OK, "what is committed is on disk")
    else:
        message = "a crash of its machine takes back the last second, so that contacts may go out twice"
        yield Finding("durability", State.DOUBTFUL, message, "set `innodb_flush_log_at_trx_commit = 1`")


def of_database(connection: Any) -> Iterator[Finding]:
    found, text = row(connection, "SELECT @@collation_database, VERSION()")
    wanted = collation_for(is_mariadb=MARIADB in text)
    if found == wanted:
        yield Finding("collation", State.OK, found)
    else:
        message = f"by `{found}` users are one whose ids differ in case, accents or trailing blanks"
        yield Finding("collation", State.WRONG, message, f"make the database anew, with `COLLATE {wanted}`")
    yield schema(connection)


def schema(connection: Any) -> Finding:
    if not row(connection, "SHOW TABLES LIKE 'alembic_version'"):
        return Finding("schema", State.OK, "there are no tables yet; the first start makes them")
    (found,) = row(connection, "SELECT version_num FROM alembic_version")
    if found == newest_schema():
        return Finding("schema", State.OK, f"`{found}`, that of this release")
    message = f"`{found}`, and this release has `{newest_schema()}`"
    way_out = "run one release everywhere; its next start brings the tables up to date"
    return Finding("schema", State.DOUBTFUL, message, way_out)


def row(connection: Any, statement: str) -> tuple[Any, ...]:
    """The first; empty if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone() or ()


def redis_server(url: str) -> Iterator[Finding]:
    """`redis://:PASSWORD@HOST:PORT`, of a single one or of a node of a cluster."""
    place = urlsplit(url)
    try:
        with redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as client:
            told: Any = client.info()
            yield version("redis", told["redis_version"], OLDEST_REDIS)
            yield skew("redis clock", lambda: clock_of(client))
            yield memory(told)
            yield persistence(told)
            if told["cluster_enabled"]:
                yield cluster(client)
    except (redis.RedisError, ValueError) as error:
        yield out_of_reach("redis", place, str(error))


def clock_of(client: redis.Redis) -> float:
    seconds, microseconds = client.time()
    return float(seconds) + microseconds / 1e6


def memory(told: Any) -> Finding:
    """All that is kept there can be made again, so that anything may go when there is no room."""
    policy, most = told["maxmemory_policy"], told["maxmemory"]
    if not most:
        message = "there is no bound, and what has it all is killed by the machine"
        return Finding(
            "redis memory", State.DOUBTFUL, message, "set `maxmemory`, and `maxmemory-policy volatile-lru`"
        )
    if policy == "noeviction":
        message = "when it is full nothing new is kept, and every question goes to the database"
        return Finding("redis memory", State.DOUBTFUL, message, "set `maxmemory-policy volatile-lru`")
    return Finding("redis memory", State.OK, f"{most // 2**20:,} MiB, `{policy}`")


def persistence(told: Any) -> Finding:
    if told["loading"]:
        return Finding(
            "redis disk", State.DOUBTFUL, "it is loading what it kept", "wait until it has done so"
        )
    if told["rdb_last_bgsave_status"] != "ok" or told["aof_last_write_status"] != "ok":
        return Finding(
            "redis disk",
            State.WRONG,
            "it could not write its last state",
            "make room on its disk, or let it write there",
        )
    kept = (
        "after a restart it goes on with what it had"
        if told["aof_enabled"]
        else "after a restart it is empty, and filled again"
    )
    return Finding("redis disk", State.OK, kept)


def cluster(client: Any) -> Finding:
    state = client.execute_command("CLUSTER INFO")["cluster_state"]
    if state == "ok":
        return Finding("redis cluster", State.OK, "there is a node for each slot")
    return Finding(
        "redis cluster",
        State.WRONG,
        "some slots have no node",
        "see `CLUSTER INFO`, and start the nodes that are away",
    )


# ---- what is told of several


def out_of_reach(about: str, place: SplitResult, why: str) -> Finding:
    where = place.netloc.rpartition("@")[2]
    plain = re.sub(r"\[Errno -?\d+\] ", "", without_passwords(why))
    return Finding(about, State.WRONG, f"`{where}` does not answer: {plain}", REACH)


def version(about: str, text: str, oldest: tuple[int, int]) -> Finding:
    major, minor = map(int, re.findall(r"\d+", text)[:2])
    if (major, minor) < oldest:
        return Finding(about, State.WRONG, f"version {text}; {'.'.join(map(str, oldest))} at least", UPDATE)
    return Finding(about, State.OK, f"version {text}")


def skew(about: str, theirs: Callable[[], float]) -> Finding:
    before = time.time()
    apart = theirs() - (before + time.time()) / 2
    if abs(apart) > MOST_SKEW:
        message = f"{abs(apart):.0f} seconds {'ahead of' if apart > 0 else 'behind'} this machine's"
        return Finding(about, State.WRONG, message, "keep both by NTP: leases and limits go by it")
    return Finding(about, State.OK, "that of this machine")
