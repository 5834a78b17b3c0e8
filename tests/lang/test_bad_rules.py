"""Rules that cannot be meant so, each rule set beside what a person is told about it.

`python tests/lang/test_bad_rules.py --update` writes down what is said now: read every line of the difference.
"""

import re
import sys
from collections.abc import Iterable
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
from dsl.diagnostics import Diagnostic, render_all  # noqa: E402
from dsl.source import Source  # noqa: E402


def found_in(program: Path) -> tuple[list[Diagnostic], Iterable[Source]]:
    source = Source(program.name, program.read_text(encoding="utf-8"))
    compiled = compile_ruleset([source], [program.parent])
    return [*compiled.diagnostics, *check_cases(compiled).diagnostics], compiled.sources.values()


def told(program: Path) -> str:
    return render_all(*found_in(program)) + "\n"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_bad_rules_are_explained(program: Path) -> None:
    assert told(program) == program.with_suffix(".out").read_text(encoding="utf-8")


STRANGE = re.compile(
    r"\b(None|null|boolean|bool|string|str|integer|float|tuple|dict|token|node|operand|expression|literal|IR|AST|"
    r"identifier|exception|argument of type|undefined|invalid)\b"
)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_findings_are_worded_for_their_readers(program: Path) -> None:
    """Lower case, no full stop, and no words but the writer's own that only programmers know."""
    for each in found_in(program)[0]:
        words = [each.message, each.label or "", *each.notes]
        assert not [text for text in words if STRANGE.search(re.sub('`[^`]*`|"[^"]*"', "", text))]
        assert all(text == "" or not text[0].isupper() for text in words)
        assert not each.message.endswith(".")


def test_every_finding_of_the_checker_is_shown() -> None:
    shown = "".join(path.with_suffix(".out").read_text(encoding="utf-8") for path in PROGRAMS)
    codes = {code for code in LIMITS | NAMES | TYPES | MEANING | WARNINGS if code >= "S120"}
    of_tests = {"S221", "W501"}
    assert sorted(code for code in codes - of_tests if f"[{code}]" not in shown) == []


if __name__ == "__main__" and "--update" in sys.argv:
    for one in PROGRAMS:
        one.with_suffix(".out").write_text(told(one), encoding="utf-8")
