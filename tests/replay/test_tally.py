"""What a tally says is what a reader of all pairs would count."""

from __future__ import annotations

import pickle
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.replay.pairs import Answered, Pair, Status
from server.replay.report import Compared, LeftOut, Loop, Report
from server.replay.tally import Tally

ZONE = "Asia/Kathmandu"  # a quarter of an hour off
FIRST = 1_700_000_000_000_000
answers = st.builds(
    Answered,
    verdict=st.sampled_from(("send", "wait", "block", "none")),
    plan=st.sampled_from((None, "a", "b")),
    channel=st.sampled_from(("push", "email")),
    crowds=st.frozensets(st.sampled_from("xyz")),
    limits=st.lists(st.sampled_from(("policy p at r.sua:1: cap", "plan a at r.sua:9: once"))).map(tuple),
    value=st.integers(0, 10**9).map(lambda cents: cents / 100),
    cost=st.integers(0, 10**9).map(lambda cents: cents / 100),
)
pairs = st.builds(
    Pair,
    id=st.text(max_size=3),
    user=st.text(max_size=2),
    time=st.integers(FIRST, FIRST + 10**12),
    kind=st.sampled_from(("decide", "check_contact")),
    before=answers,
    after=answers,
    status=st.sampled_from(Status),
    why=st.sampled_from(("no rules", "no facts")),
)


def told(tally: Tally) -> Report:
    return tally.report("one", "two", Loop.OPEN, ZONE)


def counted(pairs: list[Pair]) -> Tally:
    tally = Tally()
    for pair in pairs:
        tally.add(pair)
    return tally


@given(st.lists(st.lists(pairs, max_size=8), max_size=4))
def test_parts_add_up_to_the_whole(parts: list[list[Pair]]) -> None:
    whole = Tally()
    for part in parts:
        whole.merge(pickle.loads(pickle.dumps(counted(part))))
    assert told(whole) == told(counted([pair for part in parts for pair in part]))


def felt_by(pairs: list[Pair]) -> set[str]:
    """Users of whom something is sent, or waits to be, by one of the versions, or who came into a crowd or fell out."""
    return {
        pair.user
        for pair in pairs
        if pair.status is Status.CHANGED
        if pair.before.crowds != pair.after.crowds
        or {pair.before.verdict, pair.after.verdict} & {"send", "wait"}
    }


@given(st.lists(pairs, max_size=20))
def test_figures_are_those_of_the_pairs(pairs: list[Pair]) -> None:
    report = told(counted(pairs))
    answered = [pair for pair in pairs if pair.status is not Status.ERROR]
    changed = [pair for pair in pairs if pair.status is Status.CHANGED]
    assert report.decisions == len(pairs)
    assert report.users == len({pair.user for pair in pairs})
    assert report.users_changed == len(felt_by(pairs))
    assert {move.decisions for move in report.verdicts} == set(
        Counter((pair.before.verdict, pair.after.verdict) for pair in answered).values()
    )
    went = [
        ((pair.before.verdict or "not asked", pair.shift or pair.after.verdict or "not asked"), pair.user)
        for pair in answered
        if pair.before.verdict or pair.after.verdict
    ]
    by_move = {move: len({user for other, user in went if other == move}) for move, _ in went}
    assert {(move.before, move.after): move.users for move in report.verdicts} == {
        move: users if move[0] != move[1] else None for move, users in by_move.items()
    }
    assert {each.crowd: (each.entered, each.left) for each in report.crowds} == {
        crowd: found
        for crowd in "xyz"
        if any(
            found := (
                sum(crowd in pair.after.crowds - pair.before.crowds for pair in changed),
                sum(crowd in pair.before.crowds - pair.after.crowds for pair in changed),
            )
        )
    }
    assert report.days == by_day(answered)
    times = [time for pair in pairs for time in (pair.time, pair.time_before)]
    assert report.period == ((min(times), max(times)) if pairs else None)


def by_day(pairs: list[Pair]) -> tuple[Compared, ...]:
    def days(which: str) -> Counter[str]:
        times = [pair.time for pair in pairs if getattr(pair, which).verdict == "send"]
        return Counter(
            str(datetime.fromtimestamp(t // 10**6, UTC).astimezone(ZoneInfo(ZONE)).date()) for t in times
        )

    before, after = days("before"), days("after")
    return tuple(Compared(day, before[day], after[day]) for day in sorted({*before, *after}))


def test_money_adds_up_exactly_in_any_order() -> None:
    some = [
        Pair("1", "u", FIRST, "decide", sent, sent, Status.SAME)
        for sent in (Answered("send", "a", "push", value=value) for value in (0.1, 10.0**9, 0.2, 0.3))
    ]
    assert told(counted(some)).money == told(counted(some[::-1])).money
    assert told(counted(some)).money[1] == Compared("value", 1000000000.6, 1000000000.6)


def test_of_money_is_told_what_other_prices_make_of_the_same_contacts() -> None:
    """Of three, two go out either way, now worth a euro more each; the third one is new."""
    old, new = (Answered("send", "a", "push", value=value) for value in (1.0, 2.0))
    some = [(old, new), (old, new), (Answered("none"), new)]
    pairs = [Pair("1", "u", FIRST, "decide", *both, Status.SAME) for both in some]
    assert told(counted(pairs)).money == (
        Compared("cost", 0, 0),
        Compared("value", 2.0, 6.0),
        Compared("value of what both send", 2.0, 4.0),
    )


def test_what_could_not_be_answered_is_counted_with_the_first() -> None:
    failed = [
        Pair(id, "u", FIRST, "decide", Answered(), Answered(), Status.ERROR, why="no rules") for id in "ab"
    ]
    tally = counted(failed)
    tally.leave_out("no time", "events.csv:17")
    report = told(tally)
    assert report.left_out == (LeftOut("no rules", 2, "a"), LeftOut("no time", 1, "events.csv:17"))
    assert (report.statuses[Status.ERROR], report.verdicts, report.plans) == (2, (), ())


def test_a_limit_of_the_base_is_told_by_the_line_it_has_now() -> None:
    before, after = (
        Answered("block", limits=("p at r.sua:4: cap",)),
        Answered("block", limits=("p at r.sua:5: cap",)),
    )
    tally = counted([Pair("1", "u", FIRST, "decide", before, after, Status.SAME)])
    moved = {"p at r.sua:4: cap": "p at r.sua:5: cap"}.__getitem__
    assert tally.report("one", "two", Loop.OPEN, ZONE, moved).limits == (Compared("p at r.sua:5: cap", 1, 1),)


@given(st.lists(pairs, max_size=20))
def test_entry_points_add_up_to_the_whole(pairs: list[Pair]) -> None:
    report = told(counted(pairs))
    assert sum(each.decisions for each in report.entry_points) == report.decisions
    for each in report.entry_points:
        asked = [pair for pair in pairs if pair.entry_point == each.name]
        assert each.statuses == {status: sum(pair.status is status for pair in asked) for status in Status}
        assert each.users_changed == len(felt_by(asked))
