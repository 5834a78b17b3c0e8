"""The scenarios, as `suasion test --oracle` runs them: on the decision program and on the reference interpreter."""

from pathlib import Path

import pytest

from compiler.cases.from_ast import check_cases
from compiler.cases.report import Report
from compiler.cases.run import run_cases
from compiler.cases.texts import Texts
from compiler.driver import compile_ruleset
from dsl.diagnostics import render_all
from dsl.source import Source

HERE = Path(__file__).parent
SCENARIOS = sorted(HERE.glob("*.sua"))


def test_scenarios_one_to_nine_are_there():
    assert [path.name[:2] for path in SCENARIOS] == [f"{number:02}" for number in range(1, 10)]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario_holds_on_both_evaluators(path: Path):
    compiled = compile_ruleset([Source(path.name, path.read_text(encoding="utf-8"))])
    checked = check_cases(compiled)
    found = [*compiled.diagnostics, *checked.diagnostics]
    assert not found, "\n" + render_all(found, compiled.sources.values())
    assert compiled.ruleset is not None
    assert len(checked.cases) == len(compiled.tests) > 0

    texts = Texts(compiled.sources.values())
    results = run_cases(compiled.ruleset, checked.cases, texts, oracle=True)

    report = [text for result in results if not result.passed for _, text in Report(texts).failed(result)]
    assert not report, "\n" + "\n".join(report)
