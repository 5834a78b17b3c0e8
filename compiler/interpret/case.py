"""Who is to be contacted about what: the question that policies and limits answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compiler.checked.ir import Campaign, Decide, Holdout, Plan, Policy
from compiler.facts import Touch
from compiler.interpret.conditions import in_share
from compiler.interpret.names import with_lets
from compiler.interpret.occurrences import Occurrence
from compiler.interpret.scene import Scene
from compiler.types import UNAVAILABLE, Unavailable


@dataclass(frozen=True, slots=True)
class Case:
    """A plan (in a decide or alone, with the occurrence that it is judged for or without), or a channel alone."""

    scene: Scene
    kind: str
    tags: frozenset[str]
    policies: tuple[Policy, ...]
    channels: tuple[str, ...]
    plan: Plan | None = None
    decide: Decide | None = None
    occurrence: Occurrence | None = None

    @property
    def marketing(self) -> bool:
        return self.kind == "marketing"

    @property
    def campaign(self) -> Campaign | None:
        if self.plan is None or self.plan.campaign is None:
            return None
        return self.scene.ruleset.campaigns[self.plan.campaign]

    @property
    def held_out(self) -> bool:
        """Whether the plan holds the user out: its campaign or the decide does, and its kind can."""
        return self.held_out_of_campaign or (
            self.marketing
            and self.decide is not None
            and held_out(self.decide.holdout, self.decide.name, self.scene)
        )

    @property
    def held_out_of_campaign(self) -> bool:
        campaign = self.campaign
        return (
            self.marketing and campaign is not None and held_out(campaign.holdout, campaign.name, self.scene)
        )

    @property
    def touches(self) -> Sequence[Touch] | Unavailable:
        """Those that the limits look at, oldest first; none is later than now."""
        facts = self.scene.facts
        sources = [facts.touches, facts.shadow] if self.held_out else [facts.touches]
        found: list[Touch] = []
        for source in sources:
            if source is UNAVAILABLE:
                return UNAVAILABLE
            found += [touch for touch in source if touch.time <= self.scene.now]
        return sorted(found, key=lambda touch: touch.time)


def held_out(holdout: Holdout | None, name: str, scene: Scene) -> bool:
    """Whether the campaign or decide of that name, with that holdout, holds the user out; not knowing does too."""
    if holdout is None:
        return False
    if scene.facts.held_out is not None:
        return name in scene.facts.held_out
    return in_share(holdout.share, holdout.salt, scene) is not False


def case_of(
    plan: Plan, scene: Scene, decide: Decide | None = None, occurrence: Occurrence | None = None
) -> Case:
    policies = tuple(scene.ruleset.policies[name] for name in plan.policies)
    channels = tuple(step.channel for step in plan.steps)
    inside = with_lets(plan, scene)
    return Case(inside, plan.kind, plan.tags, policies, channels, plan, decide, occurrence)
