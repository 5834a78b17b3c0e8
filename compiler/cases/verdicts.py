"""What came of a plan and of a decision, in the words of expectations, and whether that is what was expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from compiler.cases import case
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


def broken_rules(outcome: PlanOutcome) -> list[Because]:
    """The kind of every rule that is broken, once for each rule, however many channels it concerns."""
    return [
        because for because, _, _ in {(each.because, each.owner, each.span): None for each in limits(outcome)}
    ]


def names_them(expected: Iterable[Because], broken: Iterable[Because]) -> bool:
    """All kinds named and no other; a kind that is named twice is broken by as many rules."""
    wanted, found = Counter(expected), Counter(broken)
    if set(wanted) != set(found):
        return False
    return max(wanted.values(), default=0) < 2 or wanted == found


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
    "blocked": lambda decision, plan: decision.verdict is Verdict.BLOCK,
    "waits": lambda decision, plan: decision.verdict is Verdict.WAIT,
    "holds out": lambda decision, plan: decision.verdict is Verdict.HOLDOUT and decision.plan == plan,
}


def chosen(decision: Decision) -> str | None:
    """The plan that is sent, or that is the first to wait."""
    return decision.plan if decision.verdict in (Verdict.SEND, Verdict.WAIT) else None


# ---- in words


class Words:
    """Outcomes as a test would expect them. `zone` is that in which the test's instants are read."""

    def __init__(self, ruleset: ir.RuleSet, zone: str) -> None:
        self.ruleset = ruleset
        self.zone = zone

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
        because = ", ".join(each.value for each in broken_rules(outcome))
        return f"{until} because {because}" if because else until

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
