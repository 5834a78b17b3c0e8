"""Collectors that are dead harm nothing, for some seconds; `python -m tests.reliability.sinks` takes ten minutes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.reliability.sinks import dead_sinks_harm_nothing


def test_dead_sinks_harm_nothing(tmp_path: Path) -> None:
    asyncio.run(dead_sinks_harm_nothing(tmp_path, seconds=3))
