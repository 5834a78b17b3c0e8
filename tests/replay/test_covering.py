"""Coverage by what is replayed: each condition and limit, and what it was seen to answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from server.adapters.log.archive import ParquetArchive
from server.replay.answering import Answering
from server.replay.covering import MOST, Covering, covered
from server.replay.open_loop import OpenJob
from server.replay.pairs import Answered, Pair, Status
from server.replay.report import Covered, Loop, Report
from server.replay.tally import Tally
from tests.replay.logs import CART, SHOP, files, rows, serving, store

PEOPLE: Sequence[dict[str, Any]] = (
    {"user": {"id": "a", "country": "de"}},
    {"user": {"id": "b", "country": "fr"}},
    {"user": {"id": "c"}, "events": [CART]},
    {
        "user": {"id": "d", "country": "de"},
        "events": [CART],
        "touches": [
            {"time": "2026-03-01T10:00:00Z", "activity": "nudge", "channel": "push", "occurrence": "a"}
        ]
        * 2,
    },
)
CANDIDATE = SHOP.replace("crowd german", 'crowd french { user.country is "fr" }\ncrowd german')


def seen(archive: ParquetArchive, records: int) -> tuple[dict[str, Covered], int]:
    """By the text of a condition or limit."""
    versions = {serving(text).version: files(text) for text in (SHOP, CANDIDATE)}
    work, tally = OpenJob(archive, *versions, versions, records)(), Tally()
    for part in archive.parts():
        tally.merge(work(part))
    found = covered(Answering(serving(CANDIDATE).ruleset, files(CANDIDATE).files), tally.covered)
    return {each.text: each for each in found}, tally.decisions_covered


def test_what_conditions_and_limits_answered_is_counted_by_rule_and_line(tmp_path: Path) -> None:
    found, decisions = seen(store(tmp_path, rows(SHOP, PEOPLE), SHOP), len(PEOPLE))
    assert decisions == len(PEOPLE)
    country, french = found['user.country is "de"'], found['user.country is "fr"']
    assert (country.rule, country.location) == ("crowd german", "rules.sua:7")
    assert (country.yes, country.no, country.unknown) == (2, 1, 1)  # one of them has none
    assert french.never == ("yes", "no", "unknown")
    report = Report("a", "b", Loop.OPEN, coverage=tuple(found.values()))
    assert report.rules_never_covered == ("crowd french",)
    cap, once = found["cap push 2 in any 7 days"], found["once per sku"]
    assert (cap.yes, cap.no) == (1, 1)
    assert once.rule == "plan nudge"


def test_of_many_the_same_are_looked_at_however_they_are_divided(tmp_path: Path) -> None:
    many = rows(SHOP, PEOPLE * 50)
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    store(whole, many, SHOP)
    for start in range(0, len(many), 40):
        archive = store(parted, many[start : start + 40], SHOP)
    one, other = seen(ParquetArchive(whole), 2 * MOST), seen(archive, 2 * MOST)
    assert one == other
    assert 0 < one[1] < len(many)


def test_a_pair_of_elsewhere_is_not_looked_at() -> None:
    look = Covering(Answering(serving(SHOP).ruleset, files(SHOP).files), {}, 1)
    assert not look(Pair("d", "u", 1, "decide", Answered(), Answered(), Status.SAME))
