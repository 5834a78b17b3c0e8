"""Every adapter of the stores, for tests that hold on each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias
from zlib import crc32

import pytest

from server.ports import Stores
from server.stores import mariadb_stores, memory_stores, shadowed, sqlite_stores

Open: TypeAlias = Callable[[], Stores]
"""Opens stores: the same ones each time, as another process would, but for memory."""
PATIENCE = 3600.0
"""Seconds; no test fails for being slow."""
Adapter: TypeAlias = Callable[[pytest.FixtureRequest, Path], Open]


def memory(request: pytest.FixtureRequest, folder: Path) -> Open:
    return memory_stores


def sqlite(request: pytest.FixtureRequest, folder: Path) -> Open:
    return partial(sqlite_stores, folder / "suasion.db", patience=PATIENCE)


def mariadb(request: pytest.FixtureRequest, folder: Path) -> Open:
    """A database for each folder."""
    url = f"{request.getfixturevalue('mariadb_url')}_{crc32(bytes(folder)):08x}"
    return partial(mariadb_stores, url, folder / "last-good", patience=PATIENCE)


def shadow_of(truth: Adapter, redis: str) -> Adapter:
    """The same stores, with shadows in a Redis."""

    def adapter(request: pytest.FixtureRequest, folder: Path) -> Open:
        opened, url = truth(request, folder), request.getfixturevalue(redis)
        return lambda: shadowed(
            opened(), url, f"{crc32(bytes(folder)):08x}", agreed_seconds=SOON, same_clock=False
        )

    return adapter


SOON = 0.05
"""Seconds until what concerns everybody is known to all."""
REDIS = shadow_of(mariadb, "redis_url")
SERVED: Mapping[str, Adapter] = {"memory": memory, "sqlite": sqlite, "mariadb": mariadb, "redis": REDIS}
"""Those that whole services are tested on."""
SHARED: Mapping[str, Adapter] = {
    "sqlite": sqlite,
    "mariadb": mariadb,
    "redis": REDIS,
    "redis-cluster": shadow_of(sqlite, "redis_cluster_url"),
}
"""Those that several processes share."""
ADAPTERS: Mapping[str, Adapter] = {"memory": memory, **SHARED}
