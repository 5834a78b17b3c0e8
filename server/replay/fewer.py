"""Facts of which nothing can be left out without another answer, for people to read.

Many at once first, then one after the other: delta debugging (Zeller and Hildebrandt, *Simplifying and isolating failure-inducing input*, 2002).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from compiler.checked.ir import FieldDef, RuleSet
from compiler.facts import Event, Facts
from compiler.types import MISSING, UNAVAILABLE, Value
from compiler.witness.shrink import fewer_stored, shrunk, without
from compiler.witness.steps import happened, instead, without_event

Holds: TypeAlias = Callable[[Facts], bool]
"""Whether all is answered as before."""
Happened: TypeAlias = Sequence[tuple[str, Event]]


def fewest(ruleset: RuleSet, facts: Facts, holds: Holds) -> Facts:
    return shrunk(thinned(facts, holds), holds, partial(fewer, ruleset))


def thinned(facts: Facts, holds: Holds) -> Facts:
    """Without events that can be left out together: halves, quarters, and so on."""
    known = list(happened(facts))
    size = len(known) // 2
    while size > 1:
        at = 0
        while at < len(known):
            others = [*known[:at], *known[at + size :]]
            if holds(only(facts, others)):
                known = others
            else:
                at += size
        size //= 2
    return only(facts, known)


def only(facts: Facts, known: Happened) -> Facts:
    """With these events alone; what cannot be read stays so."""
    events = {
        kind: found if found is UNAVAILABLE else tuple(event for each, event in known if each == kind)
        for kind, found in facts.events.items()
    }
    return replace(facts, events=events)


def fewer(ruleset: RuleSet, facts: Facts) -> Iterator[Facts]:
    """With one thing less, or one value that goes without saying."""
    for kind, event in happened(facts):
        yield without_event(facts, kind, event)
    yield from (replace(facts, totals=without(facts.totals, shape)) for shape in facts.totals)
    yield from (replace(facts, lists=without(facts.lists, name)) for name in facts.lists)
    yield from (replace(facts, known_since=without(facts.known_since, kind)) for kind in facts.known_since)
    yield from fewer_stored(facts)
    attributes = {name: each for name, each in ruleset.attributes.items() if name != ruleset.user_key}
    yield from (replace(facts, user=user) for user in plainer(attributes, facts.user))
    yield from (replace(facts, input=input) for input in plainer(ruleset.inputs, facts.input))
    for kind, event in happened(facts):
        for fields in plainer(ruleset.events[kind].fields, event.fields):
            yield instead(facts, kind, event, replace(event, fields=fields))


def plainer(declared: Mapping[str, FieldDef], values: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """With one value that is not told: missing, or the default."""
    for name in [each for each in declared if each in values]:
        default = declared[name].default
        if default is MISSING:
            yield without(values, name)
        elif values[name] != default:
            yield {**values, name: default}
