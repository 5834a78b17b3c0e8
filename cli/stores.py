"""The stores that `--store` names."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.exit_codes import Failure
from cli.output import without_passwords
from server.ports import DEFAULT_WORKSPACE, Stores, StoreUnavailable
from server.proxies.guarding import READ_SECONDS
from server.stores import mariadb_stores, memory_stores, shadowed, sqlite_stores

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
LAST_GOOD = "suasion.last-good"


def opened(
    store: str,
    last_good: Path | None,
    workspace: str = DEFAULT_WORKSPACE,
    patience: float = READ_SECONDS,
) -> Stores:
    """Those of a workspace: what is named, and for another than the default one the same with its name behind it. Raises Failure."""
    kept = last_good and of_workspace(last_good / LAST_GOOD, workspace)
    if store == "memory":
        return memory_stores(kept)
    if store.startswith(MYSQL):
        beside = kept or of_workspace(Path(".suasion") / LAST_GOOD, workspace)
        return opened_mariadb(database_of(store, workspace), beside, patience)
    if not store.startswith(SQLITE):
        raise Failure(f"`{without_passwords(store)}` is no store", hint=f"stores: {STORES}")
    try:
        return sqlite_stores(of_workspace(Path(store.removeprefix(SQLITE)), workspace), kept, patience)
    except StoreUnavailable as error:
        hint = "it has to be a file that Suasion made, or none yet, in a directory that can be written"
        raise Failure(f"cannot use `{store}`: {error}", hint=hint) from error


def in_redis(stores: Stores, url: str, workspace: str, clock: str) -> Stores:
    """The same stores, with copies in Redis. By a clock that goes by events nobody has the time of Redis."""
    try:
        return shadowed(stores, url, workspace, same_clock=clock == "system")
    except ValueError as error:
        hint = "redis://:PASSWORD@HOST:PORT, or rediss:// with TLS"
        raise Failure(f"`{without_passwords(url)}` is no Redis", hint=hint) from error


def opened_mariadb(store: str, last_good: Path, patience: float) -> Stores:
    shown = without_passwords(store)
    try:
        return mariadb_stores(store, last_good, patience)
    except ValueError as error:
        raise Failure(f"`{shown}` is no store", hint=str(error)) from error
    except StoreUnavailable as error:
        hint = "see that the server runs, and that the user may make the database or use it"
        raise Failure(f"cannot use `{shown}`: {error}", hint=hint) from error


def of_workspace(path: Path, workspace: str) -> Path:
    """`shop.db` of the default workspace is `shop-bank.db` of `bank`."""
    return path if workspace == DEFAULT_WORKSPACE else path.with_stem(f"{path.stem}-{workspace}")


def database_of(url: str, workspace: str) -> str:
    """`…/suasion` of the default workspace is `…/suasion_bank` of `bank`."""
    if workspace == DEFAULT_WORKSPACE:
        return url
    address, mark, options = url.partition("?")
    return f"{address}_{workspace}{mark}{options}"


def all_opened(
    names: Sequence[str], store: str, redis: str | None, last_good: Path | None, patience: float, clock: str
) -> dict[str, Stores]:
    """By workspace. Raises Failure."""
    if redis and store == "memory":
        hint = "say `--store sqlite:PATH`, or leave it out"
        raise Failure("`--redis` keeps copies of what a database holds", hint=hint)
    stores = {name: opened(store, last_good, name, patience) for name in names}
    return {name: in_redis(each, redis, name, clock) if redis else each for name, each in stores.items()}
