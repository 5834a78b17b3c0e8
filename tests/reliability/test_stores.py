"""The claims of `tests.reliability.stores` in sizes that take seconds."""

from __future__ import annotations

from pathlib import Path

from tests.reliability import stores


def test_a_cap_is_exact_over_copies_and_is_not_without_a_revision(tmp_path: Path) -> None:
    stores.cap_is_exact(stores.sqlite, 20, 4000, tmp_path, processes=4)
