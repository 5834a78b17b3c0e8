"""A little of the long run of `fuzz.py`."""

import pytest

from tests.dsl.fuzz import KINDS, run


@pytest.mark.parametrize("kind", [*KINDS, "whole"])
def test_reading_ends_with_a_tree_and_diagnostics(kind: str) -> None:
    tally = run([kind], False, (20_260_301, 30 if kind == "whole" else 150))
    assert tally.failed == []
