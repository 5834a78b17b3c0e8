"""Everything that the pages for users show was run: rules check and pass their tests, commands print what stands there."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from compiler.cases.from_ast import check_cases
from compiler.cases.run import run_cases
from compiler.cases.texts import Texts
from compiler.driver import compile_ruleset
from dsl.format import format_file
from dsl.source import Source
from tests.docs.pages import ROOT, blocks, fits, pages
from tests.docs.reading import read

PAGES = pages()
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]
LINKING = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def rules(path: Path) -> Source:
    """What a page shows without a file of its own: one rule set."""
    parts = [block.text for block in blocks(text(path)) if block.language == "sua" and not block.argument]
    return Source(path.name, "\n".join(parts))


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_rules_check_and_pass_their_tests(path: Path) -> None:
    compiled = compile_ruleset([rules(path)])
    cases = check_cases(compiled)
    assert [each.message for each in (*compiled.diagnostics, *cases.diagnostics)] == []
    assert compiled.ruleset is not None
    results = run_cases(compiled.ruleset, cases.cases, Texts(compiled.sources.values()), oracle=True)
    assert [(each.case.case.name, each.failures) for each in results if not each.passed] == []


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_rules_are_laid_out(path: Path) -> None:
    for block in blocks(text(path)):
        if block.language == "sua":
            assert format_file(Source("page.sua", block.text)) == block.text, f"line {block.line}"


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_commands_print_what_stands_there(path: Path, tmp_path: Path) -> None:
    with closing(read(text(path), tmp_path)) as reading:
        for command, printed in reading:
            assert fits(command.shown, printed), f"{path.name}:{command.line}: $ {command.text}\n{printed}"


@pytest.mark.parametrize("path", LINKING, ids=[str(path.relative_to(ROOT)) for path in LINKING])
def test_links_lead_somewhere(path: Path) -> None:
    assert [link for link in LINK.findall(text(path)) if not (path.parent / link).exists()] == []
