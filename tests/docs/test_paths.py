"""The pages for those who work on the project name no path that does not exist, and leave out no folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PAGES = [ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]
FOLDERS = (
    "dsl",
    "compiler",
    "server",
    "cli",
    "suasion_client",
    "protos",
    "stdlib",
    "examples",
    "tests",
    "bench",
    "docs",
)
NAMED = re.compile(rf"(?<![\w/.])(?:{'|'.join(FOLDERS)})/[\w./*<>-]*")


def paths(page: Path) -> set[str]:
    return {found.rstrip(".") for found in NAMED.findall(page.read_text(encoding="utf-8"))}


def exists(path: str) -> bool:
    """`<name>` and `*` stand for any."""
    return any(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_path_exists(page: Path) -> None:
    assert sorted(path for path in paths(page) if not exists(path)) == []


def test_architecture_names_every_folder() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert [folder for folder in FOLDERS if f"`{folder}/`" not in text] == []


def test_architecture_names_every_part_of_the_compiler_and_of_the_service() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    parts = [path.parent for path in (ROOT / "compiler").glob("*/__init__.py")]
    assert [str(path.relative_to(ROOT)) for path in parts if f"compiler/{path.name}" not in text] == []


def test_pages_are_found_from_the_index() -> None:
    text = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "language").glob("*.md")]
    missing = [
        page.name for page in pages if page != ROOT / "docs" / "README.md" and f"{page.name})" not in text
    ]
    assert missing == []
