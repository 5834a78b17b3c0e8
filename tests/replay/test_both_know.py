"""Facts of a closed loop are gathered for both versions: either is asked on what the other knew, with nothing unknown to it."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from typer.testing import CliRunner

from cli.main import application
from server.replay.known import Relived
from server.replay.pairs import Answered, Question
from tests.replay.histories import compared, happened, life, recorded
from tests.replay.test_like_a_server import RULES, events

BASE = """
settings { timezone "UTC" }
profile user { id: text key  tier: choice(free, pro) default pro }
event order { order: text }
list staff
policy gentle default { cap all 2 in any 7 days }
list testers
crowd wanted { user.tier is "pro" }
plan offer { for wanted  on order  send push "offer" }
decide best { among offer }
"""
CANDIDATE = (
    BASE.replace(
        "tier: choice(free, pro) default pro }",
        "tier: choice(free, pro) default pro  vip: flag default true }",
    )
    .replace(
        "event order { order: text }", "event order { order: text  total: int }\nevent view { sku: text }"
    )
    .replace(
        'user.tier is "pro"',
        'user.vip and did view where sku is "cup" within 90 days and did order where total > 5 within 60 days',
    )
    .replace("cap all 2", "cap all 1")
)
DAYS = [f"2026-03-{day:02}T10:00:00+00:00" for day in (1, 2, 3, 4)]
SEEN = happened("v1", "view", "u1", DAYS[0], sku="cup")


def replayed(folder: Path, events: list[dict[str, Any]], *options: str) -> dict[str, Any]:
    for name, text in (("base", BASE), ("candidate", CANDIDATE)):
        (folder / f"{name}.sua").write_text(text)
    history = recorded(folder / "history", events)
    words = ["replay", f"{folder}/base.sua", f"{folder}/candidate.sua", "--events", str(history), "--closed"]
    words += ["--format", "json", *options]
    report: dict[str, Any] = json.loads(CliRunner().invoke(application(words), words).stdout)["data"]
    return report


def test_a_cap_is_blamed_where_the_versions_look_at_different_facts(tmp_path: Path) -> None:
    """At the second order either would send, were it not for the cap: whether the user is pro, which the base alone asks, or has seen a
    cup, which the base does not even declare, makes no difference."""
    orders = [happened(f"o{at}", "order", "u1", DAYS[at], order=str(at), total=9) for at in (1, 2)]
    report = replayed(tmp_path, [SEEN, *orders])
    changed = {each["location"]: each["decisions"] for each in report["blamed"] if each["decisions"]}
    assert changed == {"candidate.sua:7": 1} or set(changed) == {f"{tmp_path}/candidate.sua:7"}, report[
        "blamed"
    ]


@pytest.mark.parametrize("switch", [None, "2026-03-28T12:00:00+00:00"])
@given(happening=events())
@settings(max_examples=6, deadline=None)
def test_on_what_it_knew_each_version_says_again_what_it_said(
    happening: list[dict[str, Any]], switch: str | None
) -> None:
    other = RULES.replace("cap push 2", "cap push 1").replace("wait 20 minutes", "wait 1 hour")
    after = life(other) if switch is None else life(RULES, (switch, other))
    with TemporaryDirectory() as folder:
        _, pairs = compared(recorded(Path(folder) / "history", happening), [life(RULES), after], bool)
    for pair, before in pairs:
        for question, said in ((before, pair.before), (pair.question, pair.after)):
            assert said == (Answered() if question is None else answered_again(question)), pair


def answered_again(question: Question) -> Answered:
    assert isinstance(question, Relived)
    return question.answer(question.then)
