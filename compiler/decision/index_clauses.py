"""Conditions as clauses: an `or` of `and`s of literals, exact in three values, of bounded size.

Kleene's logic is a De Morgan lattice: negations may be pushed to the literals and `and` distributed over `or` without
changing an answer, as long as `p or not p` is never taken for yes. What would grow too much stays whole, as a literal
whose slot is the condition itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from compiler.checked.ir import And, Expr, InCrowd, Not, Or
from compiler.decision.index_literals import Literal, Slots

Clause = tuple[Literal, ...]
Clauses = tuple[Clause, ...]

MOST_CLAUSES: Final = 16
"""Of one condition."""
MOST_INLINED: Final = 32
"""Literals of a crowd that is written out where another condition refers to it."""
DEEPEST_INLINED: Final = 8
"""Crowds inside each other that are written out."""


class Clausifier:
    """Turns conditions into clauses; `crowd` gives the condition of a crowd by name."""

    def __init__(self, crowd: Callable[[str], Expr]) -> None:
        self.slots = Slots()
        self._crowd = crowd
        self._inlined: dict[tuple[str, bool], Clauses | None] = {}
        self._depth = 0

    def clauses(self, expr: Expr, wanted: bool = True) -> Clauses:
        """Of `expr`, or of its negation: at most MOST_CLAUSES."""
        connective = _CONNECTIVES.get(type(expr))
        if connective is not None:
            return connective(self, expr, wanted)
        literal = self.slots.literal(expr)
        return ((literal if wanted else literal.negated(),),)

    def _not(self, expr: Not, wanted: bool) -> Clauses:
        return self.clauses(expr.term, not wanted)

    def _and(self, expr: And, wanted: bool) -> Clauses:
        return self._all(expr, wanted) if wanted else self._any(expr, wanted)

    def _or(self, expr: Or, wanted: bool) -> Clauses:
        return self._any(expr, wanted) if wanted else self._all(expr, wanted)

    def _all(self, expr: And | Or, wanted: bool) -> Clauses:
        """The smaller terms are distributed; one that would make too many clauses stays whole."""
        single: list[Literal] = []
        several: list[tuple[Clauses, Expr]] = []
        for term in expr.terms:
            if type(term) not in _CONNECTIVES:
                literal = self.slots.literal(term)
                single.append(literal if wanted else literal.negated())
                continue
            clauses = self.clauses(term, wanted)
            if len(clauses) == 1:
                single += clauses[0]
            else:
                several.append((clauses, term))
        product: Clauses = (tuple(single),)
        for clauses, term in sorted(several, key=lambda each: len(each[0])):
            if len(product) * len(clauses) > MOST_CLAUSES:
                clauses = self._whole(term, wanted)
            product = tuple(left + right for left in product for right in clauses)
        return product

    def _any(self, expr: And | Or, wanted: bool) -> Clauses:
        union = _Union()
        for term in expr.terms:
            union.add(self.clauses(term, wanted))
            if len(union) > MOST_CLAUSES:
                return self._whole(expr, wanted)
        return union.clauses()

    def _member(self, expr: InCrowd, wanted: bool) -> Clauses:
        key = expr.crowd, wanted
        if key not in self._inlined:
            self._inlined[key] = self._written_out(*key)
        return self._inlined[key] or self._whole(expr, wanted)

    def _written_out(self, name: str, wanted: bool) -> Clauses | None:
        if self._depth >= DEEPEST_INLINED:
            return None
        self._depth += 1
        clauses = self.clauses(self._crowd(name), wanted)
        self._depth -= 1
        return clauses if sum(map(len, clauses)) <= MOST_INLINED else None

    def _whole(self, expr: Expr, wanted: bool) -> Clauses:
        literal = self.slots.answer(expr)
        return ((literal if wanted else literal.negated(),),)


_CONNECTIVES: Final[dict[type[Expr], Callable[[Clausifier, Any, bool], Clauses]]] = {
    And: Clausifier._and,
    Or: Clausifier._or,
    Not: Clausifier._not,
    InCrowd: Clausifier._member,
}


class _Union:
    """Collects clauses; single literals `slot in …` that differ in the options alone become one."""

    def __init__(self) -> None:
        self._others: list[Clause] = []
        self._options: dict[tuple[object, ...], set[object]] = {}

    def __len__(self) -> int:
        return len(self._others) + len(self._options)

    def add(self, clauses: Iterable[Clause]) -> None:
        for clause in clauses:
            if len(clause) == 1 and clause[0].operator == "in":
                slot, _, options, *answers = clause[0]
                self._options.setdefault((slot, *answers), set()).update(options)
            else:
                self._others.append(clause)

    def clauses(self) -> Clauses:
        merged = (
            (Literal(key[0], "in", frozenset(options), *key[1:]),)  # type: ignore[arg-type]
            for key, options in self._options.items()
        )
        return (*self._others, *merged)
