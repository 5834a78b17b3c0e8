"""Every code of the parser has a page, whose bad examples have that error and whose good ones have none."""

import re
from pathlib import Path

import pytest

from dsl.codes import LIMITS, SYNTAX
from dsl.parse import ParseCache, parse
from dsl.source import Source

PAGES = Path(__file__).parents[2] / "docs" / "errors"
CODES = [code for code in SYNTAX | LIMITS if code < "S120"]  # the others are the checker's
BESIDE = {"S108": {"S001"}}
"""What an example must have besides: too many mistakes are mistakes."""
EXAMPLE = re.compile(
    r"^```sua (?P<kind>bad|good)(?:, its second line (?P<times>\d+) times(?P<joined> without a break)?)?\n"
    r"(?P<text>.*?)\n```$",
    re.MULTILINE | re.DOTALL,
)


def examples(code: str, kind: str) -> list[str]:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return [example(found) for found in EXAMPLE.finditer(page) if found["kind"] == kind]


def example(found: re.Match[str]) -> str:
    """The text of an example; one that breaks a limit of length is written short."""
    if not found["times"]:
        return found["text"]
    first, repeated, *rest = found["text"].split("\n")
    joint = "" if found["joined"] else "\n"
    return joint.join([first, *[repeated] * int(found["times"]), *rest])


def codes_in(text: str) -> set[str]:
    return {one.code for one in parse(Source("example.sua", text), ParseCache()).diagnostics}


@pytest.mark.parametrize("code", CODES)
def test_examples_are_what_the_page_says(code: str) -> None:
    bad, good = examples(code, "bad"), examples(code, "good")
    assert bad and good
    assert [codes_in(text) - BESIDE.get(code, set()) for text in bad] == [{code}] * len(bad)
    assert [codes_in(text) for text in good] == [set()] * len(good)


@pytest.mark.parametrize("code", CODES)
def test_a_page_is_headed_by_code_and_title(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: {(SYNTAX | LIMITS)[code]}\n\n")
