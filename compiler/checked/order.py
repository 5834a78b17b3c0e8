"""Crowds and scores after those that they need; circles and towers are findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Key = tuple[str, str]
DEEPEST = 60
"""Crowds and scores that may stand on each other: every evaluator recurses once for each."""


Circle = tuple[Key, ...]
"""Definitions that need themselves: each the next, the last the first again."""


def ordered(needs: Mapping[Key, Sequence[Key]]) -> tuple[list[Key], list[Circle]]:
    """Keys with all that they need before them, else in the order given; and the circles, which make that impossible.

    Iterative. Of circles that share a part, at least one is found.
    """
    done: dict[Key, None] = {}
    circles: list[Circle] = []
    for key in needs:
        visit(key, needs, done, circles)
    return list(done), circles


def visit(
    root: Key, needs: Mapping[Key, Sequence[Key]], done: dict[Key, None], circles: list[Circle]
) -> None:
    open_: dict[Key, list[Key]] = {}
    if root not in done:
        open_[root] = list(reversed(needs[root]))
    while open_:
        key = next(reversed(open_))
        waiting = open_[key]
        if not waiting:
            done[key] = None
            del open_[key]
            continue
        needed = waiting.pop()
        if needed in open_:
            path = list(open_)
            circles.append((*path[path.index(needed) :], needed))
        elif needed not in done and needed in needs:
            open_[needed] = list(reversed(needs[needed]))


def towers(order: Sequence[Key], needs: Mapping[Key, Sequence[Key]]) -> list[Key]:
    """Keys that stand on more than DEEPEST others."""
    height: dict[Key, int] = {}
    for key in order:
        height[key] = 1 + max((height.get(needed, 0) for needed in needs[key]), default=0)
    return [key for key in order if height[key] > DEEPEST]
