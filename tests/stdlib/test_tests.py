"""The standard library and the examples pass the tests that stand in them, by both evaluators, and are laid out."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.cases.from_ast import check_cases
from compiler.cases.run import run_cases
from compiler.cases.texts import Texts
from compiler.driver import Compiled, compile_ruleset
from dsl.format import format_file
from dsl.source import Source

ROOT = Path(__file__).resolve().parents[2]
FILES = [*sorted((ROOT / "stdlib").rglob("*.sua")), *sorted((ROOT / "examples").rglob("*.sua"))]
NAMES = [str(path.relative_to(ROOT)) for path in FILES]


def source(path: Path) -> Source:
    return Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))


def compiled(path: Path) -> Compiled:
    return compile_ruleset([source(path)], [path.parent])


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_nothing_is_wrong_with_it(path: Path) -> None:
    found = compiled(path)
    assert [str(each.message) for each in (*found.diagnostics, *check_cases(found).diagnostics)] == []


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_its_tests_pass_by_both_evaluators(path: Path) -> None:
    found = compiled(path)
    assert found.ruleset is not None
    results = run_cases(found.ruleset, check_cases(found).cases, Texts(found.sources.values()), oracle=True)
    assert [
        (each.case.case.name, each.failures, each.disagreements) for each in results if not each.passed
    ] == []


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_it_is_laid_out(path: Path) -> None:
    assert format_file(source(path)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("module", ["lifecycle", "rfm", "contact", "quiet", "holidays"])
def test_every_module_has_tests(module: str) -> None:
    """In its own file, or beside it where they need statements of their own."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "stdlib").glob(f"{module}*.sua")]
    assert any("\ntest " in text for text in texts)
