"""Two versions that differ in one cap: what a closed loop sends is what SQL counts; what an open loop says is not, and it says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.purchases import EXAMPLE
from server.histories import imported
from server.reliving import lived
from server.replay.lives import Life
from tests.replay import caps
from tests.replay.histories import life
from tests.server.conftest import run

__all__ = ["run"]
ROOT = Path(__file__).resolve().parents[2]
RETAIL = ROOT.parent / "shared" / "data" / "online_retail.parquet"
ONLINE = ROOT / "examples" / "online_retail"
SAMPLE = 10
"""One in so many customers; `python -m tests.replay.full` takes all."""
CDNOW = """
settings {{ timezone "America/New_York"  currency USD }}
profile user {{ id: text key }}
event purchase {{ day: date  quantity: int  amount: money USD }}
policy gentle default {{ cap all {cap} in any 30 days }}
plan thank_you {{ on purchase  send email "thank_you" }}
decide best {{ among thank_you }}
"""


def sent(directory: Path, lives: Sequence[Life]) -> list[dict[str, int]]:
    """By life, how many messages each user was sent."""
    counted = [Counter[str]() for _ in lives]
    for told in lived(directory, lives):
        for counts, (decisions, _) in zip(counted, told, strict=True):
            counts.update(each.user for each in decisions if each.answered.verdict == "send")
    return [dict(each) for each in counted]


def test_on_cdnow_the_closed_loop_sends_what_sql_counts(tmp_path: Path) -> None:
    imported([EXAMPLE / "purchases.txt"], (EXAMPLE / "mapping.toml").read_text(), tmp_path)
    base, candidate = sent(tmp_path, [life(CDNOW.format(cap=2)), life(CDNOW.format(cap=1))])
    assert base == caps.sent(caps.CDNOW, 2, 30)
    assert candidate == caps.sent(caps.CDNOW, 1, 30)
    assert (sum(base.values()), sum(candidate.values())) == (6188, 4996)


@pytest.mark.skipif(not RETAIL.exists(), reason="the orders of a real web shop are not beside the checkout")
def test_so_it_does_on_the_orders_of_a_real_web_shop(tmp_path: Path) -> None:
    assert_sends_what_sql_counts(tmp_path, SAMPLE)


def assert_sends_what_sql_counts(folder: Path, every: int) -> None:
    """Of customers whose number is a multiple of `every`."""
    mapping = (ONLINE / "mapping.toml").read_text()
    some = mapping.replace("LIKE 'C%'\"", f"LIKE 'C%' AND customer % {every} = 0\"")
    imported([RETAIL], some, folder)
    rules = (ONLINE / "rules.sua").read_text()
    assert "cap all 2 in any 7 days" in rules
    base, candidate = sent(folder, [life(rules), life(rules.replace("cap all 2 in", "cap all 1 in"))])
    assert base == caps.sent(caps.invoices(RETAIL, every), 2, 7)
    assert candidate == caps.sent(caps.invoices(RETAIL, every), 1, 7)
    assert sum(candidate.values()) < sum(base.values())
