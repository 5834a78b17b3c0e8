"""The gate *contactable* passed: limits waited for, touches dropped, prohibitions lifted, budgets freed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from compiler.checked import ir
from compiler.explain.asked import HERE, View
from compiler.explain.change.bench import Bench, State
from compiler.explain.change.edits import DropTouch, Edit, Fetch, RaiseTerm, UseBudget, Wait, budget_of
from compiler.explain.change.histories import removals_in
from compiler.explain.change.knobs import AttributeKnob
from compiler.explain.change.patch import Patch, few, joined
from compiler.explain.change.solver import Goal
from compiler.explain.rules import line_of
from compiler.facts import Touch
from compiler.outcome import Because, Gate, Reason, Verdict
from compiler.types import UNAVAILABLE, Kind

WIDTH = 4
LIMITS = (Because.QUIET, Because.CAP, Because.COOLDOWN)


def contact_patches(bench: Bench, state: State) -> Iterator[Patch]:
    """Patches after which the plan may send, goes on to be ranked, or is held up by other rules alone."""
    tried: set[Patch] = set()
    for patch, cleared in _Clearing(bench, state).patches():
        if patch and patch not in tried:
            tried.add(patch)
            after = bench.after(state, patch)
            if is_free(after) or not any(
                same(one, other) for one in cleared for other in after.outcome.reasons
            ):
                yield patch


def is_free(state: State) -> bool:
    """Whether nothing forbids to contact the user now."""
    outcome = state.outcome
    return outcome.verdict in (Verdict.SEND, Verdict.HOLDOUT) or outcome.fell is Gate.RANKED


class _Clearing:
    """The ways to clear what forbids a plan to send."""

    def __init__(self, bench: Bench, state: State) -> None:
        self.bench, self.state = bench, state
        self.solver = bench.solver(state.patch)
        self.reasons = [
            each for each in state.outcome.reasons if each.because not in (Because.LOST, Because.RANK)
        ]

    def patches(self) -> Iterator[tuple[Patch, list[Reason]]]:
        """With the reasons that each is to clear: all of the plan as a whole, and those of one channel."""
        if self.state.outcome.until is not None:
            yield (Wait(self.state.outcome.until),), self.reasons
        whole = [reason for reason in self.reasons if reason.channel is None]
        for channel in dict.fromkeys(step.channel for step in self.bench.plan.steps):
            reasons = [*whole, *(reason for reason in self.reasons if reason.channel == channel)]
            for patch in (*self.cleared(reasons), *self.allowed(whole, reasons[len(whole) :])):
                yield patch, reasons

    def cleared(self, reasons: list[Reason]) -> list[Patch]:
        """All of these reasons cleared, one after another."""
        found: list[Patch] = [()]
        for reason in sorted(reasons, key=lambda each: each.until is None):  # conditions after the waiting
            more = [joined(patch, way) for patch in found for way in self.ways(reason, patch)]
            found = few(more, 2 * WIDTH)
        return found

    def ways(self, reason: Reason, patch: Patch) -> list[Patch]:
        """Ways to clear one reason after a patch; nothing more, where that did it."""
        after = self.bench.after(self.state, patch) if patch else self.state
        if not any(same(each, reason) for each in after.outcome.reasons):
            return [()]
        waiting: list[Patch] = [] if reason.until is None else [(Wait(reason.until),)]
        return [*waiting, *_WAYS[reason.because](self, reason, after)][:WIDTH]

    def allowed(self, whole: list[Reason], of_channel: list[Reason]) -> Iterator[Patch]:
        """The user in a group that is free of limits."""
        if not any(reason.because in LIMITS for reason in of_channel):
            return
        others = [reason for reason in of_channel if reason.because not in (*LIMITS, Because.UNAVAILABLE)]
        for policy in self.bench.plan.policies:
            for group in self.bench.ruleset.policies[policy].allows:
                for way in self.solver.patches(Goal(group.condition, True), self.state.facts, 2):
                    facts_after = self.bench.after(self.state, way)
                    rest = _Clearing(self.bench, facts_after).cleared([*whole, *others])
                    yield from (joined(way, more) for more in rest)

    def clears(self, state: State, patch: Patch, reason: Reason) -> bool:
        return not any(same(each, reason) for each in self.bench.after(state, patch).outcome.reasons)


def same(one: Reason, other: Reason) -> bool:
    """Whether they name the same rule for the same channel."""
    return (one.because, one.owner, one.span, one.channel) == (
        other.because,
        other.owner,
        other.span,
        other.channel,
    )


# ---- one reason


def _prohibition(clearing: _Clearing, reason: Reason, state: State) -> Iterator[Patch]:
    rule = line_of(clearing.bench.ruleset, reason)
    assert isinstance(rule, ir.Never | ir.Group)
    yield from clearing.solver.patches(Goal(rule.condition, False, HERE), state.facts, WIDTH)


def _quiet(clearing: _Clearing, reason: Reason, state: State) -> Iterator[Patch]:
    """Another zone."""
    name = clearing.bench.ruleset.user_zone
    if name is None:
        return
    knob = AttributeKnob("user", name, clearing.bench.ruleset.attributes[name].type)
    for zone in ("UTC", "America/New_York", "Asia/Tokyo", "America/Los_Angeles", "Asia/Kolkata"):
        patch = (knob.turned(zone),)
        if clearing.clears(state, patch, reason):
            yield patch
            return


def _touches(clearing: _Clearing, reason: Reason, state: State) -> Iterator[Patch]:
    """As many touches dropped as it takes, the newest first."""
    patch: Patch = ()
    for edit in dropping(clearing.bench, state, reason):
        patch = (*patch, edit)
        if clearing.clears(state, patch, reason):
            yield patch
            return


def dropping(bench: Bench, state: State, reason: Reason) -> list[DropTouch]:
    """Edits that drop touches which the rule counts, the newest first."""
    counts = _COUNTED[reason.because](bench, reason)
    found = [
        DropTouch(touch, shadow)
        for touches, shadow in ((state.facts.touches, False), (state.facts.shadow, True))
        if touches is not UNAVAILABLE
        for touch in touches
        if touch.time <= state.facts.now and counts(touch)
    ]
    return sorted(found, key=lambda edit: (-edit.touch.time, edit.shadow))


Counts = Callable[[Touch], bool]


def _counted_by_cap(bench: Bench, reason: Reason) -> Counts:
    cap = line_of(bench.ruleset, reason)
    assert isinstance(cap, ir.Cap)
    return lambda touch: (
        touch.counted and cap.channel in (None, touch.channel) and (cap.tag is None or cap.tag in touch.tags)
    )


def _counted_by_once(bench: Bench, reason: Reason) -> Counts:
    activity, campaign = bench.plan.activity, bench.plan.campaign
    if reason.owner == bench.plan.key:
        return lambda touch: touch.activity == activity
    return lambda touch: touch.campaign == campaign


def _counted_by_decide(bench: Bench, reason: Reason) -> Counts:
    activities = {bench.ruleset.plans[name].activity for name in bench.decide.plans}
    return lambda touch: touch.activity in activities


_COUNTED: Mapping[Because, Callable[[Bench, Reason], Counts]] = {
    Because.CAP: _counted_by_cap,
    Because.COOLDOWN: lambda bench, reason: lambda touch: touch.counted,
    Because.ONCE: _counted_by_once,
    Because.AT_MOST: _counted_by_decide,
}


def _cooldown(clearing: _Clearing, reason: Reason, state: State) -> Iterator[Patch]:
    rule = line_of(clearing.bench.ruleset, reason)
    assert isinstance(rule, ir.Cooldown)
    if rule.event is None:
        yield from _touches(clearing, reason, state)
        return
    start = state.facts.now - rule.microseconds
    yield removals_in(state.facts, rule.event, start)


def _budget(clearing: _Clearing, reason: Reason, state: State) -> Iterator[Patch]:
    """Less used up; and where one send costs more than there is, or nobody knows what, another cost."""
    budget = budget_of(reason.owner, clearing.bench.ruleset)
    assert budget is not None
    empty: Patch = (UseBudget(reason.owner, 0),)
    if clearing.clears(state, empty, reason):
        yield (UseBudget(reason.owner, _most_used(clearing, reason, state, budget)),)
        return
    cheaper = (joined(cost, used) for cost in _costs(clearing, state) for used in ((), empty))
    yield from islice((patch for patch in cheaper if patch and clearing.clears(state, patch, reason)), 1)


def _costs(clearing: _Clearing, state: State) -> Iterator[Patch]:
    """The plan's cost known, and brought down to nothing."""
    plan, solver = clearing.bench.plan, clearing.solver
    term, view = plan.terms.get("cost"), View(plan.name)
    if term is None or term.type.kind is not Kind.MONEY:
        return
    for way in solver.patches(Goal(ir.IsMissing(term, plan.span), False, view), state.facts, 2):
        yield way
        cost = solver.asked.value(term, solver.edited(state.facts, way), view)
        if isinstance(cost, int) and cost > 0:
            yield joined(way, (RaiseTerm(plan.name, "cost", -cost),))


def _most_used(clearing: _Clearing, reason: Reason, state: State, budget: ir.Budget) -> int:
    """The most that may be used up for one send more to fit: found by halving, as rates and costs have it."""
    low, high = 0, budget.amount
    while low < high:
        middle = (low + high + 1) // 2
        if clearing.clears(state, (UseBudget(reason.owner, middle),), reason):
            low = middle
        else:
            high = middle - 1
    return low


def _unavailable(clearing: _Clearing, reason: Reason, state: State) -> Iterator[Patch]:
    rule = line_of(clearing.bench.ruleset, reason)
    fetch: Edit = Fetch("touches")
    if isinstance(rule, ir.Budget):
        fetch = Fetch("budgets")
    elif isinstance(rule, ir.Cooldown) and rule.event is not None:
        fetch = Fetch("event", rule.event)
    yield (fetch,)


_WAYS: Mapping[Because, Callable[[_Clearing, Reason, State], Iterator[Patch]]] = {
    Because.BLOCK: _prohibition,
    Because.NEVER: _prohibition,
    Because.QUIET: _quiet,
    Because.CAP: _touches,
    Because.COOLDOWN: _cooldown,
    Because.ONCE: _touches,
    Because.AT_MOST: _touches,
    Because.BUDGET: _budget,
    Because.UNAVAILABLE: _unavailable,
}
