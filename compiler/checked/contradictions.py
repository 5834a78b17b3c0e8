"""Conditions of which not all can be yes: those that leave nothing of a value, and events that are and are not there.

Nothing here depends on facts: what is found is certain. What is not found may still be a contradiction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import ceil, floor
from operator import attrgetter
from typing import Any

from compiler.checked import ir
from compiler.checked.ranges import Narrowing, Possible, narrowing, subject
from dsl.frozen import dataclass

MOST_KIN = 30
"""Expressions on one topic that are held against each other."""
MOST_COUNTS = 60
"""Conditions on counts of one event that are held against each other."""
LONGEST_DAY = 3 * 86_400_000_000
"""A local day lies within so many microseconds before now, whatever clocks do."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The term at a position cannot be yes where those before it are.

    `alternatives`: both choose among options of one value, so that `or` may have been meant.
    """

    at: int
    term: ir.Expr
    alternatives: bool


def flattened(part: ir.And | ir.Or, within: set[int] | None = None) -> Iterator[ir.Expr]:
    """The terms of a chain, and of chains of its kind in it, whose identities are put into `within`."""
    pending = list(reversed(part.terms))
    while pending:
        term = pending.pop()
        if type(term) is type(part):
            if within is not None:
                within.add(id(term))
            pending += reversed(term.terms)
        else:
            yield term


def contradiction(terms: Iterable[ir.Expr]) -> Contradiction | None:
    """The first term that excludes those before it; None if there may be facts for which all are yes.

    Only terms on one topic can exclude each other, and most terms are alone with theirs.
    """
    by_topic: dict[str, list[tuple[int, ir.Expr]]] = defaultdict(list)
    for at, term in enumerate(terms):
        for topic in topics(term):
            by_topic[topic].append((at, term))
    found = (within_topic(group) for group in by_topic.values() if len(group) > 1)
    return min(filter(None, found), key=lambda each: each.at, default=None)


def within_topic(terms: Iterable[tuple[int, ir.Expr]]) -> Contradiction | None:
    """The first of these terms, with its position, that excludes those before it."""
    found = Found()
    for at, term in terms:
        about = narrowing(term)
        if found.opposes(term) or found.leaves_nothing(term, about) or found.counts_otherwise(term, about):
            return Contradiction(at, term, found.alternatives)
    return None


class Found:
    """What the terms on one topic say so far. `alternatives` is that of the contradiction found."""

    def __init__(self) -> None:
        self.said: list[tuple[ir.Expr, bool]] = []
        self.left: list[tuple[ir.Expr, Possible | None]] = []
        self.counts: list[Counted] = []
        self.alternatives = False

    def opposes(self, term: ir.Expr) -> bool:
        """`x and not x`. Of chains inside, the parts are looked at by themselves."""
        inner, negated = (term.term, True) if isinstance(term, ir.Not) else (term, False)
        if isinstance(inner, ir.And | ir.Or):
            return False
        self.said[MOST_KIN:] = []
        self.said.append((inner, negated))
        return any(before is not negated and each == inner for each, before in self.said)

    def leaves_nothing(self, term: ir.Expr, about: Narrowing | None) -> bool:
        """Terms about one value; None is what is left where it is missing."""
        value, possible = (term.term, None) if isinstance(term, ir.IsMissing) else about or (None, None)
        if value is None:
            return False
        at = next((at for at, (each, _) in enumerate(self.left) if each == value), None)
        if at is None:
            self.left[MOST_KIN:] = [(value, possible)]
            return False
        before = self.left[at][1]
        if before is None or possible is None:
            return before is not possible
        self.left[at] = (value, both := before.intersection(possible))
        self.alternatives = bool(before.options and possible.options)
        return both.empty

    def counts_otherwise(self, term: ir.Expr, about: Narrowing | None) -> bool:
        """Events that are there and are not there."""
        self.alternatives = False
        for each in counts(term, about):
            if any(each.excludes(other) or other.excludes(each) for other in self.counts):
                return True
            if len(self.counts) < MOST_COUNTS:
                self.counts.append(each)
        return False


# ---- topics


def topics(term: Any) -> Collection[str]:
    """What a condition speaks about: the name of an attribute, an event, a crowd …; a sequence speaks of two events.

    Terms of which one can exclude another share a topic; terms that share one need not have to do with each other.
    """
    kind = type(term)
    while kind in INSIDE:
        term = INSIDE[kind](term)
        kind = type(term)
    if kind is ir.Sequence:
        return {term.first, term.then}
    return (TOPICS[kind](term) if kind in TOPICS else kind.__name__,)


INSIDE: Mapping[type, Callable[[Any], ir.Expr]] = {
    ir.Not: attrgetter("term"),
    ir.Compare: subject,
    ir.Equal: subject,
    ir.OneOf: subject,
    ir.IsMissing: attrgetter("term"),
    ir.FlagIs: attrgetter("term"),
    ir.Convert: attrgetter("term"),
    ir.Otherwise: attrgetter("value"),
}
"""Where the topic of an expression is to be looked for."""
TOPICS: Mapping[type, Callable[[Any], str]] = {
    ir.Attribute: attrgetter("name"),
    ir.EventField: attrgetter("name"),
    ir.LetRef: attrgetter("name"),
    ir.Aggregate: attrgetter("event"),
    ir.Did: attrgetter("event"),
    ir.SinceLast: attrgetter("event"),
    ir.Call: attrgetter("function"),
    ir.ScoreRef: attrgetter("score"),
    ir.GradeRef: attrgetter("score"),
    ir.InCrowd: attrgetter("crowd"),
    ir.InList: attrgetter("list"),
}


# ---- how many events


@dataclass(frozen=True, slots=True)
class Counted:
    """A condition says that there are at least `low`, and at most `high`, such events in the window."""

    event: str
    where: ir.Expr | None
    window: ir.Window
    low: int = 0
    high: float = float("inf")

    def excludes(self, other: Counted) -> bool:
        """Whether there are more events here than the other allows in a window around this one."""
        return (
            self.low > other.high
            and self.event == other.event
            and (other.where is None or other.where == self.where)
            and inside(self.window, other.window)
        )


def inside(window: ir.Window, other: ir.Window) -> bool:
    """Whether the other window surely holds all of this one."""
    if window == other or isinstance(other, ir.Ever):
        return True
    if not isinstance(other, ir.Rolling):
        return False
    if isinstance(window, ir.Rolling):
        return window.microseconds <= other.microseconds
    return isinstance(window, ir.LocalDay) and other.microseconds >= LONGEST_DAY


def counts(term: ir.Expr, about: Narrowing | None) -> Sequence[Counted]:
    """What a condition says about numbers of events."""
    if about is not None:
        return counted(*about)
    if isinstance(term, ir.Did):
        return (Counted(term.event, term.where, term.window, low=term.at_least),)
    if isinstance(term, ir.Not) and isinstance(term.term, ir.Did):
        did = term.term
        return (Counted(did.event, did.where, did.window, high=did.at_least - 1),)
    if isinstance(term, ir.Sequence):
        parts = ((term.first, term.first_where), (term.then, term.then_where))
        return tuple(Counted(event, where, term.window, low=1) for event, where in parts)
    return ()


def counted(value: ir.Expr, possible: Possible) -> Sequence[Counted]:
    if isinstance(value, ir.Convert):
        value = value.term
    if (
        isinstance(value, ir.Aggregate)
        and value.function == "count"
        and not value.field
        and not value.without
    ):
        low, high = bounds(possible)
        return (Counted(value.event, value.where, value.window, low, high),)
    return since_last(value, possible)


def bounds(possible: Possible) -> tuple[int, float]:
    """The least and the greatest whole number that is left."""
    if possible.options is not None:
        return ceil(min(possible.options)), floor(max(possible.options))
    low, high = possible.low, possible.high
    least = 0 if low is None else ceil(low[0]) if low[1] else floor(low[0]) + 1
    most = float("inf") if high is None else floor(high[0]) if high[1] else ceil(high[0]) - 1
    return least, most


def since_last(value: ir.Expr, possible: Possible) -> Sequence[Counted]:
    """`time since last E` over 60 days: none within 60 days, and so if there never was one. Under 60 days: at least one."""
    fallback = value.fallback if isinstance(value, ir.Otherwise) else None
    value = value.value if isinstance(value, ir.Otherwise) else value
    if not isinstance(value, ir.SinceLast):
        return ()
    if possible.low is not None and possible.low[0] > 0:
        return (Counted(value.event, None, ir.Rolling(possible.low[0]), high=0),)
    if possible.high is None or not (fallback is None or excluded(fallback, possible)):
        return ()
    end, included = possible.high
    return (Counted(value.event, None, ir.Rolling(end + included), low=1),)


def excluded(fallback: ir.Expr, possible: Possible) -> bool:
    return isinstance(fallback, ir.Const) and not possible.holds(fallback.value)
