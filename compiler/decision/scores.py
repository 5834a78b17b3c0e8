"""Trees of scores and their grades."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compiler.checked.ir import Score
from compiler.decision.arithmetic import finite, int_in_range
from compiler.decision.context import Context
from compiler.decision.trees import Tree, Trees
from compiler.types import UNAVAILABLE, Kind

_ZEROS: Mapping[Kind, tuple[int | float, Callable[[Any], Any]]] = {
    Kind.INT: (0, int_in_range),
    Kind.NUMBER: (0.0, finite),
}


def _always(context: Context) -> bool:
    return True


def score_tree(score: Score, trees: Trees) -> Tree:
    zero, in_range = _ZEROS[score.type.kind]
    lines = tuple(
        (
            line.sign,
            trees.build(line.points),
            _always if line.condition is None else trees.build(line.condition),
        )
        for line in score.lines
    )

    def total(context: Context) -> Any:
        points: Any = zero
        for sign, worth, condition in lines:
            answer = condition(context)
            if answer is False:
                continue
            value = worth(context)
            if value is UNAVAILABLE:
                return UNAVAILABLE
            unknown = answer is None or value is None or points is None
            points = None if unknown else in_range(points + sign * value)
        return points

    return total


def grade_tree(score: Score, trees: Trees) -> Tree:
    total = trees.reference(f"score {score.name}")
    bands = tuple((band.grade, band.threshold) for band in score.bands)

    def grade(context: Context) -> Any:
        points = total(context)
        if points is None or points is UNAVAILABLE:
            return points
        for name, threshold in bands[:-1]:
            if threshold <= points:
                return name
        return bands[-1][0]

    return grade
