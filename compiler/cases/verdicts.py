"""What came of a plan and of a decision, in the words of expectations, and whether that is what was expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from compiler.cases import case
from compiler.cases.ranks import has_rank, is_rank, rank_text
from compiler.cases.texts import instant_text, value_text
from compiler.checked import ir
from compiler.outcome import Because, Decision, Gate, PlanOutcome, Reason, Scheduled, Verdict

HOW_FAR: Mapping[Gate | None, str] = {
    Gate.ELIGIBLE: "not eligible",
    Gate.RELEVANT: "not relevant",
    Gate.CONTACTABLE: "blocked",
    Gate.RANKED: "not ranked",
    Gate.HOLDOUT: "held out",
    Gate.CHOSEN: "loses",
}
IRRELEVANT = {Because.SCHEDULED: "scheduled", Because.CANCELLED: "cancelled", Because.EXPIRED: "expired"}
NOT_LIMITS = (Because.LOST, Because.RANK)


# ---- a plan


def outcome_of(decision: Decision, plan: str) -> PlanOutcome:
    return next(outcome for outcome in decision.outcomes if outcome.plan == plan)


def word(outcome: PlanOutcome) -> str:
    """The verdict that says most."""
    if outcome.fell is None:
        return "sends" if outcome.verdict is Verdict.SEND else "waits"
    if outcome.fell is Gate.RELEVANT:
        return IRRELEVANT.get(outcome.reasons[0].because, "not relevant")
    return HOW_FAR[outcome.fell]


def limits(outcome: PlanOutcome) -> tuple[Reason, ...]:
    """The reasons of a WAIT or a BLOCK."""
    return tuple(reason for reason in outcome.reasons if reason.because not in NOT_LIMITS)


def broken_rules(outcome: PlanOutcome) -> list[Reason]:
    """The first reason of every rule that is broken, however many channels it concerns."""
    rules: dict[object, Reason] = {}
    for each in limits(outcome):
        rules.setdefault((each.because, each.owner, each.span), each)
    return list(rules.values())


def names_them(expected: Sequence[case.Cause], broken: Sequence[Reason]) -> bool:
    """All broken rules are named, and none that is not; what is named twice stands for as many rules."""
    if not all(any(cause.names(rule) for cause in expected) for rule in broken):
        return False
    for cause, times in Counter(expected).items():
        found = sum(cause.names(rule) for rule in broken)
        if found < 1 or (times > 1 and found != times):
            return False
    return True


def waiting(decision: Decision, plan: str) -> list[Scheduled]:
    return [each for each in decision.scheduled if each.plan == plan]


Test = Callable[[PlanOutcome, Decision], bool]
PLAN_VERDICTS: Mapping[str, Test] = {
    "sends": lambda outcome, decision: word(outcome) == "sends",
    "waits": lambda outcome, decision: outcome.verdict is Verdict.WAIT,
    "scheduled": lambda outcome, decision: bool(waiting(decision, outcome.plan)),
    "blocked": lambda outcome, decision: outcome.fell is Gate.CONTACTABLE,
    "held out": lambda outcome, decision: outcome.fell is Gate.HOLDOUT,
    "eligible": lambda outcome, decision: outcome.fell is not Gate.ELIGIBLE,
    "not eligible": lambda outcome, decision: outcome.fell is Gate.ELIGIBLE,
    "relevant": lambda outcome, decision: outcome.fell not in (Gate.ELIGIBLE, Gate.RELEVANT),
    "not relevant": lambda outcome, decision: outcome.fell is Gate.RELEVANT,
    "not ranked": lambda outcome, decision: outcome.fell is Gate.RANKED,
    "cancelled": lambda outcome, decision: word(outcome) == "cancelled",
    "expired": lambda outcome, decision: word(outcome) == "expired",
    "loses": lambda outcome, decision: outcome.fell is Gate.CHOSEN,
    "ranks": lambda outcome, decision: has_rank(outcome),
}
"""`waits` holds of a plan that would wait, also where another one goes first; `scheduled` where one of its occurrences
is not due yet, also where another one is."""


def plan_fulfils(expected: case.ExpectPlan, decision: Decision) -> bool:
    outcome = outcome_of(decision, expected.plan)
    return (
        PLAN_VERDICTS[expected.verdict](outcome, decision)
        and (expected.channel is None or outcome.channel == expected.channel)
        and (not expected.because or names_them(expected.because, broken_rules(outcome)))
        and (expected.until is None or expected.until in instants(expected.verdict, outcome, decision))
        and (expected.to is None or decision.plan == expected.to)
        and (expected.rank is None or is_rank(expected.rank, outcome))
        and sent_with(expected, decision)
    )


def instants(verdict: str, outcome: PlanOutcome, decision: Decision) -> list[int | None]:
    if verdict == "scheduled":
        return [each.due for each in waiting(decision, outcome.plan)]
    return [outcome.until]


def sent_with(expected: case.ExpectPlan, decision: Decision) -> bool:
    """Whether what goes with the content is as expected."""
    if not expected.arguments:
        return True
    sent = next(
        (
            each
            for each in decision.attempts
            if (each.plan, each.channel) == (expected.plan, expected.channel)
        ),
        None,
    )
    return sent is not None and all(
        sent.arguments[name] == value for name, value in expected.arguments.items()
    )


# ---- a decision

DECIDE_VERDICTS: Mapping[str, Callable[[Decision, str | None], bool]] = {
    "is": lambda decision, plan: chosen(decision) == plan,
    "is not": lambda decision, plan: chosen(decision) != plan,
    "nothing": lambda decision, plan: decision.verdict is Verdict.NONE,
    "not nothing": lambda decision, plan: decision.verdict is not Verdict.NONE,
    "blocked": lambda decision, plan: decision.verdict is Verdict.BLOCK,
    "not blocked": lambda decision, plan: decision.verdict is not Verdict.BLOCK,
    "waits": lambda decision, plan: decision.verdict is Verdict.WAIT,
    "holds out": lambda decision, plan: decision.verdict is Verdict.HOLDOUT and decision.plan == plan,
}


def chosen(decision: Decision) -> str | None:
    """The plan that is sent, or that is the first to wait."""
    return decision.plan if decision.verdict in (Verdict.SEND, Verdict.WAIT) else None


# ---- in words


class Words:
    """Outcomes as a test would expect them. `zone` is that in which the test's instants are read; `owned` says of every broken
    rule where it stands, else that is said of those alone that are not told apart by their kind."""

    def __init__(self, ruleset: ir.RuleSet, zone: str, owned: bool = False) -> None:
        self.ruleset = ruleset
        self.zone = zone
        self.owned = owned

    def plan(self, outcome: PlanOutcome, decision: Decision) -> str:
        """`waits until 2026-03-02 09:00 because quiet`."""
        said = word(outcome)
        tail = TAILS.get(said)
        return f"{said}{tail(self, outcome, decision)}" if tail else said

    def decision(self, decision: Decision) -> str:
        """`best is offer, which sends push "nudge"`."""
        if decision.verdict is Verdict.NONE or decision.plan is None:
            return f"{decision.decide} is nothing"
        plan = self.plan(outcome_of(decision, decision.plan), decision)
        if decision.verdict is Verdict.BLOCK:
            return f"{decision.decide} is blocked; {decision.plan} {plan}"
        if decision.verdict is Verdict.HOLDOUT:
            return f"{decision.decide} holds out {decision.plan}"
        return f"{decision.decide} is {decision.plan}, which {plan}"

    def sends(self, outcome: PlanOutcome, decision: Decision) -> str:
        first = next((each for each in decision.attempts if each.plan == outcome.plan), None)
        if first is None:
            return f" {outcome.channel}"
        step = next(each for each in self.ruleset.plans[first.plan].steps if each.channel == first.channel)
        types = {name: expr.type for name, expr in step.arguments}
        values = [
            f"{name} = {value_text(types[name], value, self.zone)}" for name, value in first.arguments.items()
        ]
        arguments = f" with {', '.join(values)}" if values else ""
        return f' {first.channel} "{first.content}"{arguments}'

    def until(self, outcome: PlanOutcome, decision: Decision) -> str:
        until = "" if outcome.until is None else f" until {instant_text(outcome.until, self.zone)}"
        because = ", ".join(self.causes(broken_rules(outcome)))
        return f"{until} because {because}" if because else until

    def causes(self, broken: Sequence[Reason]) -> list[str]:
        """`cap`, or `cap of gentle`."""
        owners = Counter(because for because, _ in {(each.because, each.owner) for each in broken})
        return [
            f"{each.because.value} of {each.owner.split(' ', 1)[1]}"
            if self.owned or owners[each.because] > 1
            else each.because.value
            for each in broken
        ]

    def ranks(self, outcome: PlanOutcome, decision: Decision) -> str:
        """`ranks 6.60 EUR`; how far the plan came if it has no rank."""
        if not has_rank(outcome):
            return self.plan(outcome, decision)
        type_ = self.ruleset.decides[decision.decide].rank[outcome.plan].type
        return f"ranks {rank_text(type_, outcome.rank, self.zone)}"

    def scheduled(self, outcome: PlanOutcome, decision: Decision) -> str:
        dues = [instant_text(each.due, self.zone) for each in waiting(decision, outcome.plan)]
        return f" for {', '.join(dues)}"

    def loses(self, outcome: PlanOutcome, decision: Decision) -> str:
        behind = f" to {decision.plan}"
        return (
            f"{behind}; it waits{self.until(outcome, decision)}"
            if outcome.verdict is Verdict.WAIT
            else behind
        )


TAILS: Mapping[str, Callable[[Words, PlanOutcome, Decision], str]] = {
    "sends": Words.sends,
    "waits": Words.until,
    "blocked": Words.until,
    "scheduled": Words.scheduled,
    "loses": Words.loses,
}
