"""Every change is blamed on the line that makes it."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import orjson
import pytest

from dsl.source import Source
from server.replay.blamings import Blamings, moved
from server.replay.pairs import Answered, Pair, Status
from server.replay.report import Example, Moved
from tests.replay.blaming import Row, answering, blamer, places, recorded
from tests.replay.mutations import MUTATIONS, Mutation

__all__ = ["recorded"]
CHANGES_NOBODY = {"an order of plans", "nobody"}
TOGETHER = {"quiet hours", "a cap", "a value", "a price", "an audience", "a channel"}
TWO = [
    (one, other)
    for one, other in combinations(MUTATIONS, 2)
    if one.history == other.history and {one.kind, other.kind} <= TOGETHER
]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.kind)
def test_a_line_that_was_changed_is_to_blame_for_every_user(mutation: Mutation, recorded: Any) -> None:
    recording = recorded(mutation.history)
    base, candidate = recording.history.rules, mutation(recording.history.rules)
    changed = list(recording.changed(base, candidate))
    assert (not changed) == (mutation.kind in CHANGES_NOBODY)
    blaming, counted = blamer(base, candidate), Blamings()
    for pair in changed:
        assert blaming.add(counted, pair) == (0,)
    (blamed,) = counted.blamed(blaming.blame)
    assert blamed.location == f"{base.name}:{mutation.line(base)}"
    assert mutation.was in blamed.text_before and mutation.now in blamed.text_after
    assert (blamed.decisions, blamed.users) == (len(changed), len({pair.user for pair in changed}))
    assert sum(move.decisions for move in blamed.moves) >= len(changed)
    assert all(example.why_before and example.why_after for example in blamed.examples)


def test_most_mutations_change_somebody() -> None:
    assert len([each for each in MUTATIONS if each.kind not in CHANGES_NOBODY]) >= 20


@pytest.mark.parametrize("two", TWO, ids=lambda two: f"{two[0].kind}, {two[1].kind}")
def test_of_two_lines_that_one_is_to_blame_without_which_the_answer_is_the_old_one(
    two: tuple[Mutation, Mutation], recorded: Any
) -> None:
    recording = recorded(two[0].history)
    base = recording.history.rules
    alone = [answering(each(base)) for each in two]
    candidate = commented(two[1](two[0](base)))
    blaming, counted, told = blamer(base, candidate), Blamings(), 0
    here = [f"{base.name}:{each.line(base) + 2}" for each in two]
    for pair in recording.changed(base, candidate):
        first, second = (pair.question.answer(each) for each in alone)
        without = {here[0]: second, here[1]: first}
        restoring = {place for place, answer in without.items() if answer == pair.before}
        enough = {place for place, answer in zip(here, (first, second), strict=True) if answer == pair.after}
        assert places(blaming, blaming.add(counted, pair)) == (restoring or enough or set(here))
        told += 1
    assert told
    assert {each.location for each in counted.blamed(blaming.blame)} == set(here)


def commented(rules: Source) -> Source:
    """With a comment above, one at the end of a line, and other layout, all of which mean nothing."""
    text = rules.text.replace("send push", "send   push").replace(
        "  cost 3 CNY\n", "  cost 3 CNY  # what a coupon costs\n"
    )
    return Source(rules.name, f"# looked over\n\n{text}")


# ---- what does not stand alone

BASE = """\
profile user { id: text key  age: int optional  tier: text optional }
plan hello {
  send push "hello"
}
plan bye {
  send email "bye"
}
decide best { among hello, bye }
"""


def asked(**user: Any) -> Row:
    facts = orjson.dumps({"now": "2026-03-02T12:00:00Z", "user": {"id": "u", **user}}).decode()
    return Row(
        {
            "decision_id": "d",
            "user": "u",
            "time": 1,
            "kind": "match_plan",
            "asked": '{"decide": "best"}',
            "facts": facts,
        }
    )


def test_a_new_crowd_goes_with_the_line_that_names_it() -> None:
    base = Source("r.sua", BASE)
    text = BASE.replace("plan hello {\n", "crowd grown { user.age >= 18 }\n\nplan hello {\n  for grown\n")
    candidate = Source("r.sua", text.replace('"bye"', '"good_bye"'))
    blaming, row = blamer(base, candidate), asked(age=12)
    causes = blaming.add(Blamings(), row.pair(row.answer(answering(base)), row.answer(answering(candidate))))
    assert places(blaming, causes) == {"r.sua:2", "r.sua:5"}
    assert len(blaming.blame.groups) == 2


def test_a_line_that_is_gone_is_told_by_where_it_stood() -> None:
    base = Source(
        "old.sua", BASE.replace('  send push "hello"\n', '  needs user.age >= 18\n  send push "hello"\n')
    )
    candidate = Source("new.sua", BASE)
    blaming, row, counted = blamer(base, candidate), asked(age=12), Blamings()
    blaming.add(counted, row.pair(row.answer(answering(base)), row.answer(answering(candidate))))
    (blamed,) = counted.blamed(blaming.blame)
    assert (blamed.location, blamed.rule, blamed.text_after) == ("old.sua:3", "plan hello", "")


def test_where_either_is_enough_both_are_to_blame() -> None:
    """Each of two needs keeps the user out: without one the other does."""
    base = Source("r.sua", BASE)
    text = BASE.replace(
        "plan hello {\n", 'plan hello {\n  needs user.age >= 18\n\n  needs user.tier is "plus"\n'
    )
    blaming, row = blamer(base, Source("r.sua", text)), asked(age=12, tier="basic")
    causes = blaming.add(
        Blamings(), row.pair(row.answer(answering(base)), row.answer(answering(Source("r.sua", text))))
    )
    assert places(blaming, causes) == {"r.sua:3", "r.sua:5"}


def test_where_no_line_is_enough_a_smallest_set_of_them_is_to_blame() -> None:
    """Any two of three lines keep the user out."""
    lines = "".join(f"  add {{points}} points when user.age < {limit}\n" for limit in (20, 30, 40))
    text = BASE.replace("plan hello {", f"score young {{\n{lines}}}\nplan hello {{\n  needs young.score < 2")
    base, candidate = (
        Source("r.sua", text.replace("{points}", "0")),
        Source("r.sua", text.replace("{points}", "1")),
    )
    blaming, row = blamer(base, candidate), asked(age=12)
    causes = blaming.add(Blamings(), row.pair(row.answer(answering(base)), row.answer(answering(candidate))))
    assert places(blaming, causes) == {"r.sua:4", "r.sua:5"}


# ---- what only follows


def test_what_follows_from_an_earlier_send_is_blamed_on_what_made_that() -> None:
    base = Source("r.sua", BASE.replace("decide", "policy gentle default { cap all 1 per day }\n\ndecide"))
    candidate = Source(
        "r.sua", base.text.replace('send push "hello"', 'needs user.age >= 18\n  send push "hello"')
    )
    blaming, counted = blamer(base, candidate), Blamings()
    one, other = answering(base), answering(candidate)
    first = asked(age=12)
    blaming.add_lived(counted, first.pair(first.answer(one), first.answer(other)), first)
    pair = Pair(
        "e",
        "u",
        2,
        "match_plan",
        Answered("block"),
        Answered("send"),
        Status.CHANGED,
        first.asked,
        question=asked(age=30),
    )
    assert blaming.add_lived(counted, pair, asked(age=30)) == (0,)
    (blamed,) = counted.blamed(blaming.blame)
    assert (blamed.decisions, blamed.effects, blamed.users) == (2, 1, 1)


def test_where_lines_matter_on_what_the_base_did_a_change_is_no_effect() -> None:
    """The candidate's life may not hold what the base would have looked at."""
    base = Source("r.sua", BASE)
    candidate = Source(
        "r.sua", BASE.replace('send push "hello"', 'needs user.age >= 18\n  send push "hello"')
    )
    blaming, counted = blamer(base, candidate), Blamings()
    then, now = asked(age=12), asked(age=30)
    pair = now.pair(then.answer(answering(base)), Answered("send", "bye", "email"))
    assert blaming.add_lived(counted, pair, then) == (0,)
    (blamed,) = counted.blamed(blaming.blame)
    assert (blamed.decisions, blamed.effects) == (1, 0)


# ---- what is told first


def test_the_gravest_move_is_told_first_however_rare_and_late() -> None:
    """Twenty users are blocked for longer, then one of them loses a message."""
    counted, users = Blamings(), [f"u{number}" for number in range(20)]
    deeds = counted.deeds[0]
    longer = [lived(user, Answered("block", until=1), Answered("block", until=2)) for user in users]
    for pair in (*longer, lived("u7", Answered("send", "a"), Answered("block", "a"))):
        deeds.add(pair, is_effect=False)
        if deeds.wants(move := moved(pair)[0], pair.user):
            deeds.examples.append((move, Example("d", pair.user, 0, 0, pair.before, pair.after, "", "")))
    assert deeds.told_moves() == (
        Moved("send", "block", 1, 1),
        Moved("block", "block for longer", 20, 20),
    )
    assert [each.user for each in deeds.told_examples()] == ["u7", "u0", "u1"]


def lived(user: str, before: Answered, after: Answered) -> Pair:
    return Pair("d", user, 0, "decide", before, after, Status.CHANGED)
