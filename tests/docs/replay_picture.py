"""`docs/replay.png`: the top of a replay's page, of made-up shopping, in a real browser.

    python -m tests.docs.replay_picture

It takes a Chromium and the package `playwright`.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.docs.pages import ROOT
from tests.replay.mutations import MUTATIONS
from tests.replay.recording import record, retail

PICTURE = ROOT / "docs" / "replay.png"
CHANGES = {"quiet hours", "a value", "a comparison"}
SIZE = {"width": 1000, "height": 1480}


def page(folder: Path) -> Path:
    """Of three lines that were changed."""
    history = retail()
    record(history, folder / "log")
    candidate = history.rules
    for mutation in MUTATIONS:
        if mutation.history == "retail" and mutation.kind in CHANGES:
            candidate = mutation(candidate)
    (folder / "rules.sua").write_text(history.rules.text, encoding="utf-8")
    (folder / "candidate.sua").write_text(candidate.text, encoding="utf-8")
    words = ["replay", "rules.sua", "candidate.sua", "--log", "log", "--html", "page.html"]
    guards = ["--max-change", "50%", "--fail-on", "send→block"]
    subprocess.run([ROOT / "suasion", *words, *guards], cwd=folder, stdout=subprocess.DEVNULL)  # guards break
    return folder / "page.html"


def main() -> None:
    with TemporaryDirectory() as folder:
        show(page(Path(folder)))


def show(page: Path) -> None:
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        opened = browser.new_page(viewport=SIZE, color_scheme="light")
        opened.goto(page.as_uri())
        opened.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
