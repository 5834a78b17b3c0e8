"""Every code of tests has a page; its bad examples have that finding alone, its good ones have none and pass."""

from pathlib import Path

import pytest

from compiler.cases.from_ast import check_cases
from dsl.codes import CODES, TESTS
from tests.cases.play import compiled, played, report
from tests.dsl.test_error_pages import examples

PAGES = Path(__file__).parents[2] / "docs" / "errors"
OURS = [*TESTS, "S221", "W501"]


@pytest.mark.parametrize("code", OURS)
def test_examples_are_what_the_page_says(code: str):
    bad, good = examples(code, "bad"), examples(code, "good")
    assert bad and good
    for text in bad:
        found = compiled(text)
        assert {each.code for each in (*found.diagnostics, *check_cases(found).diagnostics)} == {code}
    for text in good:
        found = compiled(text)
        assert report(found, played(found)) == ""


@pytest.mark.parametrize("code", OURS)
def test_a_page_is_headed_by_code_and_title(code: str):
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: {CODES[code]}\n\n")
