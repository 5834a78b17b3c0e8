"""Between the plans of a decide: one is sent, one waits, or none. Semantics, *chosen*."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from compiler.checked.ir import Decide
from compiler.interpret.case import held_out
from compiler.interpret.contactable import channel_verdict
from compiler.interpret.gates import Judged, held_out_by, judge
from compiler.interpret.meaning import value
from compiler.interpret.occurrences import scheduled
from compiler.interpret.scene import Scene
from compiler.interpret.values import present
from compiler.outcome import Attempt, Because, Decision, Gate, Reason, Scheduled, Verdict


def decision(decide: Decide, scene: Scene) -> Decision:
    """Every plan judged, and the one that comes of it."""
    judged = [judge(scene.ruleset.plans[name], scene, decide) for name in decide.plans]
    passed = [each for each in judged if each.outcome.fell is None]
    sends, waits = _by_rank(passed, Verdict.SEND), _by_rank(passed, Verdict.WAIT)
    winner = next(iter([*sends, *waits]), None)
    named = _unsent(judged) if winner is None else _final(winner, winner, decide, scene)
    verdict = Verdict.NONE if named is None else named.outcome.verdict
    return Decision(
        decide=decide.name,
        verdict=verdict,
        plan=None if named is None else named.plan.name,
        channel=None if named is None else named.outcome.channel,
        until=None if named is None else named.outcome.until,
        attempts=_attempts(sends, decide, scene) if verdict is Verdict.SEND else (),
        outcomes=tuple(_final(each, winner, decide, scene).outcome for each in judged),
        scheduled=_scheduled(decide, scene),
    )


def _by_rank(judged: Iterable[Judged], verdict: Verdict) -> list[Judged]:
    """Those of a verdict, the highest rank first, absent ranks last, ties as listed."""
    return sorted((each for each in judged if each.outcome.verdict is verdict), key=_rank, reverse=True)


def _rank(judged: Judged) -> tuple[Any, ...]:
    rank = judged.outcome.rank
    return (True, rank) if present(rank) else (False,)


def _final(judged: Judged, winner: Judged | None, decide: Decide, scene: Scene) -> Judged:
    if judged.outcome.fell is not None:
        return judged
    if judged is not winner:
        span = decide.span if decide.rank_span is None else decide.rank_span
        return judged.falls(Gate.CHOSEN, Reason(Because.LOST, decide.key, span))
    if judged.outcome.verdict is Verdict.SEND and _held_out(judged, decide, scene):
        return judged.falls(Gate.HOLDOUT, held_out_by(decide), Verdict.HOLDOUT)
    return judged


def _held_out(judged: Judged, decide: Decide, scene: Scene) -> bool:
    return judged.case.marketing and held_out(decide.holdout, decide.name, scene)


def _unsent(judged: list[Judged]) -> Judged | None:
    """What a decision without a winner is about: the first held out of its campaign, else the first blocked."""
    first = [*_by_rank(judged, Verdict.HOLDOUT), *_by_rank(judged, Verdict.BLOCK)]
    return next(iter(first), None)


def _attempts(sends: list[Judged], decide: Decide, scene: Scene) -> tuple[Attempt, ...]:
    """What may be tried one after the other: of every plan that may send, every channel that may."""
    return tuple(
        attempt for each in sends if not _held_out(each, decide, scene) for attempt in _attempts_of(each)
    )


def _attempts_of(judged: Judged) -> list[Attempt]:
    plan, case = judged.plan, judged.case
    assert case.occurrence is not None, "a plan that sends has an occurrence"
    return [
        Attempt(
            plan=plan.name,
            activity=plan.activity,
            occurrence=case.occurrence.id,
            channel=step.channel,
            content=step.content,
            arguments={name: value(argument, case.scene) for name, argument in step.arguments},
        )
        for step in plan.steps
        if channel_verdict(case, step.channel).verdict is Verdict.SEND
    ]


def _scheduled(decide: Decide, scene: Scene) -> tuple[Scheduled, ...]:
    """All that only has to wait, by (due, plan as listed, occurrence id)."""
    found = [
        (occurrence.due, place, occurrence.id, name)
        for place, name in enumerate(decide.plans)
        for occurrence in scheduled(scene.ruleset.plans[name], scene)
    ]
    return tuple(Scheduled(name, due, occurrence) for due, _, occurrence, name in sorted(found))
