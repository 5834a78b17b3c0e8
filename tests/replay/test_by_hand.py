"""What a closed loop sends at the edges of time, worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest

from server.replay.lives import Knowledge
from tests.replay.histories import happened, life, recorded, relived
from tests.server.clock import micros

RULES = """
settings {{ timezone "Europe/Berlin" }}
profile user {{ id: text key }}
event order {{ number: text optional }}
event paid {{ }}
event no {{ }}
crowd busy {{ count of order within 1 hour >= 2 }}
policy gentle default {{ {policy} }}
plan remind {{ {plan}  send push "remind" }}
decide best {{ among remind }}
"""
NIGHT = "quiet 21:00 to 09:00 user time then wait"
WAITS = "on order wait 30 minutes unless paid"
END = micros("2026-12-01T00:00:00+00:00")


def rules(plan: str = "on order", policy: str = "cap push 99 per day") -> str:
    return RULES.format(plan=plan, policy=policy)


def order(id: str, time: str, arrived: str | None = None, user: str = "u", **fields: Any) -> dict[str, Any]:
    return happened(id, "order", user, time, arrived, **fields)


def orders(*times: str) -> list[dict[str, Any]]:
    """Called a, b, c and so on."""
    return [order(id, time) for id, time in zip(ascii_lowercase, times, strict=False)]


def paid(time: str, arrived: str | None = None) -> dict[str, Any]:
    return happened("paid", "paid", "u", time, arrived)


CASES = {
    "a day of 23 hours": (
        rules(policy="cap push 1 per day"),
        orders(
            "2026-03-28T22:30:00Z", "2026-03-28T23:10:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"
        ),
        ["a 03-28T22:30:00", "b 03-28T23:10:00", "d 03-29T22:00:00"],
    ),
    "a day of 25 hours": (
        rules(policy="cap push 1 per day"),
        orders(
            "2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"
        ),
        ["a 10-24T21:59:59", "b 10-24T22:00:00", "d 10-25T23:00:00"],
    ),
    "a night of 11 hours": (rules(policy=NIGHT), [order("a", "2026-03-28T21:00:00Z")], ["a 03-29T07:00:00"]),
    "a night of 13 hours": (rules(policy=NIGHT), [order("a", "2026-10-24T20:00:00Z")], ["a 10-25T08:00:00"]),
    "a night that ends in a gap": (
        rules(policy=NIGHT.replace("09:00", "02:30")),
        [order("a", "2026-03-28T21:00:00Z")],
        ["a 03-29T01:00:00"],
    ),
    "a night that ends in a fold": (
        rules(policy=NIGHT.replace("09:00", "02:30")),
        [order("a", "2026-10-24T21:00:00Z")],
        ["a 10-25T01:30:00"],
    ),
    "the edges of a night": (
        rules(policy=NIGHT),
        [
            order("a", "2026-06-01T06:59:59Z"),
            order("b", "2026-06-02T07:00:00Z"),
            order("c", "2026-06-03T18:59:59Z"),
            order("d", "2026-06-04T19:00:00Z"),
        ],
        ["a 06-01T07:00:00", "b 06-02T07:00:00", "c 06-03T18:59:59", "d 06-05T07:00:00"],
    ),
    "paid as the night ends": (
        rules(WAITS, NIGHT),
        [order("a", "2026-06-01T19:00:00Z"), paid("2026-06-02T07:00:00Z")],
        [],
    ),
    "paid after the night": (
        rules(WAITS, NIGHT),
        [order("a", "2026-06-01T19:00:00Z"), paid("2026-06-02T07:00:01Z")],
        ["a 06-02T07:00:00"],
    ),
    "paid at the instant that it is due": (
        rules(WAITS),
        [order("a", "2026-06-01T10:00:00Z"), paid("2026-06-01T10:30:00Z")],
        [],
    ),
    "paid with the order": (
        rules(WAITS),
        [paid("2026-06-01T10:00:00Z"), order("a", "2026-06-01T10:00:00Z")],
        ["a 06-01T10:30:00"],
    ),
    "paid, and heard of at the instant that it is due": (
        rules(WAITS),
        [order("a", "2026-06-01T10:00:00Z"), paid("2026-06-01T10:10:00Z", "2026-06-01T10:30:00Z")],
        [],
    ),
    "paid, and heard of too late": (
        rules(WAITS),
        [order("a", "2026-06-01T10:00:00Z"), paid("2026-06-01T10:10:00Z", "2026-06-01T10:30:01Z")],
        ["a 06-01T10:30:00"],
    ),
    "heard of in another order": (
        rules(WAITS),
        [order("b", "2026-06-01T10:10:00Z"), order("a", "2026-06-01T10:00:00Z", "2026-06-01T10:20:00Z")],
        ["a 06-01T10:30:00", "b 06-01T10:40:00"],
    ),
    "heard of after it was due": (
        rules(WAITS),
        [order("a", "2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z")],
        ["a 06-01T11:00:00"],
    ),
    "heard of after it expired": (
        rules("on order wait 30 minutes expires after 45 minutes"),
        [order("a", "2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z"), order("b", "2026-06-01T12:00:00Z")],
        ["b 06-01T12:30:00"],
    ),
    "two who wait for one place": (
        rules(policy="cap push 1 in any 1 hour then wait"),
        [
            order("a", "2026-06-01T10:00:00Z"),
            order("b", "2026-06-01T10:30:00Z"),
            order("c", "2026-06-01T10:40:00Z"),
        ],
        ["a 06-01T10:00:00", "b 06-01T11:00:00", "c 06-01T12:00:00"],
    ),
    "a budget of all, by local days": (
        rules("on order budget 2 per day"),
        [
            order("a", "2026-06-01T10:00:00Z", user="u1"),
            order("b", "2026-06-01T10:00:00Z", user="u2"),
            order("c", "2026-06-01T10:00:00Z", user="u3"),
            order("d", "2026-06-01T21:59:59Z", user="u4"),
            order("e", "2026-06-01T22:00:00Z", user="u5"),
        ],
        ["a 06-01T10:00:00", "b 06-01T10:00:00", "e 06-01T22:00:00"],
    ),
    "a rest after a no": (
        rules(policy="cooldown 2 hours after no"),
        [
            happened("n", "no", "u", "2026-06-01T10:00:00Z"),
            order("a", "2026-06-01T11:59:59Z"),
            order("b", "2026-06-01T12:00:00Z"),
        ],
        ["b 06-01T12:00:00"],
    ),
    "once in two hours": (
        rules("on order once per user in any 2 hours"),
        [
            order("a", "2026-06-01T10:00:00Z"),
            order("b", "2026-06-01T11:59:59Z"),
            order("c", "2026-06-01T12:00:00Z"),
        ],
        ["a 06-01T10:00:00", "c 06-01T12:00:00"],
    ),
    "two of one number at one instant": (
        rules("on order once per number"),
        [
            order("a", "2026-06-01T10:00:00Z", number="1"),
            order("b", "2026-06-01T10:00:00Z", number="1"),
            order("c", "2026-06-01T12:00:00Z", number="2"),
        ],
        ["a 06-01T10:00:00", "c 06-01T12:00:00"],
    ),
    "a crowd that is left and entered again": (
        rules("on order when user in busy wait 30 minutes"),
        [
            order("a", "2026-06-01T10:00:00Z"),
            order("b", "2026-06-01T10:30:00Z"),
            order("c", "2026-06-01T11:30:00Z"),
            order("d", "2026-06-01T12:29:59Z"),
        ],
        ["b 06-01T11:00:00", "d 06-01T12:59:59"],
    ),
}


def sends(text: str, events: list[dict[str, Any]], folder: Path, **options: Any) -> list[str]:
    """By the event that each was about, and its instant in UTC."""
    lived = relived(recorded(folder / "history", events), life(text, until=END, **options))
    return sorted(f"{id.split('/')[-2]} {shown(time)}" for _, id, time, _ in lived.sends())


def shown(time: int) -> str:
    return f"{datetime.fromtimestamp(time / 10**6, UTC):%m-%dT%H:%M:%S}"


@pytest.mark.parametrize("name", CASES)
def test_what_is_sent_is_what_hand_says(name: str, tmp_path: Path) -> None:
    text, events, expected = CASES[name]
    assert sends(text, events, tmp_path) == expected


def test_with_full_knowledge_what_was_heard_of_too_late_was_known(tmp_path: Path) -> None:
    text, events, _ = CASES["paid, and heard of too late"]
    assert sends(text, events, tmp_path, knowledge=Knowledge.FULL) == []
