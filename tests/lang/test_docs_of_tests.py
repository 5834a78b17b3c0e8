"""The page about tests keeps its word: its rule set passes, its failure is what is printed, its case is read."""

import json
import re
from pathlib import Path

from compiler.cases.from_json import read_cases
from compiler.cases.run import run_cases
from compiler.cases.texts import Texts
from tests.cases.play import compiled, played, report

PAGE = (Path(__file__).parents[2] / "docs" / "language" / "tests.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_rule_set_of_the_page_holds():
    found = compiled(block("sua"))
    results = played(found)
    assert len(results) == 3
    assert report(found, results) == ""


def test_the_failure_of_the_page_is_what_is_printed():
    found = compiled(
        block("sua").replace("price: 30 EUR } at 2026-03-01 20:10", "price: 3 EUR } at 2026-03-01 20:10")
    )
    shown = report(found, played(found))
    assert set(block("text").splitlines()) <= set(shown.splitlines()), shown


def test_the_case_of_the_page_is_read_and_true():
    found = compiled(block("sua"))
    assert found.ruleset is not None
    case = json.dumps(json.loads(block("json"))).encode()
    cases = read_cases(found, found.ruleset, "cases.jsonl", [case])
    assert not cases.faults and not cases.cases.diagnostics
    (result,) = run_cases(found.ruleset, cases.cases.cases, Texts([cases.source]), True, None, cases.facts)
    assert result.passed, result.failures
