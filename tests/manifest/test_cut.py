"""Facts cut down to the manifest answer like all facts, reasons included."""

from __future__ import annotations

import pytest

from tests.manifest.cases import differences


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_cut_facts_answer_alike(start: int) -> None:
    assert [each for seed in range(start, start + 100) for each in differences(seed)] == []
