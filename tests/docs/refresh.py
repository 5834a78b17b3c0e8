"""Writes into the pages what their commands print now: `python -m tests.docs.refresh [PAGE…]`.

What fits already stays as it is, `…` included. Read the difference before you keep it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from tests.docs.pages import fits, pages
from tests.docs.reading import read

CHANGING = re.compile(r"\b(?:[0-9a-f]{32}){1,2}\b|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z|\b\d+\.\d{6}s\b")
"""A version, which changes with every word of the rules; a decision id, what a clock shows and how long something took, each
time."""


def refreshed(page: str) -> str:
    changes = []
    with tempfile.TemporaryDirectory() as place:
        for command, printed in read(page, Path(place)):
            if "has a bug" in printed:
                raise SystemExit(f"$ {command.text}\n{printed}")
            if not fits(command.shown, printed):
                shown = CHANGING.sub("…", printed).strip("\n")
                changes.append((command.start, command.end, f"{shown}\n" if shown else ""))
    for start, end, printed in reversed(changes):
        page = page[:start] + printed + page[end:]
    return page


def main() -> None:
    for path in [Path(argument) for argument in sys.argv[1:]] or pages():
        page = path.read_text(encoding="utf-8")
        path.write_text(refreshed(page), encoding="utf-8")


if __name__ == "__main__":
    main()
