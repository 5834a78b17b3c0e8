"""Crowds and scores, and the expressions that name them.

What a definition needs is computed before it, from a list of its own, so that chains of definitions do not recurse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.checked.ir import Band, Crowd, Expr, GradeRef, InCrowd, Score, ScoreRef, subexpressions
from compiler.interpret.meaning import answer, means, value
from compiler.interpret.scene import Scene
from compiler.interpret.values import absence, fit, present
from compiler.types import MISSING, Answer, Kind, Value


def crowd_answer(name: str, scene: Scene) -> Answer:
    result = _known(scene.ruleset.crowds[name], scene)
    return result if isinstance(result, bool) else None


def score_total(name: str, scene: Scene) -> Value:
    return _known(scene.ruleset.scores[name], scene)


def score_grade(name: str, scene: Scene) -> Value:
    total = score_total(name, scene)
    return _grade(scene.ruleset.scores[name].bands, total) if present(total) else total


@means(InCrowd)
def _in_crowd(expr: InCrowd, scene: Scene) -> Answer:
    return crowd_answer(expr.crowd, scene)


@means(ScoreRef)
def _score_ref(expr: ScoreRef, scene: Scene) -> Value:
    return score_total(expr.score, scene)


@means(GradeRef)
def _grade_ref(expr: GradeRef, scene: Scene) -> Value:
    return score_grade(expr.score, scene)


# ---- each once in a scene, those needed first


def _known(definition: Crowd | Score, scene: Scene) -> Value:
    pending = [] if definition.key in scene.known else [definition]
    while pending:
        needed = next((each for each in _needs(pending[-1], scene) if each.key not in scene.known), None)
        if needed is not None:
            pending.append(needed)
        else:
            current = pending.pop()
            scene.known[current.key] = _computed(current, scene)
    return scene.known[definition.key]


def _needs(definition: Crowd | Score, scene: Scene) -> Iterator[Crowd | Score]:
    for whole in _expressions(definition):
        for part in subexpressions(whole):
            if isinstance(part, InCrowd):
                yield scene.ruleset.crowds[part.crowd]
            elif isinstance(part, ScoreRef | GradeRef):
                yield scene.ruleset.scores[part.score]


def _expressions(definition: Crowd | Score) -> Iterator[Expr]:
    if isinstance(definition, Crowd):
        yield definition.condition
        return
    for line in definition.lines:
        yield line.points
        if line.condition is not None:
            yield line.condition


def _computed(definition: Crowd | Score, scene: Scene) -> Value:
    if isinstance(definition, Crowd):
        return answer(definition.condition, scene.bare())
    return _total(definition, scene.bare())


# ---- scores


def _total(score: Score, scene: Scene) -> Value:
    """The sum of the lines that count, from 0, left to right; absent if one of those is, or may be."""
    counting = [(line, answer(line.condition, scene) if line.condition else True) for line in score.lines]
    terms = [(line.sign, value(line.points, scene)) for line, counts in counting if counts is not False]
    absent = [points for _, points in terms if not present(points)]
    absent += [MISSING for _, counts in counting if counts is None]
    return absence(absent) if absent else _added(terms, score.type.kind)


def _added(terms: list[tuple[int, Any]], kind: Kind) -> Value:
    total: Any = 0.0 if kind is Kind.NUMBER else 0
    for sign, points in terms:
        total = fit(kind, total + sign * points)
        if total is MISSING:
            break
    return total  # type: ignore[no-any-return]


def _grade(bands: tuple[Band, ...], total: Any) -> Value:
    """The first band whose threshold the total reaches; the last one has none."""
    return next((band.grade for band in bands if band.threshold is None or total >= band.threshold), MISSING)
