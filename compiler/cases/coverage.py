"""Which answers the conditions and limits of a rule set gave while its cases were played.

A condition counts where an expectation depends on its definition: by name, over crowds and scores, plans, their policies
and decides. One inside a `where` counts once for each event that it looks at. The reference interpreter answers, whole
and in any order, so that no answer is left out for being implied by another. When a limit counts stands in `limits_met`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from compiler.cases import case
from compiler.cases.case import alone
from compiler.cases.limits_met import Spot, limits_met, limits_of
from compiler.checked import ir
from compiler.facts import Facts
from compiler.interpret.history import events_in, history
from compiler.interpret.meaning import answer
from compiler.interpret.names import with_lets
from compiler.interpret.scene import Scene, scene_of
from compiler.types import UNAVAILABLE, Answer, Kind
from dsl.source import Place


@dataclass(slots=True)
class Counts:
    """How often a condition answered what."""

    yes: int = 0
    no: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        return self.yes + self.no + self.unknown

    def merge(self, other: Counts) -> None:
        self.yes += other.yes
        self.no += other.no
        self.unknown += other.unknown

    def add(self, found: Answer) -> None:
        if found is None:
            self.unknown += 1
        elif found:
            self.yes += 1
        else:
            self.no += 1


@dataclass(slots=True)
class Coverage:
    """A listener of runs (see `run.Listener`). `counts` of every condition, then of every limit, in the order of
    definitions; those of modules are their own tests' to see."""

    ruleset: ir.RuleSet
    counts: dict[Spot, Counts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for owner, roots in definitions(self.ruleset):
            for root in roots if is_own(owner) else ():
                for spot in spots(owner, root):
                    self.counts.setdefault(spot, Counts())
        for spot in limits_of(self.ruleset):
            if is_own(spot[0]):
                self.counts.setdefault(spot, Counts())

    def __call__(self, line: case.Line, facts: Facts) -> None:
        self.walk(facts).line(line)

    def walk(self, facts: Facts) -> Walk:
        """What goes through definitions on these facts, counting."""
        return Walk(self, scene_of(self.ruleset, facts))

    def place(self, spot: Spot) -> Place:
        return self.ruleset.place(*spot)

    @property
    def unseen(self) -> list[Spot]:
        """What no expectation depends on."""
        return [spot for spot, counts in self.counts.items() if not counts.total]

    @property
    def never_yes(self) -> list[Spot]:
        return [spot for spot, counts in self.counts.items() if counts.total and not counts.yes]

    @property
    def never_no(self) -> list[Spot]:
        return [spot for spot, counts in self.counts.items() if counts.total and not counts.no]


def is_own(owner: str) -> bool:
    """Whether the definition of a key is the rule set's own: names of modules are qualified."""
    return "." not in owner


# ---- what there is


def definitions(ruleset: ir.RuleSet) -> Iterator[tuple[str, list[ir.Expr]]]:
    """Every definition that has conditions, with the expressions in it."""
    for crowd in ruleset.crowds.values():
        yield crowd.key, [crowd.condition]
    for score in ruleset.scores.values():
        yield score.key, score_parts(score)
    for policy in ruleset.policies.values():
        yield policy.key, policy_parts(policy)
    for plan in ruleset.plans.values():
        yield plan.key, [*plan_parts(plan), *trigger_parts(plan)]


def score_parts(score: ir.Score) -> list[ir.Expr]:
    return [expr for line in score.lines for expr in (line.points, line.condition) if expr is not None]


def policy_parts(policy: ir.Policy) -> list[ir.Expr]:
    rules: list[ir.Group | ir.Never] = [*policy.blocks, *policy.allows, *policy.nevers]
    return [rule.condition for rule in rules]


def plan_parts(plan: ir.Plan) -> list[ir.Expr]:
    needs = [need.condition for need in (plan.audience, *plan.needs) if need is not None]
    arguments = [expr for step in plan.steps for _, expr in step.arguments]
    return [*needs, *(expr for _, expr in plan.lets), *plan.terms.values(), *arguments]


def trigger_parts(plan: ir.Plan) -> list[ir.Expr]:
    trigger = plan.trigger
    if trigger is None:
        return []
    unless = trigger.unless.where if trigger.unless else None
    return [expr for expr in (trigger.where, trigger.when, unless) if expr is not None]


def spots(owner: str, root: ir.Expr) -> Iterator[Spot]:
    """The conditions in an expression that are not made of others by `and`, `or`, `not`."""
    pending = [root]
    while pending:
        expr = pending.pop()
        if is_simple(expr):
            yield owner, expr.span  # type: ignore[attr-defined]
        below = expr.term if is_denied(expr) else expr  # type: ignore[attr-defined]
        pending.extend(reversed(list(ir.direct_subexpressions(below))))


def is_denied(expr: ir.Expr) -> bool:
    """`did not`, `is not`: one condition, though two nodes."""
    return isinstance(expr, ir.Not) and getattr(expr.term, "span", None) == expr.span


def is_simple(expr: ir.Expr) -> bool:
    if expr.type.kind is not Kind.CONDITION or isinstance(expr, ir.And | ir.Or):
        return False
    return not isinstance(expr, ir.Not) or is_denied(expr)


# ---- what is looked at


class Walk:
    """Through all that one line depends on, each definition once."""

    def __init__(self, coverage: Coverage, scene: Scene) -> None:
        self.coverage, self.ruleset, self.scene = coverage, coverage.ruleset, scene
        self.visited: set[str] = set()
        self.pending: list[tuple[str, ir.Expr, Scene]] = []

    def line(self, line: case.Line) -> None:
        self.begin(line)
        self.finish()

    def finish(self) -> None:
        """Definitions wait for their turn, as they may stand on each other in towers."""
        while self.pending:
            self.expression(*self.pending.pop())

    def begin(self, line: case.Line) -> None:
        if isinstance(line, case.ExpectAnswer):
            self.expression("", line.condition, self.scene)
        elif isinstance(line, case.ExpectPlan):
            self.decide(line.decide or alone(line.plan))
        elif isinstance(line, case.ExpectDecide | case.Reserving):
            self.decide(line.decide)

    def decide(self, name: str) -> None:
        decide = self.ruleset.decides[name]
        self.blocks()
        for name in decide.plans:
            plan = self.ruleset.plans[name]
            self.plan(plan)
            self.limits(plan, decide)

    def blocks(self) -> None:
        """Those of every policy."""
        for policy in self.ruleset.policies.values():
            self.enter(policy.key, [group.condition for group in policy.blocks], self.scene)

    def plan(self, plan: ir.Plan) -> None:
        self.enter(plan.key, plan_parts(plan), with_lets(plan, self.scene))
        self.policies(plan)
        if plan.trigger is not None:
            self.trigger(plan, plan.trigger)

    def policies(self, plan: ir.Plan) -> None:
        """What policies say beside their limits."""
        for name in plan.policies:
            policy = self.ruleset.policies[name]
            allows, nevers = (
                (rule.condition for rule in policy.allows),
                (rule.condition for rule in policy.nevers),
            )
            self.enter(f"{policy.key} obeyed", [*allows, *nevers], self.scene, policy.key)

    def limits(self, plan: ir.Plan, decide: ir.Decide) -> None:
        for spot, found in limits_met(plan, self.scene, decide):
            if spot in self.coverage.counts:
                self.coverage.counts[spot].add(found)

    def trigger(self, plan: ir.Plan, trigger: ir.Trigger) -> None:
        """`where` and `when` as they were at each event, `unless` for what came after it."""
        unless = trigger.unless
        for event in events_of(history(trigger.event, self.scene)):
            then = self.scene.at_trigger(event)
            if trigger.where is not None:
                self.expression(plan.key, trigger.where, then.looking_at(event))
            if trigger.when is not None:
                self.expression(plan.key, trigger.when, then)
            if unless is not None and unless.where is not None:
                after = [
                    each for each in events_of(history(unless.event, self.scene)) if each.time > event.time
                ]
                for each in after:
                    about = self.scene.triggered_by(event).looking_at(each)
                    self.expression(plan.key, unless.where, about)

    def enter(self, key: str, parts: list[ir.Expr], scene: Scene, owner: str | None = None) -> None:
        if key not in self.visited:
            self.visited.add(key)
            self.pending += [(owner or key, expr, scene) for expr in parts]

    def expression(self, owner: str, expr: Any, scene: Scene) -> None:
        """Count the conditions in an expression, and follow it to what it names."""
        if is_simple(expr) and (owner, expr.span) in self.coverage.counts:
            self.coverage.counts[owner, expr.span].add(answer(expr, scene))
        inner = expr.term if is_denied(expr) else expr
        follow = FOLLOWED.get(type(inner))
        if follow is not None:
            follow(self, owner, inner, scene)
        else:
            for each in ir.direct_subexpressions(inner):
                self.expression(owner, each, scene)

    # ---- names and events

    def crowd(self, owner: str, expr: ir.InCrowd, scene: Scene) -> None:
        self.crowd_named(expr.crowd)

    def crowd_named(self, name: str) -> None:
        crowd = self.ruleset.crowds[name]
        self.enter(crowd.key, [crowd.condition], self.scene)

    def score(self, owner: str, expr: ir.ScoreRef | ir.GradeRef, scene: Scene) -> None:
        score = self.ruleset.scores[expr.score]
        self.enter(score.key, score_parts(score), self.scene)

    def one_event(self, owner: str, expr: ir.Aggregate | ir.Did, scene: Scene) -> None:
        self.where(owner, expr.event, expr.where, expr.window, scene)

    def sequence(self, owner: str, expr: ir.Sequence, scene: Scene) -> None:
        self.where(owner, expr.first, expr.first_where, expr.window, scene)
        self.where(owner, expr.then, expr.then_where, expr.window, scene)

    def where(self, owner: str, event: str, where: ir.Expr | None, window: ir.Window, scene: Scene) -> None:
        if where is not None:
            for each in events_of(events_in(event, window, scene)):
                self.expression(owner, where, scene.looking_at(each))


FOLLOWED: Mapping[type[ir.Expr], Callable[[Walk, str, Any, Scene], None]] = {
    ir.InCrowd: Walk.crowd,
    ir.ScoreRef: Walk.score,
    ir.GradeRef: Walk.score,
    ir.Aggregate: Walk.one_event,
    ir.Did: Walk.one_event,
    ir.Sequence: Walk.sequence,
}


def events_of(found: Any) -> list[Any]:
    return [] if found is UNAVAILABLE else found
