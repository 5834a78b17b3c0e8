"""The stores that `--store` names."""

from pathlib import Path
from typing import Annotated

import typer

from cli.exit_codes import Failure
from cli.output import without_passwords
from server.ports import Stores, StoreUnavailable
from server.wiring import mariadb_stores, memory_stores, sqlite_stores

SQLITE = "sqlite:"
MYSQL = ("mysql://", "mariadb://")
STORES = "memory|sqlite:PATH|mysql://USER:PASSWORD@HOST:PORT/DATABASE"
RedisOption = Annotated[
    str | None,
    typer.Option(
        "--redis",
        metavar="redis://:PASSWORD@HOST:PORT",
        help="Where what one decision reads is kept at hand; a cluster by one of its nodes. Off if left out.",
        show_default=False,
    ),
]
RabbitmqOption = Annotated[
    str | None,
    typer.Option(
        "--rabbitmq",
        metavar="amqp://USER:PASSWORD@HOST:PORT/VHOST",
        help="Whence events come, and where contact orders go. Off if left out.",
        show_default=False,
    ),
]
LAST_GOOD = "suasion.last-good"


def opened(store: str, last_good: Path | None) -> Stores:
    kept = last_good and last_good / LAST_GOOD
    if store == "memory":
        return memory_stores(kept)
    if store.startswith(MYSQL):
        return opened_mariadb(store, kept or Path(".suasion") / LAST_GOOD)
    if not store.startswith(SQLITE):
        raise Failure(f"`{without_passwords(store)}` is no store", hint=f"stores: {STORES}")
    try:
        return sqlite_stores(Path(store.removeprefix(SQLITE)), kept)
    except StoreUnavailable as error:
        hint = "it has to be a file that Suasion made, or none yet, in a directory that can be written"
        raise Failure(f"cannot use `{store}`: {error}", hint=hint) from error


def opened_mariadb(store: str, last_good: Path) -> Stores:
    shown = without_passwords(store)
    try:
        return mariadb_stores(store, last_good)
    except ValueError as error:
        raise Failure(f"`{shown}` is no store", hint=str(error)) from error
    except StoreUnavailable as error:
        hint = "see that the server runs, and that the user may make the database or use it"
        raise Failure(f"cannot use `{shown}`: {error}", hint=hint) from error
