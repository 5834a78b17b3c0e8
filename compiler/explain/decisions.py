"""Decisions explained: for each plan how far it came, why it fell there, by how much, and what would have to be otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from compiler.cases.texts import Texts
from compiler.checked import ir
from compiler.explain.asked import HERE, Asked, View
from compiler.explain.change.search import Search, smallest_change
from compiler.explain.conditions import explained
from compiler.explain.margins import behind
from compiler.explain.node import Margin, Node
from compiler.explain.rules import line_of
from compiler.explain.sentences import Said, sentence
from compiler.explain.words import Words
from compiler.facts import Facts
from compiler.outcome import Because, Decision, Gate, PlanOutcome, Reason, Verdict
from compiler.types import Type, Value
from dsl.source import Place


@dataclass(frozen=True, slots=True)
class Why:
    """A rule that spoke: in a sentence, as it is written and where; for a condition, its tree; for how long."""

    because: Because
    sentence: str
    rule: str
    owner: str
    place: Place | None
    channel: str | None
    until: int | None
    condition: Node | None


@dataclass(frozen=True, slots=True)
class PlanStory:
    """How far a plan came. `behind`: how far its rank lies below that of the plan that was chosen. `rank_tree`: where
    the rank is not known. `search`: what a search for the smallest change came to; None if there was none."""

    plan: str
    place: Place
    outcome: PlanOutcome
    wins: bool
    rank_type: Type | None
    behind: Margin | None
    why: tuple[Why, ...]
    rank_tree: Node | None
    search: Search | None = None

    @property
    def rank(self) -> Value:
        return self.outcome.rank


@dataclass(frozen=True, slots=True)
class Story:
    """A decision and its plans, in the listed order."""

    decision: Decision
    words: Words
    plans: tuple[PlanStory, ...]


@dataclass(frozen=True, slots=True)
class _Teller:
    asked: Asked
    texts: Texts
    facts: Facts
    decision: Decision
    words: Words

    def story(self, outcome: PlanOutcome) -> PlanStory:
        ruleset, plan = self.asked.ruleset, self.asked.ruleset.plans[outcome.plan]
        decide = ruleset.decides[self.decision.decide]
        rank = decide.rank.get(plan.name)
        wins = self.decision.verdict is Verdict.SEND and self.decision.plan == plan.name
        return PlanStory(
            plan.name,
            ruleset.place(plan.key, plan.span),
            outcome,
            wins,
            None if rank is None else rank.type,
            self.behind(outcome, rank),
            tuple(self.why(plan, reason) for reason in outcome.reasons),
            self.rank_tree(decide, plan, outcome),
        )

    def behind(self, outcome: PlanOutcome, rank: ir.Expr | None) -> Margin | None:
        winner = next((each for each in self.decision.outcomes if each.plan == self.decision.plan), None)
        if rank is None or winner is None or outcome.fell is not Gate.CHOSEN:
            return None
        return behind(self.words, rank.type, outcome.rank, winner.rank)

    def rank_tree(self, decide: ir.Decide, plan: ir.Plan, outcome: PlanOutcome) -> Node | None:
        if outcome.fell is not Gate.RANKED or plan.name not in decide.rank:
            return None
        return self.tree(decide.rank[plan.name], decide.key, View(plan.name))

    def why(self, plan: ir.Plan, reason: Reason) -> Why:
        ruleset = self.asked.ruleset
        said = Said(ruleset, self.texts, self.words, self.facts.now, reason, self.decision.plan)
        return Why(
            reason.because,
            sentence(said),
            said.rule,
            reason.owner,
            ruleset.place(reason.owner, reason.span) if said.is_placed else None,
            reason.channel,
            reason.until,
            self.condition(plan, reason),
        )

    def condition(self, plan: ir.Plan, reason: Reason) -> Node | None:
        """The tree of the condition behind a reason, where there is one."""
        line = line_of(self.asked.ruleset, reason) if reason.owner in self.asked.ruleset.origins else None
        if isinstance(line, ir.Need):
            return self.tree(line.condition, reason.owner, View(plan.name))
        if isinstance(line, ir.Never) or (isinstance(line, ir.Group) and reason.because is Because.BLOCK):
            return self.tree(line.condition, reason.owner, HERE, wanted=False)
        return None

    def tree(self, expr: ir.Expr, owner: str, view: View, wanted: bool = True) -> Node:
        return explained(self.asked, self.texts, self.facts, expr, owner, view, wanted)


def explained_decision(asked: Asked, texts: Texts, facts: Facts, decide: str) -> Story:
    """A decision of the rule set, without a search for changes. KeyError: no such decide."""
    decision = asked.program.decide(decide, facts)
    teller = _Teller(asked, texts, facts, decision, Words.of(asked.ruleset, facts))
    return Story(decision, teller.words, tuple(teller.story(outcome) for outcome in decision.outcomes))


def with_changes(
    story: Story, ruleset: ir.RuleSet, facts: Facts, plans: Iterable[str] | None = None
) -> Story:
    """The story with the smallest change for each plan that did not win, or for those named. Up to seconds a plan."""
    wanted = None if plans is None else frozenset(plans)

    def searched() -> Iterator[PlanStory]:
        for each in story.plans:
            if each.wins or (wanted is not None and each.plan not in wanted):
                yield each
            else:
                yield replace(each, search=smallest_change(ruleset, story.decision.decide, each.plan, facts))

    return replace(story, plans=tuple(searched()))
