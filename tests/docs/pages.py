"""What the pages for users show: rules that have to check, and commands that have to print what stands there.

A page is read from top to bottom, as its reader does it:

    ```sua              rules; all of a page are one rule set, in this order
    ```sua shop.sua     rules that go at the end of that file
    ```python ask.py    the same for other texts
    ```console          `$ command`, and below it what the terminal shows; `…` stands for anything
    ```console serving  the same, but the command goes on until the end of the page

Commands run in an empty folder in which everything of the checkout can be seen. `127.0.0.1:50051`, where a server answers
unless it is told otherwise, becomes a free port.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(?P<info>\S[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class Block:
    """`start` is where its text begins in the page; `line` counts from 1."""

    language: str
    argument: str
    text: str
    start: int
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a console block, and what is shown below it. `end` is where that ends in the page."""

    text: str
    shown: str
    start: int
    end: int
    line: int


def pages() -> list[Path]:
    """The pages that are run whole. Pages of single errors and of tests are run where they are tested."""
    own = (
        "README.md",
        "docs/tutorial.md",
        "docs/recipes.md",
        "docs/client.md",
        "docs/facts.md",
        "docs/log.md",
        "docs/messages.md",
        "docs/operating.md",
        "docs/releases.md",
        "docs/replay.md",
        "docs/security.md",
        "docs/language/README.md",
    )
    more = (*(ROOT / "examples").glob("*/README.md"), *(ROOT / "docs" / "api").glob("*.md"))
    return [*(ROOT / name for name in own), *sorted(more)]


def blocks(page: str) -> Iterator[Block]:
    for found in FENCE.finditer(page):
        language, _, argument = found["info"].partition(" ")
        start = found.start("text")
        yield Block(language, argument.strip(), found["text"], start, page.count("\n", 0, start) + 1)


def commands(block: Block) -> Iterator[Command]:
    """Of a console block. A command that ends in a backslash goes on in the next line."""
    at = block.start
    begun: list[tuple[str, int, int, list[str]]] = []
    for number, line in enumerate(block.text.splitlines(keepends=True)):
        if line.startswith(PROMPT):
            begun.append((line.removeprefix(PROMPT), at + len(line), block.line + number, []))
        elif begun[-1][0].endswith("\\\n") and not begun[-1][3]:
            text, _, first, _ = begun[-1]
            begun[-1] = (text + line, at + len(line), first, [])
        else:
            begun[-1][3].append(line)
        at += len(line)
    for text, start, number, shown in begun:
        printed = "".join(shown)
        yield Command(text.strip(), printed, start, start + len(printed), number)


def fits(shown: str, printed: str) -> bool:
    """Whether the page shows what was printed; `…` stands for anything, on a line of its own for any lines."""
    pattern = re.escape(shown.strip()).replace("…", ".*")
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None
