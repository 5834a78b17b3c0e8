"""A report with something in every part of it, and names that would like to be more than names."""

from __future__ import annotations

from server.replay.pairs import Answered, Status
from server.replay.report import (
    Blamed,
    Compared,
    CrowdMoves,
    EntryPoint,
    Example,
    LeftOut,
    Loop,
    Moved,
    Report,
)

HOSTILE = "<script>document.title='owned'</script>"
QUOTED = "\"'><img src=https://example.org/x onerror=alert(1)>"
STEERING = "u\x00\x1b[31m\u202e&amp;\ud800\uffff"
TIME = 1_772_445_600_000_000
"""2026-03-02 11:00 in Berlin."""

EXAMPLES = tuple(
    Example(
        f"d{number}",
        user,
        TIME,
        TIME,
        Answered("send", "nudge", "push", None, f'nudge with name = "{user}"', value=2.5),
        Answered("block", "nudge", None, TIME + 3_600_000_000, limits=("policy gentle at r.sua:4: cap",)),
        f"best: send nudge by push\nnudge: chosen, because {user}",
        "best: blocked; nudge comes first\n   cap of 1 push per day reached",
    )
    for number, user in enumerate((HOSTILE, QUOTED, STEERING))
)
REPORT = Report(
    base="a" * 64,
    candidate="b" * 64,
    loop=Loop.OPEN,
    history=f"logs/{HOSTILE}",
    named=("rules.sua", ""),
    period=(TIME, TIME + 90_000_000_000),
    decisions=12_345,
    users=678,
    users_changed=12,
    statuses={Status.SAME: 12_300, Status.CHANGED: 40, Status.SLOWER: 2, Status.ERROR: 3},
    verdicts=(Moved("send", "send", 9_000), Moved("none", "none", 3_000), Moved("send", "block", 40, 12), Moved("wait", "wait", 302)),
    plans=(Moved("nudge", "nudge", 9_000), Moved("nudge", "nothing", 38, 11), Moved("nudge", HOSTILE, 2, 1)),
    entry_points=(
        EntryPoint("crowds", 45, 30, 0, {Status.SAME: 45, Status.CHANGED: 0, Status.SLOWER: 0, Status.ERROR: 0}),
        EntryPoint("decide best", 12_300, 670, 12, {Status.SAME: 12_255, Status.CHANGED: 40, Status.SLOWER: 2, Status.ERROR: 3},
                   (Moved("send", "send", 9_000), Moved("send", "block", 40)), (Moved("nudge", HOSTILE, 2),)),
    ),
    crowds=(CrowdMoves("hot_cart", 5, 7), CrowdMoves(QUOTED, 0, 1)),
    sends=(Compared("email", 4_000, 4_000), Compared("push", 5_040, 5_000)),
    limits=(Compared("policy gentle at r.sua:4: cap", 17, 57),),
    regrets=EXAMPLES[:1],
    money=(Compared("cost", 0, 0), Compared("value", 18_080.5, 18_000)),
    days=tuple(Compared(f"2026-03-{day:02}", 300 + day, 300 - day) for day in range(1, 31) if day != 8),
    blamed=(
        Blamed("policy gentle", "r.sua:4", "  cap push 2 per day", f"  cap push 1 per day # {HOSTILE}", 40, 12, 3, (Moved("send", "block", 40, 12),), EXAMPLES, {"decide best": (Moved("send", "block", 40),)}),
        Blamed("crowd old", "old.sua:9", f"crowd old {{ {QUOTED} }}", "", 0, 0, 0),
    ),
    left_out=(LeftOut("`facts` is not on record", 3, STEERING),),
    zone="Europe/Berlin",
    currency="EUR",
    notes=(f"`{HOSTILE}` is not on record: 1 records",),
)  # fmt: skip
