"""Whole rule sets that show the surface, and the standard library: clean, and true on both evaluators."""

from pathlib import Path

import pytest

from compiler.driver import STDLIB
from tests.cases.play import require_pass

GOOD = sorted((Path(__file__).parent / "good").glob("*.sua"))
TESTED_LIBRARY = [path for path in sorted(STDLIB.glob("**/*.sua")) if "\ntest " in path.read_text("utf-8")]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_rules_hold(path: Path):
    require_pass(path)


@pytest.mark.parametrize("path", TESTED_LIBRARY, ids=lambda path: path.stem)
def test_the_standard_library_keeps_its_promises(path: Path):
    require_pass(path)
