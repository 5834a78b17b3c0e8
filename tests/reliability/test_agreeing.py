"""All nodes serve what was ordered last, in a size that takes seconds; `python -m tests.reliability.agreeing` takes the whole."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.reliability.agreeing import nodes_agree
from tests.reliability.places import on_sqlite


def test_nodes_that_were_frozen_or_dead_serve_what_was_ordered_last(tmp_path: Path) -> None:
    asyncio.run(nodes_agree(on_sqlite(tmp_path), nodes=3, orders=4, seed=1))
