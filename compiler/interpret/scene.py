"""What an expression is judged in: one user, at one instant, looking at one event or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from compiler.checked.ir import Plan, RuleSet
from compiler.facts import Event, Facts
from compiler.types import Value


@dataclass(frozen=True, slots=True)
class Scene:
    """`now` in microseconds. `upto`: only events up to this (time, id) exist; None: all up to `now`.

    `event`: what EventField reads; `trigger`: what TriggerField reads; `plan` and `lets`: what PlanTerm and LetRef read.
    `known`: crowds and scores already computed at this instant, by definition key.
    """

    ruleset: RuleSet
    facts: Facts
    now: int
    upto: tuple[int, str] | None = None
    event: Event | None = None
    trigger: Event | None = None
    plan: Plan | None = None
    lets: Mapping[str, Value] = field(default_factory=dict)
    known: dict[str, Value] = field(default_factory=dict)

    def looking_at(self, event: Event) -> Scene:
        """For the `where` of an event."""
        return replace(self, event=event)

    def at_trigger(self, event: Event) -> Scene:
        """The world as it was when `event` happened: "judged at the trigger"."""
        return replace(self, now=event.time, upto=(event.time, event.id), trigger=event, known={})

    def triggered_by(self, event: Event) -> Scene:
        """This instant, with the event that opened the occurrence: for `unless`."""
        return replace(self, trigger=event)

    def bare(self) -> Scene:
        """The same instant without event, trigger and plan: for crowds and scores, which know of none."""
        return replace(self, event=None, trigger=None, plan=None, lets={})


def scene_of(ruleset: RuleSet, facts: Facts) -> Scene:
    """The scene of a decision."""
    return Scene(ruleset, facts, facts.now)
