"""Whole decisions: ranks, holdouts, attempts, what is said of those that lost. By hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compiler.facts import Event, Facts
from compiler.outcome import Attempt, Because, Decision, Gate, Scheduled, Verdict
from compiler.types import UNAVAILABLE, Value
from tests.decision.rules import DAY, DECLARATIONS, HOUR, NOW, facts, program, shown, touch

FREE = 'obey nothing send push "x"'
QUIET = 'obey night send push "x"'
NIGHT = "policy night { quiet 10:00 to 13:00 user time }\n"


def decided(text: str, known: Facts, name: str = "d") -> Decision:
    return program(f"{DECLARATIONS}\n{text}").decide(name, known)


def plans(**clauses: str) -> str:
    return "\n".join(f"plan {name} {{ {text} }}" for name, text in clauses.items())


def fallen(decision: Decision) -> dict[str, tuple[Gate | None, Verdict, tuple[Because, ...]]]:
    return {
        outcome.plan: (outcome.fell, outcome.verdict, tuple(reason.because for reason in outcome.reasons))
        for outcome in decision.outcomes
    }


COMPETING = plans(
    a=f"{FREE} propensity 0.02 value 300 EUR lever 1.1 cost 1 EUR",
    b=f"{FREE} propensity 0.08 context 1.5 value 50 EUR cost 0.10 EUR",
)


@pytest.mark.parametrize(
    ("rank", "winner", "ranks"),
    [
        ("propensity * context * value * lever", "a", (6_600_000, 6_000_000)),
        ("propensity * context * value * lever - cost", "b", (5_600_000, 5_900_000)),
    ],
)
def test_the_highest_rank_wins(rank: str, winner: str, ranks: tuple[int, int]) -> None:
    decision = decided(f"{COMPETING}\ndecide d {{ among a, b rank by {rank} then by listed order }}", facts())
    assert (decision.verdict, decision.plan, decision.channel) == (Verdict.SEND, winner, "push")
    assert tuple(outcome.rank for outcome in decision.outcomes) == ranks
    loser = "b" if winner == "a" else "a"
    assert fallen(decision) == {
        winner: (None, Verdict.SEND, ()),
        loser: (Gate.CHOSEN, Verdict.SEND, (Because.LOST,)),
    }
    assert [attempt.plan for attempt in decision.attempts] == [winner, loser]


def test_of_equal_ranks_the_first_listed_wins() -> None:
    text = (
        f"{plans(a=f'{FREE} priority 1', b=f'{FREE} priority 1')}\ndecide d {{ among b, a rank by priority }}"
    )
    assert decided(text, facts()).plan == "b"
    unranked = f"{plans(a=FREE, b=FREE)}\ndecide d {{ among b, a }}"
    decision = decided(unranked, facts())
    assert decision.plan == "b"
    assert [outcome.rank for outcome in decision.outcomes] == [None, None]


def test_any_send_beats_any_wait() -> None:
    text = (
        "policy night { quiet 10:00 to 13:00 user time }\n"
        + plans(a='obey night send push "x" priority 9', b=f"{FREE} priority 1")
        + "\ndecide d { among a, b rank by priority }"
    )
    decision = decided(text, facts())
    assert (decision.verdict, decision.plan) == (Verdict.SEND, "b")
    assert fallen(decision)["a"] == (Gate.CHOSEN, Verdict.WAIT, (Because.QUIET, Because.LOST))
    assert [attempt.plan for attempt in decision.attempts] == ["b"]


def test_without_a_send_the_first_wait_by_rank() -> None:
    text = (
        "policy night { quiet 10:00 to 13:00 user time }\npolicy long { quiet 10:00 to 14:00 user time }\n"
        + plans(a='obey night send push "x" priority 1', b='obey long send push "x" priority 2')
        + "\ndecide d { among a, b rank by priority }"
    )
    decision = decided(text, facts())
    assert (decision.verdict, decision.plan, decision.channel) == (Verdict.WAIT, "b", "push")
    assert shown(decision.until) == "2026-03-01 14:00"
    assert decision.attempts == ()
    assert fallen(decision)["b"] == (None, Verdict.WAIT, (Because.QUIET,))


@pytest.mark.parametrize("rank", [None, UNAVAILABLE])
def test_a_plan_without_a_rank_falls(rank: Value) -> None:
    text = (
        f"{NIGHT}{plans(a=f'{FREE} value user.m', b=f'{FREE} value 1 EUR', c=f'{QUIET} value user.m')}\n"
        "decide d { among a, b, c rank by value }"
    )
    decision = decided(text, facts(user={"m": rank}))
    assert decision.plan == "b"
    assert fallen(decision) == {
        "a": (Gate.RANKED, Verdict.SEND, (Because.RANK,)),
        "b": (None, Verdict.SEND, ()),
        "c": (Gate.RANKED, Verdict.WAIT, (Because.QUIET, Because.RANK)),
    }
    assert decision.outcomes[0].rank is rank
    (reason,) = decision.outcomes[0].reasons
    assert (reason.owner, reason.answer) == ("decide d", None)


def test_the_first_blocked_by_rank_is_named() -> None:
    text = (
        "policy p1 { cap all 1 in any 2 hours } policy p2 { cap all 1 in any 3 hours }\n"
        + plans(
            a='obey p1 send push "x" value user.m',
            b='obey p1 send push "x" value 1 EUR',
            c='obey p2 send push "x" value 2 EUR',
            e=f"for vip {FREE} value 9 EUR",
        )
        + "\ndecide d { among a, b, c, e rank by value }"
    )
    decision = decided(text, facts(touches=(touch(NOW - HOUR),)))
    assert (decision.verdict, decision.plan, decision.channel) == (Verdict.BLOCK, "c", None)
    assert decision.until == NOW + 2 * HOUR
    assert [outcome.rank for outcome in decision.outcomes] == [None, 1_000_000, 2_000_000, None]
    assert fallen(decision)["a"] == (Gate.CONTACTABLE, Verdict.BLOCK, (Because.CAP,))
    assert fallen(decision)["e"] == (Gate.ELIGIBLE, Verdict.NONE, (Because.AUDIENCE,))


def test_nobody_reached_a_verdict() -> None:
    text = f"{plans(a=f'for vip {FREE}', b=f'on view {FREE}')}\ndecide d {{ among a, b }}"
    decision = decided(text, facts())
    assert (decision.verdict, decision.plan, decision.channel, decision.until) == (
        Verdict.NONE,
        None,
        None,
        None,
    )


# ---- attempts


def test_attempts_are_all_channels_that_may_send_with_their_arguments() -> None:
    text = (
        "policy g { never email when user.f }\n"
        + plans(
            a='obey g send push "x" with n = twice, m = user.m else email "y" else sms "z" with n = 1'
            " let twice = user.i * 2 let unused = user.j + 1",
        )
        + "\ndecide d { among a }"
    )
    decision = decided(text, facts(user={"f": True, "i": 4, "m": UNAVAILABLE}, request_id="r"))
    assert decision.attempts == (
        Attempt("a", "a", "a/r", "push", "x", {"n": 8, "m": UNAVAILABLE}),
        Attempt("a", "a", "a/r", "sms", "z", {"n": 1}),
    )


# ---- what waits


def test_what_is_scheduled_is_listed_of_every_plan() -> None:
    text = (
        plans(
            a=f"for vip on view wait 3 hours {FREE}",
            b=f"on view wait 2 hours {FREE}",
            c=f"on view wait 1 hour {FREE}",
        )
        + "\ndecide d { among a, b, c }"
    )
    views = tuple(Event(NOW - minutes * 60_000_000, f"v{minutes}", {}) for minutes in (90, 60, 30))
    decision = decided(text, facts(events={"view": views}))
    hour = HOUR // 60
    assert decision.scheduled == (
        Scheduled("b", NOW + 30 * hour, "b/v90"),
        Scheduled("c", NOW + 30 * hour, "c/v30"),
        Scheduled("b", NOW + 60 * hour, "b/v60"),
        Scheduled("a", NOW + 90 * hour, "a/v90"),
        Scheduled("b", NOW + 90 * hour, "b/v30"),
        Scheduled("a", NOW + 120 * hour, "a/v60"),
        Scheduled("a", NOW + 150 * hour, "a/v30"),
    )
    assert (decision.plan, decision.outcomes[2].occurrence) == ("c", "c/v90")
    assert fallen(decision)["b"] == (Gate.RELEVANT, Verdict.NONE, (Because.SCHEDULED,))


# ---- at most


def test_at_most_counts_the_activities_of_all_plans() -> None:
    text = f"{plans(a=FREE, b=FREE, c=FREE)}\ndecide d {{ among a, b at most 2 per user per day }}"
    today = (touch(NOW - HOUR, "a"), touch(NOW - 2 * HOUR, "b", counted=False))
    decision = decided(text, facts(touches=tuple(reversed(today))))
    assert (decision.verdict, shown(decision.until)) == (Verdict.BLOCK, "2026-03-02 00:00")
    (reason,) = decision.outcomes[0].reasons
    assert (reason.because, reason.owner) == (Because.AT_MOST, "decide d")
    other = (touch(NOW - HOUR, "a"), touch(NOW - HOUR, "c"), touch(NOW - DAY, "b"))
    assert (
        decided(text, facts(touches=tuple(sorted(other, key=lambda each: each.time)))).verdict is Verdict.SEND
    )
    assert program(f"{DECLARATIONS}\n{text}").plan("a", facts(touches=today)).verdict is Verdict.SEND


# ---- holdouts

CAMPAIGN = 'campaign spring { holdout 10% salt "spring-26" }\n'
HELD = {"held_out": frozenset({"spring"})}


def test_a_campaigns_holdout_lets_the_next_win() -> None:
    text = f"{CAMPAIGN}{plans(a=f'part of spring {FREE}', b=FREE)}\ndecide d {{ among a, b }}"
    decision = decided(text, facts(**HELD))
    assert (decision.verdict, decision.plan) == (Verdict.SEND, "b")
    assert fallen(decision)["a"] == (Gate.HOLDOUT, Verdict.HOLDOUT, (Because.HELD_OUT,))
    outcome = decision.outcomes[0]
    assert (outcome.reasons[0].owner, outcome.channel) == ("campaign spring", "push")
    assert decided(text, facts(held_out=frozenset())).plan == "a"


def test_the_first_held_out_is_named_when_nothing_goes_out() -> None:
    text = (
        f"{CAMPAIGN}{plans(a=f'part of spring priority 1 {FREE}', b=f'part of spring priority 2 {FREE}')}\n"
        "decide d { among a, b rank by priority }"
    )
    decision = decided(text, facts(**HELD))
    assert (decision.verdict, decision.plan, decision.channel) == (Verdict.HOLDOUT, "b", "push")
    assert decision.attempts == ()


def test_a_plan_that_waits_is_not_yet_held_out() -> None:
    text = f"{CAMPAIGN}{NIGHT}{plans(a=f'part of spring {QUIET}')}\ndecide d {{ among a }}"
    assert decided(text, facts(**HELD)).verdict is Verdict.WAIT


@pytest.mark.parametrize("kind", ["transactional", "legal"])
def test_only_marketing_is_held_out(kind: str) -> None:
    text = (
        f"{CAMPAIGN}{plans(a=f'kind {kind} part of spring {FREE}', b=FREE)}\n"
        'decide d { among a, b holdout 50% salt "s" }'
    )
    decision = decided(text, facts(held_out=frozenset({"spring", "d"})))
    assert (decision.verdict, decision.plan) == (Verdict.SEND, "a")
    assert [attempt.plan for attempt in decision.attempts] == ["a"]  # the other is marketing


def test_a_decides_holdout_sends_nothing_and_names_what_would_have_been() -> None:
    text = f'{plans(a=FREE, b=FREE)}\ndecide d {{ among a, b holdout 5% salt "s" }}'
    decision = decided(text, facts(held_out=frozenset({"d"})))
    assert (decision.verdict, decision.plan, decision.channel) == (Verdict.HOLDOUT, "a", "push")
    assert decision.attempts == ()
    assert fallen(decision) == {
        "a": (Gate.HOLDOUT, Verdict.HOLDOUT, (Because.HELD_OUT,)),
        "b": (Gate.CHOSEN, Verdict.SEND, (Because.LOST,)),
    }
    assert decision.outcomes[0].reasons[0].owner == "decide d"


def test_a_user_who_is_not_known_is_held_out() -> None:
    text = f'{plans(a=FREE)}\ndecide d {{ among a holdout 0.000001% salt "s" }}'
    assert decided(text, facts()).verdict is Verdict.HOLDOUT
    assert decided(text, facts(user={"id": UNAVAILABLE})).verdict is Verdict.HOLDOUT
    assert decided(text, facts(user={"id": "u"})).verdict is Verdict.SEND


def test_nobody_is_held_out_where_no_holdout_is_declared() -> None:
    text = f"campaign spring {{ }}\n{plans(a=f'part of spring {FREE}')}\ndecide d {{ among a }}"
    assert decided(text, facts(held_out=frozenset({"spring", "d"}))).verdict is Verdict.SEND


def test_shadow_touches_limit_those_who_are_held_out() -> None:
    text = (
        'policy g { cap all 1 per day }\ncampaign c { once per user holdout 10% salt "s" budget 1 total }\n'
        + plans(a='part of c obey g once per user send push "x" budget 1 total')
        + "\ndecide d { among a at most 1 per user per day }"
    )
    shadow = (touch(NOW - HOUR, "a", campaign="c"),)
    spent = {"plan a": 1, "campaign c": 1}
    held = facts(shadow=shadow, budgets=spent, held_out=frozenset({"c"}))
    decision = decided(text, held)
    assert fallen(decision)["a"] == (
        Gate.CONTACTABLE,
        Verdict.BLOCK,
        (Because.ONCE, Because.ONCE, Because.AT_MOST, Because.CAP),
    )
    treated = replace(held, held_out=frozenset())
    assert fallen(decided(text, treated))["a"][2] == (Because.BUDGET, Because.BUDGET)
    assert decided(text, replace(held, shadow=())).verdict is Verdict.HOLDOUT  # budgets are passed
    gone = fallen(decided(text, replace(held, shadow=UNAVAILABLE)))["a"][2]
    assert gone == (Because.UNAVAILABLE,) * 4


def test_a_plan_alone_knows_no_decide() -> None:
    text = (
        f"{plans(a=FREE, b=f'{FREE} value user.m')}\n"
        'decide d { among a, b rank by 1 holdout 50% salt "s" at most 1 per user per day }'
    )
    alone = program(f"{DECLARATIONS}\n{text}").plan("b", facts(held_out=frozenset({"d"})))
    assert (alone.fell, alone.verdict, alone.rank) == (None, Verdict.SEND, None)
