"""Every adapter of the stores, for tests that hold on each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias
from zlib import crc32

import pytest

from server.ports import Stores
from server.wiring import mariadb_stores, memory_stores, sqlite_stores

Open: TypeAlias = Callable[[], Stores]
"""Opens stores: the same ones each time, as another process would, but for memory."""
Adapter: TypeAlias = Callable[[pytest.FixtureRequest, Path], Open]


def memory(request: pytest.FixtureRequest, folder: Path) -> Open:
    return memory_stores


def sqlite(request: pytest.FixtureRequest, folder: Path) -> Open:
    return partial(sqlite_stores, folder / "suasion.db")


def mariadb(request: pytest.FixtureRequest, folder: Path) -> Open:
    """A database for each folder."""
    url = f"{request.getfixturevalue('mariadb_url')}_{crc32(bytes(folder)):08x}"
    return partial(mariadb_stores, url, folder / "last-good")


SHARED: Mapping[str, Adapter] = {"sqlite": sqlite, "mariadb": mariadb}
"""Those that several processes share."""
ADAPTERS: Mapping[str, Adapter] = {"memory": memory, **SHARED}
