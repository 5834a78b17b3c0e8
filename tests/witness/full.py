"""In how many of seeded one-line changes that mean something a witness is found, and how soon.

python -m tests.witness.full [changes of each file]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from compiler.diff import diff
from compiler.driver import Compiled, compile_ruleset
from compiler.witness.search import Witness, reached, witnesses
from compiler.witness.treatment import Version
from dsl.source import Source
from tests.witness.mutations import mutants

ROOT = Path(__file__).parents[2]
FILES = (
    "examples/retail/rules.sua",
    "examples/cdnow/rules.sua",
    "docs/api/shop.sua",
    *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "tests/scenarios").glob("*.sua"))),
)


def changed(path: Path, seed: int = 0) -> Iterator[tuple[int, Compiled, Compiled]]:
    """Line, before and after, of changes that compile and mean something."""
    text = path.read_text(encoding="utf-8")
    before = compile_ruleset([Source(path.name, text)])
    assert before.ruleset is not None
    for line, other in mutants(text, seed):
        after = compile_ruleset([Source(path.name, other)])
        if after.ruleset is not None and diff(before.ruleset, after.ruleset):
            yield line, before, after


def found(before: Compiled, after: Compiled) -> tuple[list[Witness], float]:
    """What is found, and after how many seconds the first one was."""
    one, other = Version(before), Version(after)
    entries = reached(one.ruleset, other.ruleset, diff(one.ruleset, other.ruleset))
    begun, first = perf_counter(), 0.0
    all_ = []
    for each in witnesses(one, other, entries):
        all_.append(each)
        if each.person is not None:
            first = perf_counter() - begun
            break
    return all_, first or perf_counter() - begun


def main(each: int) -> None:
    hits = total = in_time = 0
    for name in FILES:
        path = ROOT / name
        for n, (line, before, after) in enumerate(changed(path)):
            if n == each:
                break
            what, seconds = found(before, after)
            hit = any(one.person for one in what)
            hits, total, in_time = hits + hit, total + 1, in_time + (hit and seconds <= 5)
            if not hit:
                text = after.sources[path.name].text.splitlines()[line - 1]
                print(
                    f"{name}:{line} not found in {seconds:.1f} s: {text.strip()} ({len(what)} entries)",
                    flush=True,
                )
    print(f"{total} changes, {hits} with a witness, {in_time} within 5 s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
