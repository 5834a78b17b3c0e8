"""Rules that cannot be meant so, each rule set beside what a person is told about it.

`python tests/lang/test_bad_rules.py --update` writes down what is said now: read every line of the difference.
"""

import sys
from pathlib import Path

import pytest

BAD = Path(__file__).parent / "bad"
PROGRAMS = sorted(
    path
    for kind in ("names", "types", "meaning", "modules", "warnings")
    for path in (BAD / kind).glob("*.sua")
)
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from compiler.cases.from_ast import check_cases  # noqa: E402
from compiler.driver import compile_ruleset  # noqa: E402
from dsl.codes import LIMITS, MEANING, NAMES, TYPES, WARNINGS  # noqa: E402
from dsl.diagnostics import render_all  # noqa: E402
from dsl.source import Source  # noqa: E402


def told(program: Path) -> str:
    source = Source(program.name, program.read_text(encoding="utf-8"))
    compiled = compile_ruleset([source], [program.parent])
    found = [*compiled.diagnostics, *check_cases(compiled).diagnostics]
    return render_all(found, compiled.sources.values()) + "\n"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_bad_rules_are_explained(program: Path) -> None:
    assert told(program) == program.with_suffix(".out").read_text(encoding="utf-8")


def test_every_finding_of_the_checker_is_shown() -> None:
    shown = "".join(path.with_suffix(".out").read_text(encoding="utf-8") for path in PROGRAMS)
    codes = {code for code in LIMITS | NAMES | TYPES | MEANING | WARNINGS if code >= "S120"}
    of_tests = {"S221", "W501"}
    assert sorted(code for code in codes - of_tests if f"[{code}]" not in shown) == []


if __name__ == "__main__" and "--update" in sys.argv:
    for one in PROGRAMS:
        one.with_suffix(".out").write_text(told(one), encoding="utf-8")
