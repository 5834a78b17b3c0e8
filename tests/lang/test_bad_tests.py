"""Tests that mean nothing, each rule set beside what a person is told about it.

`python tests/lang/test_bad_tests.py --update` writes down what is said now: read every line of the difference.
"""

import sys
from pathlib import Path

import pytest

PROGRAMS = sorted((Path(__file__).parent / "bad" / "tests").glob("*.sua"))
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from compiler.cases.from_ast import check_cases  # noqa: E402
from compiler.driver import compile_ruleset  # noqa: E402
from dsl.codes import TESTS  # noqa: E402
from dsl.diagnostics import render_all  # noqa: E402
from dsl.source import Source  # noqa: E402


def told(program: Path) -> str:
    compiled = compile_ruleset([Source(program.name, program.read_text(encoding="utf-8"))])
    found = [*compiled.diagnostics, *check_cases(compiled).diagnostics]
    return render_all(found, compiled.sources.values()) + "\n"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_a_bad_test_is_explained(program: Path):
    assert told(program) == program.with_suffix(".out").read_text(encoding="utf-8")


def test_every_finding_about_tests_is_shown():
    shown = "".join(program.with_suffix(".out").read_text(encoding="utf-8") for program in PROGRAMS)
    assert not [code for code in [*TESTS, "S221", "W501"] if f"[{code}]" not in shown]


if __name__ == "__main__" and "--update" in sys.argv:
    for one in PROGRAMS:
        one.with_suffix(".out").write_text(told(one), encoding="utf-8")
