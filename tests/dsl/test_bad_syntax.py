"""Programs that cannot be read, each beside what a person is told about it.

`python tests/dsl/test_bad_syntax.py --update` writes down what is said now: read every line of the difference.
"""

import sys
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent.parent / "lang" / "bad" / "syntax"
if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from dsl.diagnostics import render_all  # noqa: E402
from dsl.parse import parse  # noqa: E402
from dsl.source import Source  # noqa: E402


def told(program: Path) -> str:
    source = Source(program.name, program.read_text(encoding="utf-8"))
    return render_all(parse(source).diagnostics, [source]) + "\n"


@pytest.mark.parametrize("program", sorted(PROGRAMS.glob("*.sua")), ids=lambda program: program.stem)
def test_a_bad_program_is_explained(program: Path) -> None:
    assert told(program) == program.with_suffix(".out").read_text(encoding="utf-8")


if __name__ == "__main__" and "--update" in sys.argv:
    for one in PROGRAMS.glob("*.sua"):
        one.with_suffix(".out").write_text(told(one), encoding="utf-8")
