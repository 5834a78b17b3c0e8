"""docs/stdlib.md is what the standard library says of itself."""

from __future__ import annotations

from tests.docs.stdlib_page import IN_ORDER, PAGE, STDLIB, page


def test_it_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.docs.stdlib_page`"


def test_every_module_is_on_it() -> None:
    modules = {path.stem for path in STDLIB.glob("*.sua") if not path.stem.endswith("_test")}
    assert modules == set(IN_ORDER)
