"""A condition as questions: each asked in turn, until the answer is certain.

The answer is yes just if the way through ends well. Negations are moved down to the questions; that a question's answer
is unknown never helps, whether it stands behind a `not` or not (Kleene's logic is monotone), so it goes with the answer
that does not help.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compiler.cases.texts import Texts
from compiler.checked import ir
from compiler.explain.conditions import membership
from compiler.explain.drawing.graph import Draft, Shape, Tone


@dataclass(frozen=True, slots=True)
class Questions:
    """Draws conditions of one definition. `owner`: its key; `gate`: the gate that the conditions belong to."""

    draft: Draft
    ruleset: ir.RuleSet
    texts: Texts
    owner: str
    gate: str = ""

    def flow(self, expr: ir.Expr, good: str, bad: str, wanted: bool = True) -> str:
        """The first question of a condition that leads to `good` if it is as wanted, to `bad` if it is not or unknown."""
        while isinstance(expr, ir.Not) and not self.is_written_as_one(expr):
            expr, wanted = expr.term, not wanted
        if isinstance(expr, ir.And | ir.Or):
            return self.chain(expr, good, bad, wanted)
        return self.question(expr, good, bad, wanted)

    def is_written_as_one(self, expr: ir.Not) -> bool:
        """`did not`, `is not`, `not in`."""
        return getattr(expr.term, "span", None) == expr.span

    def chain(self, expr: ir.And | ir.Or, good: str, bad: str, wanted: bool) -> str:
        """Of an `and` all have to be yes, of an `or` one; the other way round where no is wanted."""
        needs_all = isinstance(expr, ir.And) is wanted
        terms = self.few(expr.terms)
        entry = good if needs_all else bad
        if len(terms) < len(expr.terms):
            entry = self.rest(expr.terms[len(terms) :], needs_all, good, bad)
        for term in reversed(terms):
            entry = self.flow(term, entry, bad, wanted) if needs_all else self.flow(term, good, entry, wanted)
        return entry

    def few(self, terms: Sequence[ir.Expr]) -> Sequence[ir.Expr]:
        """As many terms as there is room for, one at least."""
        room = max(1, self.draft.most - len(self.draft.nodes) - 1)
        kept, used = 0, 0
        for term in terms:
            used += size(term)
            if kept and used > room:
                break
            kept += 1
        return terms[:kept]

    def rest(self, terms: Sequence[ir.Expr], needs_all: bool, good: str, bad: str) -> str:
        """One question for all terms that there is no room for."""
        count = sum(size(term) for term in terms)
        self.draft.left_out += count
        word = "all" if needs_all else "one"
        node = self.draft.node(Shape.CONDITION, [f"… {word} of {count} more conditions"], gate=self.gate)
        return self.answered(node, good, bad, wanted=True)

    def question(self, expr: ir.Expr, good: str, bad: str, wanted: bool) -> str:
        span = getattr(expr, "span", None)
        place = None if span is None else self.ruleset.place(self.owner, span)
        text = "" if place is None else self.texts.at(place)
        if isinstance(expr, ir.InCrowd | ir.InList):
            text = membership(text, expr.crowd if isinstance(expr, ir.InCrowd) else expr.list)
        node = self.draft.node(Shape.CONDITION, [text or type(expr).__name__], place, self.gate)
        return self.answered(node, good, bad, wanted)

    def answered(self, node: str, good: str, bad: str, wanted: bool) -> str:
        helps, hinders = ("yes", "no") if wanted else ("no", "yes")
        self.draft.edge(node, good, helps, Tone.GOOD)
        self.draft.edge(node, bad, f"{hinders} or unknown", Tone.BAD)
        return node


def size(expr: ir.Expr) -> int:
    """How many questions a condition is."""
    pending, count = [expr], 0
    while pending:
        current = pending.pop()
        if isinstance(current, ir.And | ir.Or):
            pending += current.terms
        elif isinstance(current, ir.Not):
            pending.append(current.term)
        else:
            count += 1
    return count
