"""What limits answered while cases were played: yes where one stood in the way, no where it let a message pass.

A limit is met by a plan that comes as far as *contactable*: one of a policy by each channel that it is about, one of
the whole plan (`once`, budgets, `at most`) once. The reference interpreter judges them, each by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compiler.checked import ir
from compiler.interpret.case import Case
from compiler.interpret.gates import judge
from compiler.interpret.limits import allowed, broken_limits, is_about
from compiler.interpret.scene import Scene
from compiler.interpret.whole_plan import whole_plan_limits
from compiler.outcome import Gate, Reason
from compiler.types import Answer
from dsl.source import Span

Spot = tuple[str, Span]
"""The key of a definition, and where a limit stands in it."""


def limits_of(ruleset: ir.RuleSet) -> Iterator[Spot]:
    """Where limits stand, in the order of definitions."""
    for policy in ruleset.policies.values():
        yield from ((policy.key, limit.span) for limit in policy.limits)
    for campaign in ruleset.campaigns.values():
        yield from of_owner(campaign)
    for plan in ruleset.plans.values():
        yield from of_owner(plan)
    for decide in ruleset.decides.values():
        yield from of_decide(decide)


def of_owner(owner: ir.Campaign | ir.Plan | None, has_budget: bool = True) -> Iterator[Spot]:
    if owner is not None and owner.once is not None:
        yield owner.key, owner.once.span
    if owner is not None and owner.budget is not None and has_budget:
        yield owner.key, owner.budget.span


def of_decide(decide: ir.Decide | None) -> Iterator[Spot]:
    if decide is not None and decide.at_most is not None:
        yield decide.key, decide.at_most.span


def limits_met(plan: ir.Plan, scene: Scene, decide: ir.Decide) -> Iterator[tuple[Spot, Answer]]:
    """The answers of all limits that a plan meets."""
    judged = judge(plan, scene, decide)
    if judged.outcome.fell in (Gate.ELIGIBLE, Gate.RELEVANT):
        return
    case, now = judged.case, judged.case.scene.now
    yield from answers(of_whole_plan(case), whole_plan_limits(case, now))
    for channel in () if allowed(case) else dict.fromkeys(case.channels):
        yield from answers(of_channel(case, channel), broken_limits(case, channel, now))


def of_whole_plan(case: Case) -> Iterator[Spot]:
    """Whoever is held out uses no budget."""
    for owner in (case.plan, case.campaign):
        yield from of_owner(owner, has_budget=not case.held_out)
    yield from of_decide(case.decide)


def of_channel(case: Case, channel: str) -> Iterator[Spot]:
    for policy in case.policies:
        yield from ((policy.key, limit.span) for limit in policy.limits if is_about(limit, case, channel))


def answers(spots: Iterable[Spot], broken: Iterable[Reason]) -> Iterator[tuple[Spot, Answer]]:
    """Of a broken limit, a reason with an answer says that it is, one without that this is not known."""
    found: dict[Spot, Answer] = {
        (reason.owner, reason.span): None if reason.answer is None else True for reason in broken
    }
    for spot in spots:
        yield spot, found.get(spot, False)
