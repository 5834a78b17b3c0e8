"""The scenarios, as `suasion test --oracle` runs them: on the decision program and on the reference interpreter."""

from pathlib import Path

import pytest

from tests.cases.play import require_pass

SCENARIOS = sorted(Path(__file__).parent.glob("*.sua"))


def test_scenarios_one_to_nine_and_twelve_are_there():
    assert [path.name[:2] for path in SCENARIOS] == [f"{number:02}" for number in (*range(1, 10), 12)]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario_holds_on_both_evaluators(path: Path):
    require_pass(path)
