"""What is cancelled is not sent, in a size that takes seconds; `python -m tests.reliability.full STORE races` takes the whole."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from tests.reliability.places import Place, on_sqlite
from tests.reliability.racing import cancelled_is_not_sent, race


def test_what_is_cancelled_when_it_is_due_is_not_sent(place: Place) -> None:
    asyncio.run(cancelled_is_not_sent(place, orders=400, nodes=2, at_once=2, seed=1))


def test_it_would_be_if_decisions_were_taken_on_any_revision(tmp_path: Path) -> None:
    for seed in range(9):
        folder = tmp_path / str(seed)
        folder.mkdir()
        place = replace(on_sqlite(folder), program=("tests.reliability.racing",))
        _, late = asyncio.run(race(place, orders=400, nodes=2, at_once=2, seed=seed))
        if late:
            return
    raise AssertionError("the control did not fail")
