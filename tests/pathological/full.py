"""Measures every pathological script in a fresh process: `python -m tests.pathological.full`. Writes docs/pathological.md.

Two minutes of one core. Exits 1 when a script that is let through takes more than a second or 256 MB.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.pathological.bearing import Borne, bear
from tests.pathological.scripts import SCRIPTS, script

PAGE = Path(__file__).resolve().parents[2] / "docs" / "pathological.md"
MOST_SECONDS, MOST_MEGABYTES = 1.0, 256


def row(name: str, end: Borne) -> str:
    came_to = ("a program" if end.serves else "refused") + (f", {', '.join(end.codes)}" if end.codes else "")
    return f"| {name} | {len(script(name)):,} | {came_to} | {end.seconds:.2f} | {end.megabytes:.0f} |"


def page(ends: dict[str, Borne]) -> str:
    rows = "\n".join(row(name, end) for name, end in ends.items())
    served = sum(end.serves for end in ends.values())
    return f"""# Scripts that nobody writes by hand

{len(ends)} scripts from `tests/pathological/scripts.py`: as long, deep, wide or entangled as the language lets them be, or beyond. Each is
read, checked, compiled into trees and an index, and asked about one user, in a fresh process; {served} come to a program, the others are
refused by diagnostics. Aimed at is a second, and 256 MB for the whole process, Python and libraries included (they take 40).

    python -m tests.pathological.full

The longest took {max(end.seconds for end in ends.values()):.2f} s of the processor, the largest {max(end.megabytes for end in ends.values()):.0f} MB.

| script | characters | came to | seconds | MB |
|---|---|---|---|---|
{rows}
"""


def main() -> int:
    ends: dict[str, Borne] = {}
    for name in SCRIPTS:
        (ends[name],) = bear([name])
        print(row(name, ends[name]), flush=True)
    PAGE.write_text(page(ends), encoding="utf-8")
    over = [
        name for name, end in ends.items() if end.seconds > MOST_SECONDS or end.megabytes > MOST_MEGABYTES
    ]
    print(*(f"too much: {name}" for name in over), sep="\n")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
