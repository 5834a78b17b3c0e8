"""Rules that say less than they seem to, each statement by itself: conditions that are never yes, fallbacks never used.

Everything here is a warning: the rule is well formed, but its writer should look again. What shows only in the rule set
as a whole is in `together`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from compiler.checked import ir
from compiler.checked.contradictions import contradiction, flattened
from compiler.checked.pointless import look_at_clauses
from compiler.checked.ranges import narrowing, natural, negation, subject
from compiler.checked.scope import Lookups
from dsl.source import Span

MOST_TERMS = 5000
"""Terms of one chain that are held against each other."""
NEVER_YES = "W401"
NEVER_NO = "W402"
MESSAGES = {NEVER_YES: "this can never be yes", NEVER_NO: "this is never no"}


def look_again(names: Lookups, statement: Any, definition: Any, parts: Iterable[ir.Expr]) -> None:
    """Warn of what in a definition makes no sense; `parts` are all of its expressions."""
    look = Look(names)
    if isinstance(definition, ir.Plan):
        asked_together(look, definition)
    for part in () if isinstance(definition, ir.Decide) else parts:
        look_at = PARTS.get(type(part))
        if look_at is not None:
            look_at(look, part)
    look_at_clauses(names, statement, definition)


class Look:
    """Looks into expressions; one place is not blamed twice."""

    def __init__(self, names: Lookups) -> None:
        self.names = names
        self.blamed: set[Span] = set()
        self.within: set[int] = set()
        """Identities of chains that were looked at as parts of longer ones."""
        self.denied: set[int] = set()
        """Of conditions that are written with their `not`, as `is not` and `not in` are."""

    def warn(self, code: str, message: str, span: Span | None, label: str, meant: str | None = None) -> None:
        if span is not None and span not in self.blamed:
            self.blamed.add(span)
            self.names.note(code, message, span, label, replacement=meant)

    def never_yes(self, part: Any, why: str, span: Span | None = None) -> None:
        answer = NEVER_NO if id(part) in self.denied else NEVER_YES
        self.warn(answer, MESSAGES[answer], span or part.span, why)

    def never_no(self, part: Any, why: str, span: Span | None = None) -> None:
        answer = NEVER_YES if id(part) in self.denied else NEVER_NO
        self.warn(answer, MESSAGES[answer], span or part.span, why)


# ---- conditions


def terms_of(look: Look, part: ir.And | ir.Or) -> Iterable[ir.Expr]:
    """The terms of a whole chain, none of a chain in one of its kind."""
    return () if id(part) in look.within else islice(flattened(part, look.within), MOST_TERMS)


def asked_together(look: Look, plan: ir.Plan) -> None:
    """A plan is for those who fulfil its `for` and every `needs`."""
    asked = (*([plan.audience] if plan.audience else ()), *plan.needs)
    if len(asked) > 1:
        conjunction(look, ir.And(tuple(need.condition for need in asked), plan.span))


def denial(look: Look, part: ir.Not) -> None:
    if getattr(part.term, "span", None) == part.span:
        look.denied.add(id(part.term))


def conjunction(look: Look, part: ir.And) -> None:
    found = contradiction(terms_of(look, part))
    if found is not None:
        both = "nobody is both: did you mean `or`?"
        look.never_yes(part, both if found.alternatives else EXCLUDES, span_of(found.term, part.span))


EXCLUDES = "it excludes what stands before it"


def disjunction(look: Look, part: ir.Or) -> None:
    """One of the terms is always yes if not all of their opposites can be."""
    found = contradiction(map(negation, terms_of(look, part)))
    if found is not None:
        either = "everybody is the one or the other: did you mean `and`?"
        look.never_no(part, either if found.alternatives else INCLUDES, span_of(found.term, part.span))


INCLUDES = "what stands before it leaves nothing but this"


def span_of(term: ir.Expr, whole: Span) -> Span:
    """Where a term stands; of `a except b`, whose second term has the place of the whole, what is excepted."""
    span = getattr(term, "span", None) or whole
    return span_of(term.term, whole) if span == whole and isinstance(term, ir.Not) else span


def comparison(look: Look, part: ir.Compare | ir.Equal | ir.OneOf) -> None:
    """Constants out of what a term can be."""
    known = natural(subject(part))
    about = narrowing(part) if known else None
    if known is None or about is None:
        return
    possible, said = known
    opposite = about[1].opposite
    if possible.intersection(about[1]).empty:
        look.never_yes(part, said)
    elif opposite is not None and possible.intersection(opposite).empty:
        look.never_no(part, said)


def equality(look: Look, part: ir.Equal | ir.OneOf) -> None:
    comparison(look, part)
    about = narrowing(part) if isinstance(subject(part), ir.Call) else None
    if about is not None and about[1].options:
        text_in_case(look, part, about[0], about[1].options)


CASES: Mapping[str, tuple[Callable[[str], str], str]] = {
    "lower": (str.lower, "capital letter"),
    "upper": (str.upper, "small letter"),
}


def text_in_case(look: Look, part: Any, value: ir.Expr, texts: Iterable[Any]) -> None:
    """`lower(country) is "DE"`."""
    if not isinstance(value, ir.Call) or value.function not in CASES:
        return
    change, what = CASES[value.function]
    known = sorted(texts)
    wrong = [text for text in known if change(text) != text]
    if not wrong:
        return
    label = f'`{value.function}(…)` leaves no {what}: write `"{change(wrong[0])}"`'
    if len(wrong) == len(known):
        look.never_yes(part, label)
    else:
        look.warn(NEVER_YES, f'it can never be `"{wrong[0]}"`', part.span, label)


def parts_of_text(look: Look, part: ir.Call) -> None:
    """`contains(lower(page), "Sale")`."""
    if part.function in ("contains", "starts_with", "ends_with") and isinstance(part.arguments[1], ir.Const):
        text_in_case(look, part, part.arguments[0], [part.arguments[1].value])


def flag(look: Look, part: ir.FlagIs) -> None:
    """`when false`: `when true` is how one says always."""
    if isinstance(part.term, ir.Const) and part.term.value is False:
        look.never_yes(part, "`false` is never so")


# ---- what is never missing


def missing(look: Look, part: ir.IsMissing) -> None:
    field = defaulted(look.names, part.term)
    if field:
        look.warn("W403", f"`{field}` is never missing", part.span, "it has a default")


def otherwise(look: Look, part: ir.Otherwise) -> None:
    field = defaulted(look.names, part.value)
    if field:
        label = "it has a default, so this fallback is never used"
        look.warn("W403", f"`{field}` is never missing", part.span, label)
    value = part.value
    if isinstance(value, ir.Aggregate) and value.function == "count" and value.where is None:
        look.warn("W403", "a count of nothing is 0, not missing", part.span, "this fallback is never used")


def defaulted(names: Lookups, term: ir.Expr) -> str | None:
    """The name of an attribute that has a default."""
    if not isinstance(term, ir.Attribute):
        return None
    found = names.find("attribute" if term.scope == "user" else "input", term.name)
    return term.name if found and found.default is not None else None


def share(look: Look, part: ir.InShare) -> None:
    """A sample of 100 % is where a gradual rollout ends."""
    if part.share == 0:
        look.warn("W407", "nobody is in this sample", part.span, "take more than 0 %")


PARTS: Mapping[type[ir.Expr], Callable[[Look, Any], None]] = {
    ir.Compare: comparison,
    ir.Equal: equality,
    ir.OneOf: equality,
    ir.Not: denial,
    ir.And: conjunction,
    ir.Or: disjunction,
    ir.Call: parts_of_text,
    ir.FlagIs: flag,
    ir.IsMissing: missing,
    ir.Otherwise: otherwise,
    ir.InShare: share,
}
