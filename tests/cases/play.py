"""Rule sets of the repository, played as `suasion test --oracle` does."""

from pathlib import Path

from compiler.cases.from_ast import check_cases
from compiler.cases.report import Report
from compiler.cases.run import Result, run_cases
from compiler.cases.texts import Texts
from compiler.driver import Compiled, compile_ruleset
from dsl.diagnostics import render_all
from dsl.source import Source


def compiled(text: str, name: str = "rules.sua") -> Compiled:
    return compile_ruleset([Source(name, text)])


def played(found: Compiled) -> list[Result]:
    """Its tests, on the decision program and on the reference interpreter; nothing may be wrong with it."""
    checked = check_cases(found)
    findings = [*found.diagnostics, *checked.diagnostics]
    assert not findings, "\n" + render_all(findings, found.sources.values())
    assert found.ruleset is not None
    assert len(checked.cases) == len(found.tests)
    return run_cases(found.ruleset, checked.cases, Texts(found.sources.values()), oracle=True)


def report(found: Compiled, results: list[Result]) -> str:
    """The failures as a user reads them; empty if there are none."""
    texts = Texts(found.sources.values())
    failed = [result for result in results if not result.passed]
    return "\n".join(text for result in failed for _, text in Report(texts).failed(result))


def require_pass(path: Path) -> None:
    """The file checks without a finding, has tests, and they pass."""
    found = compiled(path.read_text(encoding="utf-8"), path.name)
    results = played(found)
    assert results, "it has no test"
    assert not report(found, results), "\n" + report(found, results)
