"""Pathological scripts in a process of their own: read, checked, compiled with an index, asked once.

`python -m tests.pathological.bearing NAME…` says in a line of JSON each what a script came to.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from compiler.cases.from_ast import check_cases
from compiler.checked.ir import RuleSet
from compiler.decision.crowds import Indexed
from compiler.decision.program import compile_program
from compiler.driver import compile_ruleset
from compiler.facts import Facts
from dsl.diagnostics import render_all
from dsl.source import Source
from tests.pathological.scripts import script

ROOT = Path(__file__).resolve().parents[2]
ADDRESS_SPACE = 4 * 2**30
"""In bytes, so that no script takes the machine along."""
NOBODY = Facts(1_772_366_400_000_000)


@dataclass(frozen=True, slots=True)
class Borne:
    """What a script came to.

    `seconds` of the processor from text to first answers; `megabytes`, the most that the process ever had; `codes` of the
    diagnostics, once each; `serves`: whether there is a program.
    """

    seconds: float
    megabytes: float
    codes: list[str]
    serves: bool


def bear(names: Iterable[str]) -> list[Borne]:
    """In a fresh process. RuntimeError: it ended with a traceback, or without memory."""
    command = [sys.executable, "-m", "tests.pathological.bearing", *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:] or f"ended with {done.returncode}")
    return [Borne(**json.loads(line)) for line in done.stdout.splitlines()]


def borne(name: str) -> Borne:
    source = Source("script.sua", script(name))
    start = time.process_time()
    compiled = compile_ruleset([source])
    diagnostics = [*compiled.diagnostics, *check_cases(compiled).diagnostics]
    render_all(diagnostics, compiled.sources.values())
    if compiled.ruleset:
        ask(compiled.ruleset)
    return Borne(
        time.process_time() - start,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        sorted({each.code for each in diagnostics}),
        compiled.ruleset is not None,
    )


def ask(ruleset: RuleSet) -> None:
    program = compile_program(ruleset)
    program.crowds(NOBODY)
    Indexed(ruleset, program.trees).answers(NOBODY)
    for plan in ruleset.plans:
        program.plan(plan, NOBODY)
    for decide in ruleset.decides:
        program.decide(decide, NOBODY)


def main(names: Iterable[str]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    compile_ruleset([Source("first.sua", "list a")])  # makes the parser, once in a process
    for name in names:
        print(json.dumps(asdict(borne(name))))


if __name__ == "__main__":
    main(sys.argv[1:])
