"""History lived again: what each version sends feeds its own caps, what waits comes due in time, what was heard late is regretted."""

from __future__ import annotations

from pathlib import Path

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
    assert relived(directory, then).sends() == [("u1", "remind/o1", micros(DAY + "10:30:00+00:00"), "remind")]
    assert relived(directory, full).sends() == []
    loop, pairs = compared(directory, [then, then, full, full])
    assert [each.pair.status.value for each in pairs] == ["same"] * 3
    for regrets in loop.regrets:
        assert (regrets.sent, regrets.missed) == (1, 0)
        ((sent, instead),) = regrets.first
        assert sent and sent.key == "remind/o1" and (instead is None or instead.answered.verdict == "none")


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
    assert sent == [("u1", "remind/o1", micros(DAY + "12:30:00+00:00"), "remind")]
    more = relived(directory, life(SHOP, until=micros(DAY + "13:30:00+00:00"))).sends()
    assert more == [*sent, ("u2", "remind/o2", micros(DAY + "13:30:00+00:00"), "remind")]


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
        ("u1", "welcome/s1", micros("2026-03-01T15:00:00+00:00"), "one"),
        # entered version 2: due at 12:30, quiet, too
        ("u2", "welcome/s3", micros("2026-03-01T15:00:00+00:00"), "two"),
        ("u1", "welcome/s5", micros("2026-03-31T16:00:00+00:00"), "two"),
    ]
    by_key = {each.key: each for each in lived.lived}
    assert (by_key["welcome/s1"].version, by_key["welcome/s1"].pins) == (two, (f"welcome={one}",))
    assert (by_key["welcome/s3"].version, by_key["welcome/s3"].pins) == (two, ())
    assert by_key["welcome/s4"].answered.verdict == "block"
    assert any(limit.endswith("once") for limit in by_key["welcome/s4"].answered.limits)


def test_a_switch_is_compared_with_staying(tmp_path: Path) -> None:
    directory = recorded(tmp_path / "history", SIGNUPS)
    loop, pairs = compared(directory, [life(ONE), life(ONE, ("2026-03-01T11:00:00+00:00", TWO))])
    changed = {
        each.pair.id: (each.pair.before.content, each.pair.after.content) for each in pairs if each.before
    }
    assert changed["welcome/s5"] == ("one", "two") and changed["welcome/s3"] == ("one", "two")
    report = loop.tally.report("one", "two", Loop.CLOSED, "UTC")
    assert report.sends[0].before == report.sends[0].after == 3
