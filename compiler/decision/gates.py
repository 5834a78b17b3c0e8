"""A plan made ready to be judged, gate by gate, up to its rank and its campaign's holdout."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from compiler.checked.ir import Budget, Expr, Need, Plan
from compiler.decision.budgets import budget_needs
from compiler.decision.case import Case
from compiler.decision.channels import ChannelRules
from compiler.decision.contact import Contacted, ContactRules
from compiler.decision.context import Context
from compiler.decision.holdouts import holdout_test
from compiler.decision.limits import Judge
from compiler.decision.occurrences import Occurrences, Relevance, untriggered
from compiler.decision.trees import Tree, Trees
from compiler.facts import Facts, Touch
from compiler.outcome import Attempt, Because, Gate, PlanOutcome, Reason, Verdict
from compiler.types import UNAVAILABLE, Answer, Value
from dsl.frozen import dataclass

MOST_KEPT = 100
"""Of a plan: ways to answer its audience that are kept with what they come to."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What a decide adds to the judging of one of its plans; nothing, for a plan judged alone.

    `unranked`: said of a plan whose rank is not known. `holds_out`: the decide holds the user out.
    """

    rank: Tree | None = None
    unranked: Reason | None = None
    at_most: Judge | None = None
    holds_out: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a plan came before it is compared with others. `sends`: indexes of the steps that may send now."""

    plan: PlanGates
    outcome: PlanOutcome
    sends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Charge:
    """What a contact takes of a budget: a count, or millionths of its currency. `owner` is its key: `plan x`."""

    owner: str
    budget: Budget
    amount: int


class PlanGates:
    """One plan. `trees` see its lets and terms."""

    def __init__(
        self,
        plan: Plan,
        trees: Trees,
        channels: Sequence[ChannelRules],
        blocked: Callable[[Case], tuple[Reason, ...]],
    ) -> None:
        self.plan = plan
        self.trees = trees
        self.is_marketing = plan.kind == "marketing"
        self.occurrences = None if plan.trigger is None else Occurrences(plan, plan.trigger, trees)
        self.relevance = self.occurrences.relevance if self.occurrences else untriggered(plan)
        self.conditions = tuple(need.condition for _, need in _needs(plan))
        """Of the audience and the needs."""
        self._audience = tuple(
            (because, need.span, trees.entry(need.condition)) for because, need in _needs(plan)
        )
        self._all_yes = (True,) * len(self._audience)
        self._ineligible: dict[tuple[Answer, ...], Standing] = {}
        self.refused = self._fell_for((False,) * len(self._audience))
        """Where it stands if every condition answers no."""
        self._contact = ContactRules(plan, channels, blocked, trees)
        self._arguments = tuple(_arguments(step.arguments, trees) for step in plan.steps)
        self._budgets = budget_needs(plan, trees.ruleset, trees)
        campaign = None if plan.campaign is None else trees.ruleset.campaigns[plan.campaign]
        holdout = None if campaign is None else campaign.holdout
        self._held_out_by_campaign = holdout_test(plan.campaign or "", holdout, trees.ruleset.user_key)
        self._nothing = Relevance(None) if self.occurrences is None else self.occurrences.nothing
        self._untriggered = self._irrelevant(self._nothing)
        self._held_out = (
            None
            if holdout is None or campaign is None
            else Reason(Because.HELD_OUT, campaign.key, holdout.span)
        )

    def answers(self, context: Context) -> tuple[Answer, ...]:
        """What each of its conditions answers."""
        return tuple([tree(context) for _, _, tree in self._audience])

    def stand(
        self, case: Case, answers: tuple[Answer, ...], relevant: Relevance | None, seat: Seat
    ) -> Standing:
        """Judges all but what needs other plans. `answers`: of its conditions. `relevant`: as `relevance` says, None to
        ask it."""
        if answers != self._all_yes:
            return self._ineligible.get(answers) or self._fell_for(answers)
        found = relevant or self.relevance(case.context)
        if found.reason is not None:
            return self._untriggered if found is self._nothing else self._irrelevant(found)
        return self._ranked(case, self._contacted(case, found, seat), found.occurrence, seat)

    def contact(self, case: Case) -> Contacted:
        """Contactable alone, without an occurrence."""
        return self._contacted(case, Relevance(None), Seat())

    def touch(self, channel: str, occurrence: str, time: int) -> Touch:
        """What one contact by this plan leaves behind."""
        plan = self.plan
        kept = plan.tags, plan.counts, plan.campaign, occurrence, plan.completed(occurrence)
        return Touch(time, plan.activity, channel, *kept)

    def charges(self, context: Context) -> tuple[Charge, ...]:
        """What one contact takes of the plan's and its campaign's budgets, as far as that is known."""
        needs = ((owner, budget, need(context)) for owner, budget, need in self._budgets)
        return tuple(Charge(owner, budget, needed or 0) for owner, budget, needed in needs)

    def attempts(self, standing: Standing, context: Context) -> list[Attempt]:
        """What the ledger may try: every step that may send."""
        return [self._attempt(index, standing.outcome.occurrence or "", context) for index in standing.sends]

    def attempt(self, channel: str, occurrence: str, context: Context) -> Attempt:
        """What the first step of a channel would send."""
        index = next(index for index, step in enumerate(self.plan.steps) if step.channel == channel)
        return self._attempt(index, occurrence, context)

    def is_held_out(self, facts: Facts) -> bool:
        """Whether the campaign holds the user out."""
        return self.is_marketing and self._held_out_by_campaign(facts)

    def holdout(self, facts: Facts) -> tuple[Reason, ...]:
        """Why the campaign holds the user out; nothing where it does not."""
        return self._held_out_reasons() if self.is_held_out(facts) else ()

    def _fell_for(self, answers: tuple[Answer, ...]) -> Standing:
        """Most plans fall for most users by what they answered there, so that is made once."""
        reasons = tuple(
            Reason(because, self.plan.key, span, answer=answer)
            for (because, span, _), answer in zip(self._audience, answers, strict=True)
            if answer is not True
        )
        fallen = self._fallen(Gate.ELIGIBLE, None, reasons)
        if len(self._ineligible) < MOST_KEPT:
            self._ineligible[answers] = fallen
        return fallen

    def _irrelevant(self, found: Relevance) -> Standing:
        reasons = () if found.reason is None else (found.reason,)
        return self._fallen(Gate.RELEVANT, found.occurrence, reasons)

    def _contacted(self, case: Case, found: Relevance, seat: Seat) -> Contacted:
        held_out = self.is_marketing and (seat.holds_out or self.is_held_out(case.context.facts))
        return self._contact.judge(case, found.occurrence, found.expiry, held_out, seat.at_most)

    def _ranked(self, case: Case, contacted: Contacted, occurrence: str | None, seat: Seat) -> Standing:
        rank: Value = None if seat.rank is None else seat.rank(case.context)
        fell: Gate | None = Gate.CONTACTABLE if contacted.verdict is Verdict.BLOCK else None
        reasons, verdict = contacted.reasons, contacted.verdict
        if fell is None and seat.unranked is not None and (rank is None or rank is UNAVAILABLE):
            fell, reasons = Gate.RANKED, (*reasons, seat.unranked)
        elif verdict is Verdict.SEND and self.is_held_out(case.context.facts):
            fell, verdict, reasons = Gate.HOLDOUT, Verdict.HOLDOUT, self._held_out_reasons()
        channel = None if contacted.step is None else self.plan.steps[contacted.step].channel
        outcome = PlanOutcome(
            self.plan.name, fell, verdict, channel, contacted.until, occurrence, rank, reasons
        )
        return Standing(self, outcome, contacted.sends)

    def _held_out_reasons(self) -> tuple[Reason, ...]:
        return () if self._held_out is None else (self._held_out,)

    def _fallen(self, gate: Gate, occurrence: str | None, reasons: tuple[Reason, ...]) -> Standing:
        return Standing(
            self, PlanOutcome(self.plan.name, gate, Verdict.NONE, occurrence=occurrence, reasons=reasons)
        )

    def _attempt(self, index: int, occurrence: str, context: Context) -> Attempt:
        plan, step = self.plan, self.plan.steps[index]
        arguments = {name: tree(context) for name, tree in self._arguments[index]}
        return Attempt(plan.name, plan.activity, occurrence, step.channel, step.content, arguments)


def _needs(plan: Plan) -> list[tuple[Because, Need]]:
    audience = [] if plan.audience is None else [(Because.AUDIENCE, plan.audience)]
    return [*audience, *((Because.NEEDS, need) for need in plan.needs)]


def _arguments(arguments: Sequence[tuple[str, Expr]], trees: Trees) -> tuple[tuple[str, Tree], ...]:
    return tuple((name, trees.entry(expr)) for name, expr in arguments)
