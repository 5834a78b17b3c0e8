"""The claims of `tests.reliability.stores` in sizes that take seconds."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.reliability import stores


def test_a_cap_is_exact_over_copies_and_is_not_without_a_revision(redis_url: str, tmp_path: Path) -> None:
    copies = partial(stores.by_copies, partial(stores.sqlite, tmp_path), redis_url)
    stores.cap_is_exact(copies, 20, 4000, processes=4)
