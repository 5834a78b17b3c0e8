"""Writes docs/stdlib.md from what the standard library says of itself: `python -m tests.docs.stdlib_page`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from compiler.driver import compile_ruleset
from dsl.source import Source
from tests.docs.pages import ROOT

STDLIB = ROOT / "stdlib"
PAGE = ROOT / "docs" / "stdlib.md"
IN_ORDER = ("lifecycle", "rfm", "contact", "quiet", "holidays")
KINDS = {"crowd": "crowds", "score": "scores", "policy": "policies"}

INTRODUCTION = """\
# The standard library

Rules to start from, written in the language, each with tests. `use std.NAME` takes a module in; its names then come with `NAME.`
in front. Read them, and copy what does not fit: they are files like yours. Their text is part of a rule set's version, so that a
change in them makes a new one.

Written from the files' own lines by `python -m tests.docs.stdlib_page`.
"""


def page() -> str:
    parts = [INTRODUCTION, *(section(name) for name in IN_ORDER), regions()]
    return "\n".join(parts)


def section(name: str) -> str:
    path = STDLIB / f"{name}.sua"
    tests = STDLIB / f"{name}_test.sua"
    files = [path] if not tests.exists() else [path, tests]
    links = ", ".join(f"[{file.name}](../stdlib/{file.name})" for file in files)
    return "\n".join([f"## std.{name}", "", *head(path), "", *table(path), "", links, ""])


def head(path: Path) -> Iterator[str]:
    """The remark at the top of a file; what is indented in it is an example."""
    fenced = False
    for line in path.read_text(encoding="utf-8").split("\n\n", 1)[0].splitlines():
        text = line.removeprefix("#").removeprefix(" ")
        is_example = text.startswith("  ")
        if is_example != fenced:
            yield "```text" if is_example else "```"
            fenced = is_example
        yield text.removeprefix("  ")
    if fenced:
        yield "```"


def declared(path: Path) -> Iterator[tuple[str, str, str]]:
    """Kind, name and line of text of each definition."""
    ruleset = compile_ruleset([Source(path.name, path.read_text(encoding="utf-8"))]).ruleset
    for kind, several in KINDS.items():
        for name, definition in getattr(ruleset, several).items():
            yield kind, name, definition.doc


def table(path: Path) -> Iterator[str]:
    yield from ("| | | |", "|---|---|---|")
    for kind, name, doc in declared(path):
        yield f"| {kind} | `{path.stem}.{name}` | {doc} |"


def regions() -> str:
    """A paragraph for each country that has modules for its regions."""
    lines = [
        "## std.holidays.COUNTRY",
        "",
        "Regions of a country, each with the days that hold in the whole country.",
        "",
    ]
    for path in sorted((STDLIB / "holidays").glob("*.sua")):
        names = ", ".join(f"`{name}`" for _, name, _ in declared(path) if name != "covered")
        lines += [f"**[std.holidays.{path.stem}](../stdlib/holidays/{path.name})**: {names}", ""]
    return "\n".join(lines)


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
