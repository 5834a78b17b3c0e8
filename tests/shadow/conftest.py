from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from server.adapters.redis import trips

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def run() -> Iterator[Run]:
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis is not away however long it takes."""
    monkeypatch.setattr(trips, "ANSWER_SECONDS", 60.0)
    monkeypatch.setattr(trips, "CONNECT_SECONDS", 60.0)
