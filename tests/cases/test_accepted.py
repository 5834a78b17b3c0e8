"""What failed after a change of the rules comes true once it is accepted, and nothing else is touched."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from compiler.cases.accepted import Proposal, accepted, proposals
from compiler.cases.from_ast import check_cases
from compiler.cases.texts import Texts
from compiler.driver import compile_ruleset
from dsl.format import format_file
from dsl.source import Source
from tests.witness.mutations import mutants

ROOT = Path(__file__).parents[2]
FILES = ["docs/api/shop.sua", "examples/retail/rules.sua", *sorted((ROOT / "tests/scenarios").glob("*.sua"))]
EACH = 6


def failing(text: str) -> list[Proposal] | None:
    """None for rules that do not compile, or with tests that have an error."""
    found = compile_ruleset([Source("rules.sua", text)])
    checked = check_cases(found)
    findings = (*found.diagnostics, *checked.diagnostics)
    if found.ruleset is None or any(each.severity == "error" for each in findings):
        return None
    return list(proposals(found, checked.cases, Texts(found.sources.values())))


@pytest.mark.parametrize("path", [ROOT / each for each in FILES], ids=lambda path: path.name)
def test_what_is_accepted_comes_true(path: Path) -> None:
    text = format_file(Source("rules.sua", path.read_text(encoding="utf-8")))
    assert failing(text) == []
    broken = ((other, found) for _, other in mutants(text, 1) if (found := failing(other)))
    for other, found in islice(broken, EACH):
        mended = accepted(other, found)
        assert failing(mended) == [], "\n".join(each.text for each in found)


def test_only_the_expectation_is_rewritten() -> None:
    text = """\
event order { }
crowd buyers { count of order ever >= 1 }

test "one order"   {  # as it was
  given user { }
  happens order { } at 2026-03-02 10:00
  now 2026-03-02 11:00
  expect count of order ever is 2  # not yet
  expect not user in buyers
  expect count of order ever >= 2 and
    user in buyers
}
"""
    found = failing(text)
    assert found is not None
    assert accepted(text, found) == text.replace("ever is 2", "ever is 1").replace(
        "not user in", "user in"
    ).replace(
        "count of order ever >= 2 and\n    user in buyers",
        "not (count of order ever >= 2 and user in buyers)",
    )
