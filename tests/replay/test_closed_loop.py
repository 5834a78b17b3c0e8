"""History lived again: what each version sends feeds its own caps, what waits comes due in time, what was heard late is regretted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from server.replay.lives import Knowledge
from server.replay.report import Loop
from tests.replay.histories import compared, happened, life, recorded, relived
from tests.server.clock import micros

SHOP = """
settings { timezone "UTC" }
profile user { id: text key }
event order { order: text }
event paid { order: text }
policy gentle default { cap all 5 in any 7 days }
plan remind { on order wait 30 minutes unless paid with same order  once per order  send push "remind" }
decide best { among remind }
"""
DAY = "2026-03-03T"
LATE = [
    happened("o1", "order", "u1", DAY + "10:00:00+00:00", order="a"),
    happened("p1", "paid", "u1", DAY + "10:05:00+00:00", DAY + "10:40:00+00:00", order="a"),
]


# ---- scenario 10


def test_what_came_late_was_not_known_then_and_is_regretted(tmp_path: Path) -> None:
    directory = recorded(tmp_path / "history", LATE)
    then, full = life(SHOP), life(SHOP, knowledge=Knowledge.FULL)
    assert relived(directory, then).sends() == [
        ("u1", "remind/o1/best", micros(DAY + "10:30:00+00:00"), "remind")
    ]
    assert relived(directory, full).sends() == []
    loop, pairs = compared(directory, [then, then, full, full])
    assert [each.pair.status.value for each in pairs] == ["same"] * 3
    assert [(each.sent, each.missed) for each in loop.regrets] == [(1, 0)] * 2
    (shown,) = loop.examples
    assert (shown.decision_id, shown.before.verdict) == ("remind/o1/best", "send")
    assert shown.after.verdict in (None, "none")


def test_what_would_have_been_sent_in_time_is_told_the_other_way_round(tmp_path: Path) -> None:
    """The order itself was heard of after it was paid, though it was placed long before."""
    late = [
        happened("o1", "order", "u1", DAY + "09:00:00+00:00", DAY + "10:40:00+00:00", order="a"),
        happened("p1", "paid", "u1", DAY + "10:05:00+00:00", order="a"),
    ]
    directory = recorded(tmp_path / "history", late)
    then, full = life(SHOP), life(SHOP, knowledge=Knowledge.FULL)
    loop, _ = compared(directory, [then, then, full, full])
    assert [(each.sent, each.missed) for each in loop.regrets] == [(0, 1), (0, 1)]


def test_an_event_dated_in_the_future_waits_for_its_time(tmp_path: Path) -> None:
    early = [
        happened("o1", "order", "u1", DAY + "12:00:00+00:00", DAY + "10:00:00+00:00", order="a"),
        happened("o2", "order", "u2", DAY + "13:00:00+00:00", order="b"),
    ]
    directory = recorded(tmp_path / "history", early)
    sent = relived(directory, life(SHOP)).sends()
    assert sent == [("u1", "remind/o1/best", micros(DAY + "12:30:00+00:00"), "remind")]
    more = relived(directory, life(SHOP, until=micros(DAY + "13:30:00+00:00"))).sends()
    assert more == [*sent, ("u2", "remind/o2/best", micros(DAY + "13:30:00+00:00"), "remind")]


# ---- scenario 11

WELCOME = """
settings {{ timezone "UTC" }}
profile user {{ id: text key }}
event signup {{ }}
event click {{ }}
policy gentle default {{ {policy} }}
plan welcome {{ on signup wait {wait}  once per user in any 30 days  send email "{content}" }}
decide best {{ among welcome }}
"""
ONE = WELCOME.format(policy="cap all 9 in any 7 days", wait="2 hours", content="one")
TWO = WELCOME.format(policy="quiet 10:00 to 15:00 user time then wait", wait="1 hour", content="two")
SIGNUPS = [
    happened("s1", "signup", "u1", "2026-03-01T10:00:00+00:00"),
    happened("s2", "signup", "u1", "2026-03-01T11:30:00+00:00"),  # a second run while the first waits
    happened("s3", "signup", "u2", "2026-03-01T11:30:00+00:00"),
    happened("s4", "signup", "u1", "2026-03-30T15:00:00+00:00"),  # 29 days after the first message
    happened("s5", "signup", "u1", "2026-03-31T15:00:00+00:00"),  # 30 days
    happened("c1", "click", "u2", "2026-04-01T00:00:00+00:00"),
]


def test_users_finish_on_the_version_that_they_began_with_under_the_present_policy(tmp_path: Path) -> None:
    directory = recorded(tmp_path / "history", SIGNUPS)
    lived = relived(directory, life(ONE, ("2026-03-01T11:00:00+00:00", TWO)))
    one, two = lived.ended.versions
    assert lived.sends() == [
        # due at 12:00 by version 1, and quiet until 15:00 by version 2
        ("u1", "welcome/s1/best", micros("2026-03-01T15:00:00+00:00"), "one"),
        # entered version 2: due at 12:30, quiet, too
        ("u2", "welcome/s3/best", micros("2026-03-01T15:00:00+00:00"), "two"),
        ("u1", "welcome/s5/best", micros("2026-03-31T16:00:00+00:00"), "two"),
    ]
    by_id = {each.id: each for each in lived.lived}
    assert (by_id["welcome/s1/best"].version, by_id["welcome/s1/best"].pins) == (two, (f"welcome={one}",))
    assert (by_id["welcome/s3/best"].version, by_id["welcome/s3/best"].pins) == (two, ())
    assert by_id["welcome/s4/best"].answered.verdict == "block"
    assert any(limit.endswith("once") for limit in by_id["welcome/s4/best"].answered.limits)


def test_a_switch_is_compared_with_staying(tmp_path: Path) -> None:
    directory = recorded(tmp_path / "history", SIGNUPS)
    loop, pairs = compared(directory, [life(ONE), life(ONE, ("2026-03-01T11:00:00+00:00", TWO))])
    changed = {
        each.pair.id: (each.pair.before.content, each.pair.after.content) for each in pairs if each.before
    }
    assert changed["welcome/s5/best"] == ("one", "two") and changed["welcome/s3/best"] == ("one", "two")
    report = loop.tally.report("one", "two", Loop.CLOSED, "UTC")
    assert report.sends[0].before == report.sends[0].after == 3


# ---- what a history has of strange


def test_what_is_strange_is_counted_and_named_and_stops_nothing(tmp_path: Path) -> None:
    ten, eleven, noon = (DAY + f"{hour}:00:00+00:00" for hour in (10, 11, 12))
    directory = recorded(
        tmp_path / "history",
        [
            happened("o1", "order", "u1", ten, order="a"),
            happened("o1", "order", "u1", ten, ten, order="a"),  # it came twice
            happened("o1", "order", "u1", ten, eleven, order="b"),  # another one of its id
            happened("x1", "ordered", "u1", eleven, order="a"),  # no such event
            happened("o3", "order", "u1", eleven, order=3),  # a field of another type
            happened("o4", "order", "u2", noon, order="a"),
        ],
    )
    lived = relived(directory, life(SHOP, until=micros(DAY + "13:00:00+00:00")))
    assert [send[:2] for send in lived.sends()] == [("u1", "remind/o1/best"), ("u2", "remind/o4/best")]
    assert lived.ended.left_out == {
        "its id is that of another event": (1, "events.jsonl:3"),
        "event.type: unknown event `ordered`; did you mean `order`?": (1, "events.jsonl:4"),
        "event.fields_json.order: expected a text, found a number": (1, "events.jsonl:5"),
    }
    assert lived.ended.noted == {"a repeat of an event": (1, "events.jsonl:2")}


def test_a_field_that_nobody_declared_is_counted_and_named(tmp_path: Path) -> None:
    eleven = DAY + "11:00:00+00:00"
    history = [
        *LATE,
        *(happened(f"o{each}", "order", "u2", eleven, order="b", ordr="b") for each in range(5, 8)),
    ]
    lived = relived(recorded(tmp_path / "history", history), life(SHOP))
    place = f"events.jsonl:{len(LATE) + 1}"
    assert lived.ended.noted == {"unknown field `order.ordr`; did you mean `order.order`?": (3, place)}


def test_a_clock_that_goes_back_is_taken_to_have_stood(tmp_path: Path) -> None:
    """A history that was not put in order."""
    directory = recorded(tmp_path / "history", LATE)
    file = directory / "events.parquet"
    rows = pq.read_table(file)
    pq.write_table(rows.take([1, 0]), file)
    lived = relived(directory, life(SHOP))
    assert lived.ended.noted == {
        "arrived before the one above; taken as of then": (1, "events.jsonl:1"),
    }
    assert lived.sends() == []  # paid by when the order was heard of


def test_what_only_one_version_cannot_use_is_said_so(tmp_path: Path) -> None:
    directory = recorded(tmp_path / "history", [*LATE, happened("v1", "view", "u1", DAY + "11:00:00+00:00")])
    loop, pairs = compared(
        directory, [life(SHOP), life(SHOP.replace("event paid", "event view { }\nevent paid"))]
    )
    assert loop.tally.left_out == {"event.type: unknown event `view`, for the base": (1, "events.jsonl:3")}
    (alone,) = (each.pair for each in pairs if each.pair.id == "v1/best")
    assert (alone.before.verdict, alone.after.verdict, alone.status.value) == (None, "none", "same")


def test_lists_and_profiles_are_known_from_the_start(tmp_path: Path) -> None:
    rules = SHOP.replace(
        "policy gentle default {", "list staff\nlist vip\npolicy gentle default { block users in staff "
    )
    staff = {"list": "staff", **happened("o2", "order", "u2", DAY + "10:00:00+00:00", order="b")}
    directory = recorded(tmp_path / "history", [LATE[0], staff, LATE[1]])
    lived = relived(directory, life(rules))
    assert [send[0] for send in lived.sends()] == ["u1"]
    assert lived.ended.unlisted == ("vip",)


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_same_comes_of_the_same_to_the_byte(seed: str, tmp_path: Path) -> None:
    recorded(tmp_path / "history", SIGNUPS)
    for name, text in (("one", ONE), ("two", TWO)):
        (tmp_path / f"{name}.sua").write_text(text)
    command = [
        sys.executable,
        "-m",
        "cli.main",
        "replay",
        "one.sua",
        "two.sua",
        "--events",
        "history",
        "--closed",
    ]
    made = subprocess.run(
        [*command, "--knowledge", "both", "--format", "json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}:{ROOT / 'protos'}"},
        capture_output=True,
        text=True,
    )
    assert json.loads(made.stdout)["data"]["decisions"] == 11, made.stderr
    first = FIRST.setdefault("report", made.stdout)
    assert made.stdout == first


FIRST: dict[str, str] = {}
"""What came of the first seed."""
ROOT = Path(__file__).resolve().parents[2]
