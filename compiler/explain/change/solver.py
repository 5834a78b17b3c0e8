"""Conditions solved toward an answer: edits of the facts under which a condition says what is wanted.

An `and` that should be yes needs all its terms, an `or` any of them; `not` turns that round, crowds are looked into. What
is left are leaves, for which `leaves` tries values. Nothing is derived that is not then asked: a patch comes out only if
the condition, evaluated with it, gives the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from compiler.checked import ir
from compiler.explain.asked import HERE, Asked, View
from compiler.explain.change.edits import Edit
from compiler.explain.change.patch import Patch, few, joined, least
from compiler.explain.change.readings import Reader, Reading
from compiler.facts import Facts
from compiler.types import Answer

WIDTH = 6
"""Patches that are kept of each part."""
LEAF_TRIES = 2_500
"""Hypotheses about one condition that is not made of others."""
ROUNDS = 3
"""How often goals that have to hold together are gone through."""
LONGEST = 24
"""Edits of a patch that is followed."""
TERMS = 24
"""Terms of an `or` that are looked into."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A condition that should answer `wanted` where `view` sees it."""

    condition: ir.Expr
    wanted: bool
    view: View = HERE


class OutOfTries(Exception):
    """The bound on hypotheses is reached."""


class LeafSpent(Exception):
    """The bound on hypotheses about one condition is reached."""


@dataclass(slots=True)
class Tries:
    """How many hypotheses have been looked at, and how many may be: in all, and before the next stop."""

    limit: int
    made: int = 0
    stop: int | None = None

    def count(self) -> None:
        self.made += 1
        if self.made > self.limit:
            raise OutOfTries
        if self.stop is not None and self.made > self.stop:
            raise LeafSpent

    @contextmanager
    def at_most(self, more: int) -> Iterator[None]:
        """Inside, so many more may be made before LeafSpent is raised; fewer, where a stop is set already."""
        before = self.stop
        self.stop = self.made + more if before is None else min(before, self.made + more)
        try:
            yield
        finally:
            self.stop = before


Leaf = Callable[["Solver", Goal, Facts, int], Iterator[Patch]]


class Solver:
    """Finds patches for conditions of one rule set. `leaf`: how a condition is solved that is not made of others."""

    def __init__(self, asked: Asked, tries: Tries, leaf: Leaf) -> None:
        self.asked = asked
        self.ruleset = asked.ruleset
        self.tries = tries
        self._reader = Reader(asked.ruleset)
        self._leaf = leaf
        self._depth = 0
        self._solved: dict[tuple[int, int, bool, View, int], tuple[Goal, Facts, list[Patch]]] = {}

    @property
    def reader(self) -> Reader:
        return self._reader

    def reading(self, goal: Goal) -> Reading:
        return self._reader.reading(goal.condition, goal.view)

    def edited(self, facts: Facts, patch: Iterable[Edit]) -> Facts:
        for edit in patch:
            facts = edit.on_facts(facts, self.ruleset)
        return facts

    def answer(self, goal: Goal, facts: Facts) -> Answer:
        self.tries.count()
        return self.asked.answer(goal.condition, facts, goal.view)

    @contextmanager
    def deeper(self) -> Iterator[int]:
        """One condition further in; gives how many that makes."""
        self._depth += 1
        try:
            yield self._depth
        finally:
            self._depth -= 1

    def holds(self, goal: Goal, facts: Facts, patch: Patch = ()) -> bool:
        return self.answer(goal, self.edited(facts, patch) if patch else facts) is goal.wanted

    # ---- goals

    def patches(self, goal: Goal, facts: Facts, width: int = WIDTH) -> list[Patch]:
        """Patches under which the goal holds, the smallest first; the empty one where it does already."""
        key = (id(goal.condition), id(facts), goal.wanted, goal.view, width)
        known = self._solved.get(key)  # what the ids stand for is kept beside the answer
        if known is None:
            known = self._solved[key] = (goal, facts, self._patches(goal, facts, width))
        return known[2]

    def _patches(self, goal: Goal, facts: Facts, width: int) -> list[Patch]:
        if self.holds(goal, facts):
            return [()]
        inner = self._inward(goal)
        if isinstance(inner.condition, ir.And | ir.Or):
            terms = [Goal(term, inner.wanted, inner.view) for term in inner.condition.terms]
            needs_all = isinstance(inner.condition, ir.And) is inner.wanted
            found = self.all_of(terms, facts, width) if needs_all else self.any_of(terms, facts, width)
            return [patch for patch in found if self.holds(goal, facts, patch)]
        return self._solved_leaf(inner, facts, width)

    def _inward(self, goal: Goal) -> Goal:
        """Through `not` and the names of crowds."""
        condition, wanted, view = goal.condition, goal.wanted, goal.view
        while isinstance(condition, ir.Not | ir.InCrowd):
            if isinstance(condition, ir.Not):
                condition, wanted = condition.term, not wanted
            else:
                condition = self.ruleset.crowds[condition.crowd].condition
                view = view.of_definitions()
        return Goal(condition, wanted, view)

    def all_of(self, goals: Sequence[Goal], facts: Facts, width: int = WIDTH) -> list[Patch]:
        """Patches under which all hold. What mends one goal may break another, so they are gone through again."""
        found: list[Patch] = [()]
        for _ in range(ROUNDS):
            for goal in goals:
                found = self._extended(found, goal, facts, width)
            whole = [patch for patch in found if all(self.holds(goal, facts, patch) for goal in goals)]
            if whole or not found:
                return whole
        return []

    def _extended(self, found: list[Patch], goal: Goal, facts: Facts, width: int) -> list[Patch]:
        further = []
        for patch in found:
            for more in self.patches(goal, self.edited(facts, patch), width):
                further.append(joined(patch, more))
        return few((patch for patch in further if len(patch) <= LONGEST), width)

    def any_of(self, goals: Sequence[Goal], facts: Facts, width: int = WIDTH) -> list[Patch]:
        """Patches under which one of them holds."""
        found = [patch for goal in goals[:TERMS] for patch in self.patches(goal, facts, width)]
        return few(found, width)

    def _solved_leaf(self, goal: Goal, facts: Facts, width: int) -> list[Patch]:
        """The smallest patches found within the bound, without edits that the goal does not need."""
        found: list[Patch] = []
        try:
            with self.tries.at_most(LEAF_TRIES):
                for patch in islice(self._leaf(self, goal, facts, width), 4 * width):
                    found.append(least(patch, lambda fewer: self.holds(goal, facts, fewer)))
        except LeafSpent:
            if self.tries.stop is not None and self.tries.made > self.tries.stop:
                raise  # the bound was that of a condition further out
        return few(found, width)
