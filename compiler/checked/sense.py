"""Rules that say less than they seem to: conditions that can never be yes, grades out of reach, fallbacks never used.

Everything here is a warning: the rule set is well formed, but its writer should look again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from compiler.checked import ir
from compiler.checked.invariants import plan_expressions
from compiler.checked.scope import Lookups
from compiler.types import Kind
from dsl.source import Span


def look_again(names: Lookups, definition: Any) -> None:
    """Warn of what in a definition makes no sense."""
    LOOKS[type(definition)](names, definition)


def crowd(names: Lookups, crowd: ir.Crowd) -> None:
    conditions(names, [crowd.condition])


def score(names: Lookups, score: ir.Score) -> None:
    conditions(names, [part for line in score.lines for part in (line.points, line.condition) if part])
    most = most_points(score)
    for band in score.bands:
        if most is not None and band.threshold is not None and band.threshold > most:  # type: ignore[operator]
            names.note(
                "W404",
                f"grade {band.grade} is out of reach",
                score.span,
                f"all lines add up to {most} at most",
            )


def most_points(score: ir.Score) -> float | None:
    """The largest total where all points are constants; a line without condition always counts."""
    total: float = 0
    for line in score.lines:
        if not isinstance(line.points, ir.Const) or not isinstance(line.points.value, (int, float)):
            return None
        points = line.sign * line.points.value
        total += points if line.condition is None else max(0, points)
    return total


def policy(names: Lookups, policy: ir.Policy) -> None:
    conditions(names, [never.condition for never in policy.nevers])


def plan(names: Lookups, plan: ir.Plan) -> None:
    written = list(plan_expressions(plan))
    conditions(names, written)
    used = {part.name for expr in written for part in ir.subexpressions(expr) if isinstance(part, ir.LetRef)}
    for name, _ in plan.lets:
        if name not in used:
            names.note("W405", f"`let {name}` is not used", plan.span)


LOOKS: Mapping[type, Callable[[Lookups, Any], None]] = {
    ir.Crowd: crowd,
    ir.Score: score,
    ir.Policy: policy,
    ir.Plan: plan,
}


# ---- conditions


def conditions(names: Lookups, roots: Iterable[ir.Expr]) -> None:
    for root in roots:
        for part in ir.subexpressions(root):
            look = PARTS.get(type(part))
            if look is not None:
                look(names, part)


def comparison(names: Lookups, part: ir.Compare) -> None:
    """A count is never negative."""
    term, operator, limit = part.left, part.operator, part.right
    if not (
        isinstance(term, ir.Aggregate)
        and term.function in ("count", "distinct")
        and isinstance(limit, ir.Const)
    ):
        return
    value: Any = limit.value
    if (operator == "<" and value <= 0) or (operator == "<=" and value < 0):
        names.note("W401", "this can never be yes", part.span, "a count is 0 or more")
    elif (operator == ">=" and value <= 0) or (operator == ">" and value < 0):
        names.note("W402", "this is never no", part.span, "a count is 0 or more")


def conjunction(names: Lookups, part: ir.And) -> None:
    """Terms about one value that exclude each other."""
    left: dict[ir.Expr, Possible] = {}
    for term in flattened(part):
        about = narrowing(term)
        if about is None:
            continue
        value, possible = about
        before = left.get(value)
        left[value] = both = possible if before is None else before.intersection(possible)
        if both.empty:
            names.note(
                "W401", "this can never be yes", span_of(term, part.span), "it excludes what stands before it"
            )
            return


def flattened(part: ir.And) -> Iterable[ir.Expr]:
    for term in part.terms:
        yield from flattened(term) if isinstance(term, ir.And) else [term]


def span_of(term: ir.Expr, fallback: Span) -> Span:
    return getattr(term, "span", fallback)


class Possible:
    """Values that are left: a set, or an interval with or without its ends."""

    def __init__(self, options: frozenset[Any] | None = None, low: Any = None, high: Any = None) -> None:
        self.options = options
        self.low = low
        self.high = high

    def intersection(self, other: Possible) -> Possible:
        options = other.options if self.options is None else self.options
        if self.options is not None and other.options is not None:
            options = self.options & other.options
        return Possible(options, highest(self.low, other.low), lowest(self.high, other.high))

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


def highest(one: Any, other: Any) -> Any:
    """The tighter of two lower ends (value, included)."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda end: (end[0], not end[1]))


def lowest(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda end: (end[0], end[1]))


def narrowing(term: ir.Expr) -> tuple[ir.Expr, Possible] | None:
    """The value that a term is about, and what the term leaves of it."""
    if isinstance(term, ir.OneOf):
        return term.term, Possible(term.options)
    if isinstance(term, ir.Equal) and isinstance(term.right, ir.Const):
        return term.left, Possible(frozenset({term.right.value}))
    if isinstance(term, ir.Compare) and isinstance(term.right, ir.Const):
        end = (term.right.value, term.operator in ("<=", ">="))
        return term.left, Possible(low=end) if term.operator in (">", ">=") else Possible(high=end)
    return None


def missing(names: Lookups, part: ir.IsMissing) -> None:
    field = defaulted(names, part.term)
    if field:
        names.note("W403", f"`{field}` is never missing", part.span, "it has a default")


def otherwise(names: Lookups, part: ir.Otherwise) -> None:
    field = defaulted(names, part.value)
    if field:
        names.note(
            "W403", f"`{field}` is never missing", part.span, "it has a default, this fallback is not used"
        )
    if isinstance(part.value, ir.Aggregate) and part.value.function in ("count", "distinct"):
        names.note(
            "W403", "a count of nothing is 0, not missing", part.span, "this fallback is hardly ever used"
        )


def defaulted(names: Lookups, term: ir.Expr) -> str | None:
    """The name of an attribute that has a default."""
    if not isinstance(term, ir.Attribute):
        return None
    found = names.find("attribute" if term.scope == "user" else "input", term.name)
    return term.name if found and found.default is not None else None


def equality(names: Lookups, part: ir.Equal) -> None:
    """A choice compared with a text that is none of its options."""
    choice, text = part.left, part.right
    if not (
        isinstance(choice, ir.Convert) and choice.term.type.kind is Kind.CHOICE and isinstance(text, ir.Const)
    ):
        return
    options = choice.term.type.options
    if text.value not in options:
        names.note("W401", "this can never be yes", part.span, f"the options are {', '.join(options)}")


PARTS: Mapping[type[ir.Expr], Callable[[Lookups, Any], None]] = {
    ir.Compare: comparison,
    ir.And: conjunction,
    ir.IsMissing: missing,
    ir.Otherwise: otherwise,
    ir.Equal: equality,
}
