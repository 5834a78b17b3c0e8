"""People some of whose events were folded into totals, as a store does that keeps nothing longer than it has to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from compiler.checked.ir import RuleSet
from compiler.facts import Event, Facts, Total
from compiler.shapes import Shape
from compiler.totals import Folder
from compiler.types import UNAVAILABLE

ROUNDS = 3
"""Of folding: what was folded is added to."""


class Folding:
    """Folds events of the types of a rule set for all of its shapes."""

    def __init__(self, ruleset: RuleSet, shapes: Mapping[str, Shape]) -> None:
        self._shapes = shapes
        self._folders = {name: Folder(ruleset, shape) for name, shape in shapes.items()}

    def folded(self, random: Random, facts: Facts) -> Facts:
        """The facts with some events of before now in totals, not always the oldest; a type that has a horizon is known in part."""
        for _ in range(ROUNDS):
            facts = self._round(random, facts)
        return facts

    def _round(self, random: Random, facts: Facts) -> Facts:
        behind = facts.now - random.randrange(1, 100 * 86_400_000_000)
        events, totals = dict(facts.events), dict(facts.totals)
        for type, found in facts.events.items():
            if found is UNAVAILABLE:
                continue
            dropped = [each for each in found if each.time < behind and random.random() < 0.8]
            events[type] = tuple(each for each in found if each not in dropped)
            for name, shape in self._shapes.items():
                if shape.event == type:
                    before = totals.get(name, Total(is_complete=type not in facts.known_since))
                    totals[name] = self._folders[name].added(before, dropped)
        return replace(facts, events=events, totals=totals)

    def restored(self, random: Random, facts: Facts, events: Mapping[str, tuple[Event, ...]]) -> Facts:
        """The folded facts with some of the events of before back in their places."""
        known, totals = dict(facts.events), dict(facts.totals)
        for type, before in events.items():
            kept = known[type]
            assert kept is not UNAVAILABLE
            back = [each for each in before if each not in kept and random.random() < 0.5]
            known[type] = tuple(sorted((*kept, *back), key=lambda each: (each.time, each.id)))
            for name, shape in self._shapes.items():
                if shape.event == type and name in totals:
                    totals[name] = self._folders[name].without(totals[name], back)
        return replace(facts, events=known, totals=totals)
