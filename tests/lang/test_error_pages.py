"""Every code has a page that says what it means; its bad examples have that finding alone, its mended ones none."""

import re
from pathlib import Path

import pytest

from compiler.cases.from_ast import check_cases
from compiler.driver import compile_ruleset
from dsl.codes import CODES, LIMITS, MEANING, NAMES, TYPES, WARNINGS
from dsl.source import Source

PAGES = Path(__file__).parents[2] / "docs" / "errors"
MODULES = Path(__file__).parent / "bad" / "modules"
CHECKER = [code for code in LIMITS | NAMES | TYPES | MEANING | WARNINGS if code >= "S120"]
EXAMPLE = re.compile(
    r"^```sua (?P<kind>bad|good)(?:, n from 1 to (?P<last>\d+))?\n(?P<text>.*?)\n```$",
    re.MULTILINE | re.DOTALL,
)


def page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def examples(code: str, kind: str) -> list[str]:
    found = [one for one in EXAMPLE.finditer(page(code)) if one["kind"] == kind]
    return [counted(one["text"], int(one["last"] or 0)) for one in found]


def counted(text: str, last: int) -> str:
    """The text with the lines that speak of `{n}` written for each n."""
    lines = text.split("\n")
    return "\n".join(
        line.replace("{n}", str(n)).replace("{n-1}", str(n - 1))
        for line in lines
        for n in (range(1, last + 1) if "{n}" in line else [0])
    )


def codes_in(text: str) -> set[str]:
    compiled = compile_ruleset([Source("example.sua", text)], [MODULES])
    return {one.code for one in (*compiled.diagnostics, *check_cases(compiled).diagnostics)}


@pytest.mark.parametrize("code", CHECKER)
def test_examples_are_what_the_page_says(code: str) -> None:
    bad, good = examples(code, "bad"), examples(code, "good")
    assert bad and len(good) == len(bad)
    assert [codes_in(text) for text in bad] == [{code}] * len(bad)
    assert [codes_in(text) for text in good] == [set()] * len(good)


@pytest.mark.parametrize("code", CODES)
def test_a_page_says_what_it_means_and_how_to_mend_it(code: str) -> None:
    title, meaning, *_ = page(code).split("\n\n")
    assert title == f"# {code}: {CODES[code]}"
    assert len(meaning) >= 40
    assert "```sua bad" in page(code) and "\nMended" in page(code) and "```sua good" in page(code)


def test_there_is_no_page_without_a_code() -> None:
    assert {path.stem for path in PAGES.glob("[SW][0-9]*.md")} == set(CODES)
