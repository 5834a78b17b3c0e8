"""A crowd that is asked alone, as one Python function where its tree would call a closure for each term.

Spelled out are `and`, `or`, `not` and tests of one value; for everything else the function calls the tree. A term that
settles a chain ends it; an unknown one leaves the chain unknown unless a later one settles it. `user.orders >= 3 and
user.tier in ("plus", "pro")` becomes

    def asked(facts, unavailable=…):
        user = facts.user
        whole_0 = True
        value = user.get("orders")
        if value is None or value is unavailable:
            whole_0 = None
        elif not value >= 3:
            return False
        value = user.get("tier")
        if not value in frozenset({"plus", "pro"}):
            if value is None or value is unavailable:
                whole_0 = None
            else:
                return False
        return whole_0
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from compiler.checked.ir import And, Attribute, Compare, Const, Equal, Expr, FlagIs, IsMissing, Not, OneOf, Or
from compiler.decision import nodes
from compiler.decision.chains import price
from compiler.decision.context import Context
from compiler.decision.trees import Trees
from compiler.facts import Facts
from compiler.types import UNAVAILABLE, Answer

TESTS = 64
"""In one function. A longer condition stays a tree: Python takes some 40 µs to compile a test."""
LEVELS = 5
"""Of chains and negations inside each other that are spelled out; Python nests no more than twenty blocks."""

OPTIONS = 64
"""In a set that is a constant; a larger one is held, as a thousand would take long to compile."""

_PLAIN = frozenset((int, float, str, bool))

Test = Callable[[Facts], Answer]

_VALUE = nodes.read("value")
_MISSING = nodes.is_none(_VALUE)
_UNAVAILABLE = nodes.compare(_VALUE, "is", nodes.read("unavailable"))
_ABSENT = nodes.either(_MISSING, _UNAVAILABLE)
_MAKE_CONTEXT = nodes.assign("context", nodes.call("Context", "facts"))


class _Term(NamedTuple):
    """A condition, once `before` has run. `is_safe`: the test may be made, and says no, where it is unknown."""

    before: list[ast.stmt]
    test: ast.expr
    unknown: ast.expr
    is_safe: bool = True
    is_negated: bool = False


def compile_alone(condition: Expr, trees: Trees) -> Test:
    """The function that answers a condition from bare facts. `trees`: a visit that nobody else uses."""
    if next(islice(_tests(condition), TESTS, None), None) is None:
        writing = _Writing(trees)
        asked = writing.function(condition)
        if not writing.landings:
            return asked
    tree = trees.entry(condition)
    return lambda facts: tree(Context(facts))


def _tests(condition: Expr) -> Iterator[Expr]:
    """What chains and negations hold in the end."""
    pending = [condition]
    while pending:
        match pending.pop():
            case And(terms=terms) | Or(terms=terms):
                pending.extend(terms)
            case Not(term=term):
                pending.append(term)
            case test:
                yield test


class _Writing:
    """Writes one function. `landings`: what would have to be computed before it, so that it cannot be used."""

    def __init__(self, trees: Trees) -> None:
        self.landings: frozenset[int] = frozenset()
        self._trees = trees
        self._held: dict[str, Any] = {"unavailable": UNAVAILABLE}
        self._needs_context = False

    def function(self, condition: Expr) -> Test:
        terms = condition.terms if isinstance(condition, And | Or) else (condition,)
        body = self._chain(terms, isinstance(condition, Or), 0)
        return nodes.function([nodes.READ_USER, *body, nodes.answer(nodes.read("whole_0"))], self._held)

    def term(self, expr: Expr, level: int) -> _Term:
        write = _TERMS.get(type(expr), _called) if level <= LEVELS else _called
        return write(expr, self, level)

    def chain(self, expr: And | Or, level: int) -> _Term:
        first, *steps = self._chain(expr.terms, isinstance(expr, Or), level)
        whole = nodes.read(f"whole_{level}")
        return _Term([first, nodes.once(steps)], whole, nodes.is_none(whole))

    def read(self, expr: Expr) -> list[ast.stmt]:
        """Sets `value`."""
        if isinstance(expr, Attribute) and expr.scope == "user":
            return [nodes.assign("value", nodes.attribute_of_user(expr.name))]
        part = self._trees.part(expr)
        self.landings |= part.landings
        self._needs_context |= part.needs_context
        called = nodes.call(self.held(part.tree), "context" if part.needs_context else "facts")
        return [nodes.assign("value", called)]

    def constant(self, value: Any) -> ast.expr:
        return nodes.constant(value) if _is_plain(value) else nodes.read(self.held(value))

    def held(self, value: Any) -> str:
        """The name under which the function finds it."""
        name = f"held_{len(self._held)}"
        self._held[name] = value
        return name

    def _chain(self, terms: Sequence[Expr], settling: bool, level: int) -> list[ast.stmt]:
        """Sets `whole_<level>`; a term that answers `settling` settles it, and the outermost chain returns at once."""
        whole, settled = f"whole_{level}", nodes.constant(settling)
        settle = [nodes.assign(whole, settled), nodes.LEAVE] if level else [nodes.answer(settled)]
        unsettle = nodes.assign(whole, nodes.constant(None))
        steps = [nodes.assign(whole, nodes.constant(not settling))]
        for each in sorted(terms, key=_turn):
            term = self.term(each, level + 1)
            if self._needs_context and "Context" not in self._held and not level:
                self._held["Context"] = Context
                steps.append(_MAKE_CONTEXT)
            steps += [*term.before, _judge(term, settling, settle, unsettle)]
        return steps


def _is_plain(value: Any) -> bool:
    """Whether it may be a constant, which costs nothing before it is reached. Versions are held."""
    if isinstance(value, frozenset):
        return len(value) <= OPTIONS and all(type(each) in _PLAIN for each in value)
    return type(value) in _PLAIN


def _judge(term: _Term, settling: bool, settle: list[ast.stmt], unsettle: ast.stmt) -> ast.stmt:
    settles_on = settling != term.is_negated
    test = term.test if settles_on else nodes.negated(term.test)
    if not term.is_safe:
        return nodes.when(term.unknown, [unsettle], [nodes.when(test, settle)])
    if settles_on:
        return nodes.when(test, settle, [nodes.when(term.unknown, [unsettle])])
    return nodes.when(test, [nodes.when(term.unknown, [unsettle], settle)])


def _chained(expr: And | Or, writing: _Writing, level: int) -> _Term:
    return writing.chain(expr, level)


def _negated(expr: Not, writing: _Writing, level: int) -> _Term:
    term = writing.term(expr.term, level + 1)
    return term._replace(is_negated=not term.is_negated)


def _compared(expr: Compare, writing: _Writing, level: int) -> _Term:
    return _tested(expr, expr.operator, writing)


def _equal(expr: Equal, writing: _Writing, level: int) -> _Term:
    return _tested(expr, "==", writing)


def _tested(expr: Compare | Equal, operator: str, writing: _Writing) -> _Term:
    if not isinstance(expr.right, Const):
        return _called(expr, writing)
    test = nodes.compare(_VALUE, operator, writing.constant(expr.right.value))
    return _Term(writing.read(expr.left), test, _ABSENT, is_safe=operator == "==")


def _one_of(expr: OneOf, writing: _Writing, level: int) -> _Term:
    test = nodes.compare(_VALUE, "in", writing.constant(expr.options))
    return _Term(writing.read(expr.term), test, _ABSENT)


def _flag(expr: FlagIs, writing: _Writing, level: int) -> _Term:
    return _Term(writing.read(expr.term), nodes.compare(_VALUE, "is", nodes.constant(True)), _ABSENT)


def _missing(expr: IsMissing, writing: _Writing, level: int) -> _Term:
    return _Term(writing.read(expr.term), _MISSING, _UNAVAILABLE)


def _called(expr: Expr, writing: _Writing, level: int = 0) -> _Term:
    return _Term(writing.read(expr), _VALUE, _MISSING)


_TERMS: Mapping[type[Expr], Callable[[Any, _Writing, int], _Term]] = {
    And: _chained,
    Or: _chained,
    Not: _negated,
    Compare: _compared,
    Equal: _equal,
    OneOf: _one_of,
    FlagIs: _flag,
    IsMissing: _missing,
}

_TURNS: Mapping[type[Expr], int] = {FlagIs: 0, Equal: 0, Compare: 1, OneOf: 2, IsMissing: 3}
_CHAIN, _TREE = 4, 5


def _turn(term: Expr) -> int:
    """Which terms come first: tests of an attribute, those that mostly say no before the others; trees come last."""
    match term:
        case Not(term=inner):
            return _turn(inner)
        case And(terms=terms) | Or(terms=terms):
            return max(_CHAIN, *map(_turn, terms))
        case (
            FlagIs(term=Attribute(scope="user"))
            | Equal(left=Attribute(scope="user"), right=Const())
            | Compare(left=Attribute(scope="user"), right=Const())
            | OneOf(term=Attribute(scope="user"))
            | IsMissing(term=Attribute(scope="user"))
        ):
            return _TURNS[type(term)]
    return _TREE + price(term)
