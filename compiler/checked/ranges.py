"""Which values a condition leaves to a term, and which a term can have at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compiler.checked import ir
from compiler.types import Kind
from dsl.frozen import dataclass

End = tuple[Any, bool]
"""A value, and whether it is included."""
OPPOSITE: Mapping[str, Any] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Possible:
    """Values that are left: of a set of options, and within an interval with or without its ends; None is no limit."""

    options: frozenset[Any] | None = None
    low: End | None = None
    high: End | None = None

    def intersection(self, other: Possible) -> Possible:
        options = other.options if self.options is None else self.options
        if self.options is not None and other.options is not None:
            options = self.options & other.options
        return Possible(options, highest(self.low, other.low), lowest(self.high, other.high))

    @property
    def opposite(self) -> Possible | None:
        """What this leaves out, of an interval with one end; None if that is no interval."""
        if self.options is not None or (self.low and self.high):
            return None
        return Possible(low=beyond(self.high), high=beyond(self.low))

    @property
    def empty(self) -> bool:
        if self.options is not None:
            return not any(self.holds(option) for option in self.options)
        if self.low is None or self.high is None:
            return False
        (low, low_in), (high, high_in) = self.low, self.high
        return bool(low > high or (low == high and not (low_in and high_in)))

    def holds(self, option: Any) -> bool:
        above = self.low is None or option > self.low[0] or (option == self.low[0] and self.low[1])
        below = self.high is None or option < self.high[0] or (option == self.high[0] and self.high[1])
        return bool(above and below)


def beyond(end: End | None) -> End | None:
    """The end of what begins where an interval ends."""
    return end and (end[0], not end[1])


def highest(one: End | None, other: End | None) -> End | None:
    """The tighter of two lower ends."""
    if one is None or other is None:
        return one or other
    return one if (one[0], not one[1]) >= (other[0], not other[1]) else other


def lowest(one: End | None, other: End | None) -> End | None:
    """The tighter of two upper ends."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def subject(term: ir.Compare | ir.Equal | ir.OneOf) -> ir.Expr:
    """The value that a condition is about, if it is about one."""
    return term.term if isinstance(term, ir.OneOf) else sides(term.left, term.right)[0]


Narrowing = tuple[ir.Expr, Possible]
"""The value that a condition is about, and what the condition leaves of it."""


def narrowing(term: ir.Expr) -> Narrowing | None:
    if isinstance(term, ir.OneOf):
        return term.term, Possible(term.options)
    if isinstance(term, ir.Equal):
        value, constant = sides(term.left, term.right)
        return (value, Possible(frozenset({constant.value}))) if constant else None
    if isinstance(term, ir.Compare):
        value, constant = sides(term.left, term.right)
        if constant is None:
            return None
        turned = value is term.right
        operator = TURNED[term.operator] if turned else term.operator
        end = (constant.value, operator in ("<=", ">="))
        return value, Possible(low=end) if operator in (">", ">=") else Possible(high=end)
    return None


TURNED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def sides(left: ir.Expr, right: ir.Expr) -> tuple[ir.Expr, ir.Const | None]:
    """The side that is calculated and the constant one, if just one is."""
    if isinstance(left, ir.Const) and not isinstance(right, ir.Const):
        return right, left
    return left, right if isinstance(right, ir.Const) else None


def negation(term: ir.Expr) -> ir.Expr:
    """What is yes where the term is no, and no where it is yes."""
    if isinstance(term, ir.Not):
        return term.term
    if isinstance(term, ir.Compare):
        return ir.Compare(OPPOSITE[term.operator], term.left, term.right, term.span)
    return ir.Not(term, span_of(term))


def span_of(term: Any) -> Any:
    return getattr(term, "span", None)


# ---- what a term can be at all

LEAST: Mapping[str, str] = {"length": "a length", "size": "a size"}
WITHIN: Mapping[str, tuple[int, int, str]] = {
    "hour": (0, 23, "an hour is 0 to 23"),
    "minute": (0, 59, "a minute is 0 to 59"),
    "month": (1, 12, "a month is 1 to 12"),
    "day": (1, 31, "a day of the month is 1 to 31"),
}
Natural = tuple[Possible, str]
"""The values that a term can have, whatever the facts, and how to say so."""


def natural(term: ir.Expr) -> Natural | None:
    of_kind = NATURAL.get(type(term))
    return of_kind(term) if of_kind else None


def natural_converted(term: ir.Convert) -> Natural | None:
    return natural(term.term) if term.rate is None and term.type.kind is Kind.NUMBER else None


def natural_aggregate(term: ir.Aggregate) -> Natural | None:
    return (FROM_ZERO, "a count is 0 or more") if term.function in ("count", "distinct") else None


def natural_call(term: ir.Call) -> Natural | None:
    if term.function in WITHIN:
        low, high, said = WITHIN[term.function]
        return Possible(low=(low, True), high=(high, True)), said
    return (FROM_ZERO, f"{LEAST[term.function]} is 0 or more") if term.function in LEAST else None


FROM_ZERO = Possible(low=(0, True))
NATURAL: Mapping[type[ir.Expr], Callable[[Any], Natural | None]] = {
    ir.Convert: natural_converted,
    ir.Aggregate: natural_aggregate,
    ir.SinceLast: lambda term: (FROM_ZERO, "the last one is never in the future"),
    ir.Call: natural_call,
}
