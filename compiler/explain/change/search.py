"""The smallest change that would make a plan win: searched gate by gate, each finding decided again.

States are patches with what comes of them. From a state the gate at which the plan falls says which further edits could
carry it on. First the search dives, from the state that came furthest, until some change wins; then it goes through the
smaller ones in their order, until none is left that could be smaller or the bound on hypotheses is reached. What it
reports has been decided with all its edits, and with each of them left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count, islice
from typing import Any

from compiler.checked.ir import RuleSet
from compiler.explain.asked import View
from compiler.explain.change.bench import Bench, State
from compiler.explain.change.contacts import contact_patches
from compiler.explain.change.edits import AddEvent, Edit, World
from compiler.explain.change.occurrences import occurrence_patches
from compiler.explain.change.patch import Patch, apply, cost, few, least
from compiler.explain.change.ranks import chosen_patches, holdout_patches, ranked_patches
from compiler.explain.change.solver import Goal, OutOfTries, Tries
from compiler.facts import Facts
from compiler.outcome import Gate, PlanOutcome, Verdict
from compiler.types import UNAVAILABLE

MOST_EDITS = 12
MOST_TRIES = 20_000
REFINING = 4
"""Once some change is found, smaller ones are looked for with so much of the bound: one part in."""
WIDTH = 8
"""Patches that are followed from one state."""


@dataclass(frozen=True, slots=True)
class Change:
    """Edits under which a plan wins: it is sent, and chosen before all others."""

    edits: tuple[Edit, ...]

    def apply(self, facts: Facts, ruleset: RuleSet) -> World:
        """The facts and the rules as they would be. The rules differ only where a plan is worth more, or costs less;
        their hash does then, too."""
        return apply(self.edits, facts, ruleset)


@dataclass(frozen=True, slots=True)
class Search:
    """What a search came to. `change` is None when none was found within the bounds; one without edits where the plan
    wins as it is. `tried`: hypotheses looked at, a condition or a decision each. `exhausted`: whether all that could be
    thought of was tried."""

    change: Change | None
    tried: int
    exhausted: bool
    most_edits: int


def smallest_change(
    ruleset: RuleSet,
    decide: str,
    plan: str,
    facts: Facts,
    most_edits: int = MOST_EDITS,
    most_tries: int = MOST_TRIES,
) -> Search:
    """Search for the smallest change of facts and request that would make the plan win.

    Fewest edits first, then the least effort (the weights of `edits`), then what is nearest to the present values.
    KeyError: no such decide, or the plan is not among its plans.
    """
    tries = Tries(most_tries)
    hunt = _Hunt(Bench(ruleset, decide, plan, facts, tries), most_edits)
    hunt.run()
    tries.limit = tries.made + most_tries  # what has been found may still be made smaller
    best = None if hunt.best is None else hunt.trimmed(hunt.best)
    return Search(None if best is None else Change(best), tries.made, not hunt.is_out, most_edits)


class _Hunt:
    """One search under way. `best`: the smallest patch so far under which the plan wins. `is_out`: of tries, so that
    nothing new is thought of any more."""

    def __init__(self, bench: Bench, most_edits: int) -> None:
        self.bench = bench
        self.most_edits = most_edits
        self.best: Patch | None = None
        self.is_out = False
        self._expanded: dict[frozenset[Edit], list[State]] = {}
        self._order = count()

    def run(self) -> None:
        start = self.bench.state(())
        self.follow(start, lambda state: (*self.left(state), *cost(state.patch)), stop_at_first=True)
        if self.best is not None:
            tries = self.bench.tries
            tries.limit = min(tries.limit, tries.made + tries.limit // REFINING)
            self.follow(start, lambda state: cost(state.patch), stop_at_first=False)

    def follow(self, start: State, priority: Callable[[State], Any], stop_at_first: bool) -> None:
        heap = [(priority(start), next(self._order), start)]
        seen: set[frozenset[Edit]] = set()
        while heap:
            _, _, state = heappop(heap)
            key = frozenset(state.patch)
            if key in seen or not self.could_improve(state):
                continue
            seen.add(key)
            if state.wins:
                self.best = state.patch
                if stop_at_first:
                    return
                continue
            for further in self.expanded(state, key):
                heappush(heap, (priority(further), next(self._order), further))

    def left(self, state: State) -> tuple[int, int]:
        """How far a state is from winning: the gates that are left, and the plans that are before it."""
        decide, own = self.bench.decide, state.outcome
        place = decide.plans.index(own.plan)
        rivals = [
            other
            for other in state.decision.outcomes
            if other.verdict is Verdict.SEND and other.fell in (None, Gate.CHOSEN) and other.plan != own.plan
        ]
        ahead = sum(is_before(other, own, decide.plans.index(other.plan) < place) for other in rivals)
        return -_PROGRESS[state.gate], ahead

    def could_improve(self, state: State) -> bool:
        """A state that does not win needs one edit more at least."""
        edits, effort, cleared = cost(state.patch)
        if not state.wins:
            edits, effort = edits + 1, effort + 1
        return edits <= self.most_edits and (self.best is None or (edits, effort, cleared) < cost(self.best))

    def expanded(self, state: State, key: frozenset[Edit]) -> list[State]:
        found = self._expanded.get(key)
        if found is None:
            found = [self.judged(state, patch) for patch in self.further(state) if patch]
            self._expanded[key] = [each for each in found if each.patch != state.patch]
        return self._expanded[key]

    def further(self, state: State) -> list[Patch]:
        """Patches that may carry the plan past the gate where it is held up."""
        found: list[Patch] = []
        if self.is_out:
            return found
        try:
            for patch in islice(_STEPS[state.gate](self.bench, state), 4 * WIDTH):
                found.append(patch)
        except OutOfTries:
            self.run_out()
        return few(found, WIDTH)

    def judged(self, state: State, patch: Patch) -> State:
        try:
            return self.bench.after(state, patch)
        except OutOfTries:
            self.run_out()
            return self.bench.after(state, patch)

    def run_out(self) -> None:
        """Nothing new is thought of any more; what has been is still decided."""
        self.is_out = True
        self.bench.tries.limit = 2 * self.bench.tries.made

    def trimmed(self, patch: Patch) -> Patch:
        """Without edits that are not needed; of added events it is said which fields matter."""
        patch = least(patch, lambda fewer: self.bench.state(fewer).wins)
        return tuple(
            self.with_what_matters(edit, patch) if isinstance(edit, AddEvent) else edit for edit in patch
        )

    def with_what_matters(self, added: AddEvent, patch: Patch) -> AddEvent:
        """A field matters if the plan would not win without its value."""
        matters = []
        for name, _ in added.fields:
            without = replace(added, fields=tuple(each for each in added.fields if each[0] != name))
            if not self.bench.state(tuple(without if edit is added else edit for edit in patch)).wins:
                matters.append(name)
        return replace(added, matters=frozenset(matters))


def is_before(other: PlanOutcome, own: PlanOutcome, listed_before: bool) -> bool:
    """Whether the other plan's rank puts it before this one."""
    ranks: list[Any] = [other.rank, own.rank]
    if None in ranks or UNAVAILABLE in ranks or ranks[0] == ranks[1]:
        return listed_before
    return bool(ranks[0] > ranks[1])


# ---- what to try at each gate


def eligible_patches(bench: Bench, state: State) -> Iterator[Patch]:
    """Patches after which the audience and all needs say yes."""
    plan = bench.plan
    needs = [need for need in (plan.audience, *plan.needs) if need is not None]
    goals = [Goal(need.condition, True, View(plan.name)) for need in needs]
    yield from bench.solver(state.patch).all_of(goals, state.facts, WIDTH)


_STEPS: Mapping[Gate, Callable[[Bench, State], Iterator[Patch]]] = {
    Gate.ELIGIBLE: eligible_patches,
    Gate.RELEVANT: occurrence_patches,
    Gate.CONTACTABLE: contact_patches,
    Gate.RANKED: ranked_patches,
    Gate.HOLDOUT: holdout_patches,
    Gate.CHOSEN: chosen_patches,
}
_PROGRESS: Mapping[Gate, int] = {gate: number for number, gate in enumerate(Gate)}
