"""Crowds and scores after those that they need; circles and towers are findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Key = tuple[str, str]
DEEPEST = 60
"""Crowds and scores that may stand on each other: every evaluator recurses once for each."""


class Circle(Exception):
    """Definitions that need themselves, in the order of the circle."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(" → ".join(name for _, name in keys))
        self.keys = keys


def ordered(needs: Mapping[Key, Sequence[Key]]) -> list[Key]:
    """Keys with all that they need before them, else in the order given. Raises Circle. Iterative."""
    done: dict[Key, None] = {}
    for key in needs:
        visit(key, needs, done)
    return list(done)


def visit(root: Key, needs: Mapping[Key, Sequence[Key]], done: dict[Key, None]) -> None:
    open_: dict[Key, list[Key]] = {}
    if root not in done:
        open_[root] = list(needs[root])
    while open_:
        key = next(reversed(open_))
        waiting = open_[key]
        if not waiting:
            done[key] = None
            del open_[key]
            continue
        needed = waiting.pop(0)
        if needed in open_:
            path = list(open_)
            raise Circle([*path[path.index(needed) :], needed])
        if needed not in done and needed in needs:
            open_[needed] = list(needs[needed])


def towers(order: Sequence[Key], needs: Mapping[Key, Sequence[Key]]) -> list[Key]:
    """Keys that stand on more than DEEPEST others."""
    height: dict[Key, int] = {}
    for key in order:
        height[key] = 1 + max((height.get(needed, 0) for needed in needs[key]), default=0)
    return [key for key in order if height[key] > DEEPEST]
