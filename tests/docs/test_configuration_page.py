"""The page of options says what the options say."""

from __future__ import annotations

import re

from cli.config import OTHERS, SHARED
from cli.main import VERBS
from tests.docs.configuration_page import PAGE, page, settable
from tests.docs.pages import ROOT

VARIABLE = re.compile(r"\bSUASION_[A-Z_]+[A-Z]\b")


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.docs.configuration_page`"


def test_what_is_shared_is_an_option() -> None:
    for option in SHARED:
        assert any(option in settable(verb) for verb in VERBS), option


def test_no_page_names_a_variable_that_is_none() -> None:
    known = {name for verb in VERBS for each in settable(verb).values() for name in each.envvar} | OTHERS
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    for path in pages:
        assert not set(VARIABLE.findall(path.read_text(encoding="utf-8"))) - known, path
