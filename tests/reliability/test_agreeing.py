"""All nodes serve what was ordered last, in a size that takes seconds; `python -m tests.reliability.agreeing` takes the whole."""

from __future__ import annotations

import asyncio

from tests.reliability.agreeing import nodes_agree
from tests.reliability.places import Place


def test_nodes_that_were_away_serve_what_was_ordered_last(place: Place) -> None:
    asyncio.run(nodes_agree(place, number=3, orders=6, seed=1))
