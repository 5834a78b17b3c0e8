"""Coverage by lives: what conditions and limits of the candidate were seen to answer, on what it knew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from cli.main import application
from tests.replay.histories import happened, recorded

RULES = """
settings {{ timezone "UTC" }}
profile user {{ id: text key  tier: choice(free, pro) optional }}
event order {{ order: text }}
policy gentle default {{ cap all {cap} in any 7 days }}
crowd pros {{ user.tier is "pro" }}
plan offer {{ on order  send push "offer" }}
plan extra {{ for pros  on order  send push "extra" }}
decide best {{ among offer, extra }}
"""


def covered(folder: Path, *options: str) -> dict[str, Any]:
    events = [
        happened(f"o{day}", "order", "u1", f"2026-03-{day:02}T10:00:00+00:00", order=str(day))
        for day in (1, 2, 3)
    ]
    history = recorded(folder / "history", events)
    for name, cap in (("base", 9), ("candidate", 1)):
        (folder / f"{name}.sua").write_text(RULES.format(cap=cap))
    words = ["replay", f"{folder}/base.sua", f"{folder}/candidate.sua", "--events", str(history), "--closed"]
    words += ["--format", "json", *options]
    report: dict[str, Any] = json.loads(CliRunner().invoke(application(words), words).stdout)["data"]
    return report


def test_what_lived_decisions_have_met_is_counted(tmp_path: Path) -> None:
    """The cap of one lets the first of three orders through; of nobody's tier anything is known."""
    report = covered(tmp_path, "--coverage")
    assert report["decisions_covered"] == report["decisions"] == 3
    found = {each["text"]: (each["yes"], each["no"], each["unknown"]) for each in report["coverage"]}
    assert found['user.tier is "pro"'] == (0, 0, 3)
    assert found["cap all 1 in any 7 days"] == (2, 1, 0)


def test_it_is_only_looked_for_where_that_is_asked(tmp_path: Path) -> None:
    report = covered(tmp_path)
    assert (report["coverage"], report["decisions_covered"]) == ([], 0)
