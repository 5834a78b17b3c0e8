"""Who is frozen in the middle of a send leads to no second one, in a size that takes seconds; `python -m tests.reliability.full` takes
the whole."""

from __future__ import annotations

import asyncio

from tests.reliability.freezing import frozen_send_once
from tests.reliability.places import Place


def test_frozen_workers_send_once(place: Place) -> None:
    asyncio.run(frozen_send_once(place, contacts=12, workers=3, seed=1))
