"""The plans of `examples/retail`: facts of users from a file, by both evaluators."""

from __future__ import annotations

from pathlib import Path

from compiler.cases.from_ast import check_cases
from compiler.cases.from_json import read_cases
from compiler.cases.run import run_cases
from compiler.cases.texts import Texts
from compiler.driver import compile_ruleset
from dsl.source import Source

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "retail"


def test_the_facts_are_decided_on_as_they_say() -> None:
    compiled = compile_ruleset([Source("rules.sua", (EXAMPLE / "rules.sua").read_text(encoding="utf-8"))])
    assert compiled.ruleset is not None
    lines = (EXAMPLE / "facts.jsonl").read_bytes().splitlines()
    told = read_cases(compiled, compiled.ruleset, "facts.jsonl", iter(lines))
    assert not told.faults and not told.cases.diagnostics and len(told.cases.cases) == len(lines)
    texts = Texts([*compiled.sources.values(), told.source])
    results = run_cases(compiled.ruleset, told.cases.cases, texts, oracle=True, facts=dict(told.facts))
    assert [each.case.case.name for each in results if not each.passed] == []


def test_every_plan_wins_for_somebody_in_a_test() -> None:
    """So that no plan of the example is one that never fires."""
    source = Source("rules.sua", (EXAMPLE / "rules.sua").read_text(encoding="utf-8"))
    compiled = compile_ruleset([source])
    assert compiled.ruleset is not None and check_cases(compiled).diagnostics == ()
    for plan in compiled.ruleset.plans:
        assert f"is {plan}\n" in source.text or f"expect plan {plan} sends" in source.text
