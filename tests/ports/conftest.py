"""Every test in this folder runs on every adapter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from server.ports import Stores
from tests.stores import ADAPTERS

Result = TypeVar("Result")
Run = Callable[[Coroutine[Any, Any, Result]], Result]


@pytest.fixture(params=ADAPTERS)
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    made = ADAPTERS[request.param](request, tmp_path)()
    yield made
    made.close()


@pytest.fixture
def run() -> Iterator[Run[Any]]:
    with asyncio.Runner() as runner:
        yield runner.run
