"""Two versions that differ in one cap: what a closed loop sends is what SQL counts; what an open loop says is not, and it says so."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import application
from cli.purchases import EXAMPLE
from server.histories import history, imported
from server.reliving import living
from server.replay.closed_loop import Teller
from server.replay.lives import Life, Told
from server.wiring import decision_log
from tests.replay import caps, serving
from tests.replay.histories import life
from tests.server.conftest import Run, run

__all__ = ["run"]
ROOT = Path(__file__).resolve().parents[2]
RETAIL = ROOT.parent / "shared" / "data" / "online_retail.parquet"
ONLINE = ROOT / "examples" / "online_retail"
SAMPLE = 20
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
    with living(directory, lives) as tellers:
        for told in lock_step(tellers):
            for counts, each in zip(counted, told, strict=True):
                counts.update(lived.user for lived in each.lived if lived.answered.verdict == "send")
    return [dict(each) for each in counted]


def lock_step(tellers: Sequence[Teller]) -> Iterator[list[Told]]:
    """What all tell, until they are over; what they knew is let go."""
    told = [Told(()) for _ in tellers]
    while not all(each.ended for each in told):
        for teller, each in zip(tellers, told, strict=True):
            teller.go_on([lived.name for lived in each.lived])
        told = [teller.told() for teller in tellers]
        yield told


def test_on_cdnow_the_closed_loop_sends_what_sql_counts(tmp_path: Path) -> None:
    imported([EXAMPLE / "purchases.txt"], (EXAMPLE / "mapping.toml").read_text(), tmp_path)
    base, candidate = sent(tmp_path, [life(CDNOW.format(cap=2)), life(CDNOW.format(cap=1))])
    assert base == caps.sent(caps.CDNOW, 2, 30)
    assert candidate == caps.sent(caps.CDNOW, 1, 30)
    assert (sum(base.values()), sum(candidate.values())) == (6188, 4996)


def test_from_a_log_alone_the_closed_loop_sends_what_sql_counts_and_the_open_loop_does_not(
    tmp_path: Path, run: Run
) -> None:
    """Of one in forty customers, told to a server that keeps a log."""
    imported([EXAMPLE / "purchases.txt"], (EXAMPLE / "mapping.toml").read_text(), tmp_path / "all")
    told = [each for each in history(tmp_path / "all").events() if int(each.user) % 40 == 0]
    rules = CDNOW.replace("event purchase", "event tick {{ }}\nevent purchase")
    log = decision_log(str(tmp_path / "log"))
    server = run(serving.Told.of(rules.format(cap=2), told, log=log))
    for name, cap in (("base", 2), ("candidate", 1)):
        (tmp_path / f"{name}.sua").write_text(rules.format(cap=cap))
    counted = [sum(caps.sent(caps.some(caps.CDNOW, 40), cap, 30).values()) for cap in (2, 1)]
    assert sum(verdict == "send" for verdict, _, _ in server.verdicts) == counted[0] > counted[1]
    closed, notes = emails(tmp_path, "--closed")
    assert closed == counted
    assert any("with its own sends" in note for note in notes)
    opened, notes = emails(tmp_path)
    assert opened[0] == counted[0] and opened[1] < counted[1]
    assert any("counts in no limit" in note for note in notes)


def emails(folder: Path, *options: str) -> tuple[list[int], list[str]]:
    """Sent by base and candidate, as a replay of the log says, and its notes."""
    versions = (str(folder / "base.sua"), str(folder / "candidate.sua"))
    said = ["replay", *versions, "--log", str(folder / "log"), "--format", "json", *options]
    report = json.loads(CliRunner().invoke(application(said), said).stdout)["data"]
    (sends,) = report["sends"]
    return [sends["before"], sends["after"]], report["notes"]


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
