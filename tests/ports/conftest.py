"""Every test in this folder runs on every adapter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from server.ports import Stores
from server.wiring import memory_stores, sqlite_stores

Result = TypeVar("Result")
Run = Callable[[Coroutine[Any, Any, Result]], Result]

ADAPTERS: dict[str, Callable[[Path], Stores]] = {
    "memory": lambda _: memory_stores(),
    "sqlite": lambda folder: sqlite_stores(folder / "suasion.db"),
}


@pytest.fixture(params=ADAPTERS)
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    made = ADAPTERS[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture
def run() -> Iterator[Run[Any]]:
    with asyncio.Runner() as runner:
        yield runner.run
