"""docs/language/functions.md lists every function as it is, and every example holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.builtins import FUNCTIONS, Function
from compiler.decision.program import compile_program
from compiler.driver import compile_ruleset
from compiler.facts import Facts
from dsl.source import Source

PAGE = Path(__file__).parents[2] / "docs" / "language" / "functions.md"


def row(function: Function) -> str:
    signatures = "<br>".join(f"`{signature}`" for signature in function.signatures)
    return f"| {signatures} | {function.doc} | `{function.example}` |"


def test_the_page_lists_every_function_and_no_other() -> None:
    listed = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert listed == [row(function) for function in FUNCTIONS.values()]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_example_holds(name: str) -> None:
    text = f"profile user {{ id: text key  interests: set(text) }}\ncrowd example {{ {FUNCTIONS[name].example} }}\n"
    compiled = compile_ruleset([Source("example.sua", text)])
    assert compiled.ruleset is not None, compiled.diagnostics
    facts = Facts(0, user={"id": "u", "interests": frozenset({"ski", "sun"})})
    assert compile_program(compiled.ruleset).crowd("example", facts) is True
