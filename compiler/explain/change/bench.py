"""Hypotheses about one decision: the facts and rules with edits, decided again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from compiler.checked import ir
from compiler.decision.program import compile_program
from compiler.explain.asked import Asked
from compiler.explain.change.edits import Edit, RaiseTerm
from compiler.explain.change.leaves import leaf
from compiler.explain.change.patch import Patch, apply, joined
from compiler.explain.change.solver import Solver, Tries
from compiler.facts import Facts
from compiler.outcome import Decision, Gate, PlanOutcome, Reason, Verdict


@dataclass(frozen=True, slots=True)
class State:
    """What comes of a patch for the plan that should win."""

    patch: Patch
    facts: Facts
    decision: Decision
    outcome: PlanOutcome

    @property
    def wins(self) -> bool:
        return self.decision.verdict is Verdict.SEND and self.decision.plan == self.outcome.plan

    @property
    def gate(self) -> Gate:
        """Where the plan is held up; a plan that waits is held up at *contactable*."""
        if self.outcome.verdict is Verdict.WAIT:
            return Gate.CONTACTABLE
        return self.outcome.fell or Gate.CHOSEN

    def reason(self) -> Reason:
        return self.outcome.reasons[0]


class Bench:
    """Where hypotheses about one plan of one decide are looked at, each counted."""

    def __init__(self, ruleset: ir.RuleSet, decide: str, plan: str, facts: Facts, tries: Tries) -> None:
        self.whole = ruleset
        self.ruleset = only(ruleset, decide)
        self.decide = self.ruleset.decides[decide]
        self.plan = self.ruleset.plans[plan]
        self.facts = facts
        self.tries = tries
        self._solvers: dict[tuple[Edit, ...], Solver] = {}

    def solver(self, patch: Patch) -> Solver:
        """For conditions under the rules that the patch leaves."""
        raises = tuple(edit for edit in patch if isinstance(edit, RaiseTerm))
        found = self._solvers.get(raises)
        if found is None:
            ruleset = apply(raises, self.facts, self.ruleset)[1]
            found = self._solvers[raises] = Solver(Asked(compile_program(ruleset)), self.tries, leaf)
        return found

    def state(self, patch: Patch) -> State:
        self.tries.count()
        solver = self.solver(patch)
        facts = solver.edited(self.facts, (edit for edit in patch if not isinstance(edit, RaiseTerm)))
        decision = solver.asked.program.decide(self.decide.name, facts)
        outcome = next(each for each in decision.outcomes if each.plan == self.plan.name)
        return State(patch, facts, decision, outcome)

    def after(self, state: State, patch: Patch) -> State:
        return self.state(joined(state.patch, patch))


def only(ruleset: ir.RuleSet, decide: str) -> ir.RuleSet:
    """The rule set with one decide and its plans, which is quicker to make ready and decides alike."""
    names = ruleset.decides[decide].plans
    return replace(
        ruleset,
        plans={name: ruleset.plans[name] for name in names},
        decides={decide: ruleset.decides[decide]},
    )
