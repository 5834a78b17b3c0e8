"""The seeded faults of `faults.py` fit the code as it is, so that the script can be run at any time."""

from __future__ import annotations

import pytest

from tests.agreement.faults import FAULTS, Fault, fits


@pytest.mark.parametrize("found", FAULTS, ids=lambda found: found.words)
def test_fault_can_be_planted(found: Fault) -> None:
    assert fits(found)


def test_there_are_forty() -> None:
    assert len(FAULTS) >= 40
