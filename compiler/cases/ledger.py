"""What a decision taken for good leaves behind: touches, what budgets were used, occurrences that have ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from compiler.calendar import same_period
from compiler.checked import ir
from compiler.facts import Facts, Opened, Touch
from compiler.interpret.meaning import value
from compiler.interpret.names import with_lets
from compiler.interpret.occurrences import Occurrence, State, occurrences
from compiler.interpret.scene import scene_of
from compiler.outcome import Because, Decision, Gate, PlanOutcome, Verdict
from compiler.types import UNAVAILABLE, money


@dataclass(frozen=True, slots=True)
class Spending:
    """`time` None is in whatever period is asked for first."""

    owner: str
    time: int | None
    amount: int


@dataclass(slots=True)
class Ledger:
    """Of one user, in memory. Nothing is checked here: the decision did."""

    ruleset: ir.RuleSet
    touches: list[Touch] = field(default_factory=list)
    shadow: list[Touch] = field(default_factory=list)
    spendings: list[Spending] = field(default_factory=list)
    ended: set[tuple[str, str]] = field(default_factory=set)
    """(plan, event id) of occurrences that ended without a touch."""
    reopened: set[tuple[str, str]] = field(default_factory=set)
    """The same of those that were opened whatever the triggers say."""

    def reserve(self, decision: Decision, facts: Facts) -> None:
        """Take a decision for good. WAIT reserves nothing, and nothing is reserved when no plan was found."""
        if decision.verdict in (Verdict.WAIT, Verdict.NONE):
            return
        self.end(decision, facts)
        if decision.verdict is Verdict.SEND:
            first = decision.attempts[0]
            plan = self.ruleset.plans[first.plan]
            self.touches.append(touch(plan, first.channel, facts.now, first.occurrence))
            self.spend(plan, facts)
        elif decision.verdict is Verdict.HOLDOUT:
            outcome = next(each for each in decision.outcomes if each.plan == decision.plan)
            plan = self.ruleset.plans[outcome.plan]
            self.shadow.append(touch(plan, outcome.channel or "", facts.now, outcome.occurrence or ""))

    @staticmethod
    def contacts(touches: Iterable[Touch]) -> tuple[Touch, ...]:
        """As facts hold them, ordered by time."""
        return tuple(sorted(touches, key=lambda touch: touch.time))

    def spend(self, plan: ir.Plan, facts: Facts) -> None:
        campaign = self.ruleset.campaigns[plan.campaign] if plan.campaign else None
        for owner in (plan, campaign):
            if owner is not None and owner.budget is not None:
                amount = taken(self.ruleset, plan, owner.budget, facts)
                self.spendings.append(Spending(owner.key, facts.now, amount))

    def used(self, owner: str, amount: int, now: int | None) -> None:
        """Say what was used so far, in the period of `now`."""
        self.spendings = [each for each in self.spendings if each.owner != owner]
        self.spendings.append(Spending(owner, now, amount))

    def budgets(self, now: int) -> Mapping[str, int]:
        """By owner, what was used in the period of `now`."""
        self.spendings = [
            Spending(each.owner, now if each.time is None else each.time, each.amount)
            for each in self.spendings
        ]
        used: dict[str, int] = {}
        for each in self.spendings:
            assert each.time is not None
            if each.time <= now and self.in_period(each.owner, each.time, now):
                used[each.owner] = used.get(each.owner, 0) + each.amount
        return used

    def in_period(self, owner: str, time: int, now: int) -> bool:
        kind, name = owner.split(" ", 1)
        holder = self.ruleset.campaigns[name] if kind == "campaign" else self.ruleset.plans[name]
        assert holder.budget is not None
        unit, settings = holder.budget.unit, self.ruleset.settings
        return unit is None or same_period(settings.zone, unit, time, now, settings.first_weekday)

    # ---- occurrences

    def end(self, decision: Decision, facts: Facts) -> None:
        """Losing and being blocked end an occurrence; what could not be judged is tried again."""
        for outcome in decision.outcomes:
            plan = self.ruleset.plans[outcome.plan]
            if plan.trigger is not None and has_ended(outcome):
                self.ended |= {
                    (plan.name, each.event_id)
                    for each in found(self.ruleset, plan, facts)
                    if each.state is State.RIPE and each.id == outcome.occurrence
                }

    def opened(self, facts: Facts) -> tuple[Opened, ...] | None:
        """The occurrences still open; None, to derive them from the events, while nothing else is known of any."""
        if not self.ended and not self.reopened:
            return None
        derived = {
            (plan.name, each.event_id)
            for plan in self.ruleset.plans.values()
            for each in found(self.ruleset, plan, facts)
        }
        return tuple(Opened(*each) for each in sorted((derived | self.reopened) - self.ended))


def touch(plan: ir.Plan, channel: str, time: int, occurrence: str) -> Touch:
    completes = plan.completed(occurrence)
    return Touch(time, plan.activity, channel, plan.tags, plan.counts, plan.campaign, occurrence, completes)


def has_ended(outcome: PlanOutcome) -> bool:
    """Whether losing or being blocked ended the occurrence; of what was sent or held out the touch tells."""
    if outcome.fell is Gate.CONTACTABLE:
        return not any(reason.because is Because.UNAVAILABLE for reason in outcome.reasons)
    return outcome.fell in (Gate.RANKED, Gate.CHOSEN)


def found(ruleset: ir.RuleSet, plan: ir.Plan, facts: Facts) -> Iterator[Occurrence]:
    """What the plan's trigger opened, by all events known."""
    if plan.trigger is not None:
        opened = occurrences(plan, plan.trigger, scene_of(ruleset, facts))
        yield from () if opened is UNAVAILABLE else opened


def taken(ruleset: ir.RuleSet, plan: ir.Plan, budget: ir.Budget, facts: Facts) -> int:
    """What one send takes from a budget: one, or the plan's cost in the budget's currency, which may not be known where
    the budget could not be looked at."""
    if budget.currency is None:
        return 1
    cost = plan.terms.get("cost")
    if cost is None or cost.type.currency is None:
        return 0
    converted = cost
    if cost.type.currency != budget.currency:
        rate = ruleset.settings.rates.get((cost.type.currency, budget.currency))
        converted = ir.Convert(money(budget.currency), cost, rate, plan.span)
    spent = value(converted, with_lets(plan, scene_of(ruleset, facts)))
    return max(0, spent) if isinstance(spent, int) else 0
