"""A witness of whom nothing can be taken away, and whose times are round where they may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from compiler.facts import Facts
from compiler.types import UNAVAILABLE
from compiler.witness.boundaries import MINUTE, NOON
from compiler.witness.steps import (
    FOR_THE_USER,
    FORGOTTEN,
    happened,
    in_order,
    instead,
    shifted,
    without_event,
)

Differs = Callable[[Facts], bool]


def smaller_ones(person: Facts) -> Iterator[Facts]:
    return chain(fewer(person), rounder(person))


def shrunk(
    person: Facts, differs: Differs, smaller: Callable[[Facts], Iterator[Facts]] = smaller_ones
) -> Facts:
    """Greedily: the first smaller one who is still treated differently, until there is none."""
    while (found := next(filter(differs, smaller(person)), None)) is not None:
        person = found
    return person


def fewer(person: Facts) -> Iterator[Facts]:
    """With one thing less."""
    yield from (replace(person, events=without(person.events, kind)) for kind in person.events)
    yield from (replace(person, lists=without(person.lists, name)) for name in person.lists)
    yield from (replace(person, known_since=without(person.known_since, kind)) for kind in person.known_since)
    yield from (replace(person, user=without(person.user, name)) for name in person.user)
    yield from (replace(person, input=without(person.input, name)) for name in person.input)
    yield from fewer_stored(person)
    for kind, event in happened(person):
        yield without_event(person, kind, event)
        for name in event.fields:
            yield instead(person, kind, event, replace(event, fields=without(event.fields, name)))


def fewer_stored(person: Facts) -> Iterator[Facts]:
    """One contact less, or one that was for nothing; one budget, control group, store that cannot be read less."""
    if person.touches is UNAVAILABLE:
        yield replace(person, touches=(), shadow=())
    else:
        for touch in person.touches:
            others = tuple(each for each in person.touches if each is not touch)
            yield replace(person, touches=others)
            if touch.occurrence.partition("/")[2] not in (FOR_THE_USER, FORGOTTEN):
                forgotten = replace(touch, occurrence=f"{touch.activity}/{FORGOTTEN}")
                yield replace(person, touches=in_order((*others, forgotten)))
    if person.budgets is UNAVAILABLE:
        yield replace(person, budgets={})
    else:
        yield from (replace(person, budgets=without(person.budgets, owner)) for owner in person.budgets)
    if person.opened is not None:
        yield replace(person, opened=None)
    held_out = person.held_out
    if held_out is None:
        yield replace(person, held_out=frozenset())
    else:
        yield from (replace(person, held_out=held_out - {name}) for name in sorted(held_out))


def without(known: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in known.items() if each != name}


# ---- round times


def rounder(person: Facts) -> Iterator[Facts]:
    """At noon, or at another round time; with one thing so long ago as people would say it."""
    if person.now != NOON:
        yield shifted(person, NOON - person.now)
        yield from (shifted(person, now - person.now) for now in rounder_than(person.now))
    for kind, event in happened(person):
        for age in rounder_than(person.now - event.time):
            yield instead(person, kind, event, replace(event, time=person.now - age))
    touches = () if person.touches is UNAVAILABLE else person.touches
    for touch in touches:
        others = tuple(each for each in touches if each is not touch)
        for age in rounder_than(person.now - touch.time):
            yield replace(person, touches=in_order((*others, replace(touch, time=person.now - age))))


UNITS = (1440 * MINUTE, 60 * MINUTE, 10 * MINUTE, MINUTE)


def rounder_than(time: int) -> Iterator[int]:
    """The nearest multiples of greater units than those that it is a multiple of."""
    for unit in UNITS:
        if time % unit == 0:
            return
        yield from (time // unit * unit, (time // unit + 1) * unit)
