"""Audiences that nobody can be in, because of what the crowds ask for that they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, islice
from typing import Any

from compiler.checked import ir
from compiler.checked.contradictions import Contradiction, contradiction, flattened
from compiler.checked.order import Key
from dsl.frozen import dataclass
from dsl.source import Span

MOST_TERMS = 40
"""Terms of the crowds in a condition that are held against each other."""

Terms = tuple[ir.Expr, ...]


@dataclass(frozen=True, slots=True)
class Impossible:
    """Where a condition asks for what a crowd in it excludes, and why."""

    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of a condition: `certain`, the terms that are yes wherever it is, and whether it is impossible.

    It is good as long as the same crowds ask for the same: `asked` are their terms, the very objects.
    """

    condition: ir.Expr
    crowds: tuple[str, ...]
    asked: tuple[Terms, ...]
    certain: Terms
    impossible: Impossible | None


class Memory:
    """What was found before; when it is full, it begins anew. Safe to share: each step is one operation on a dict."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.judged: dict[int, Judged] = {}

    def get(self, condition: ir.Expr) -> Judged | None:
        found = self.judged.get(id(condition))
        return found if found is not None and found.condition is condition else None

    def put(self, judged: Judged) -> None:
        if len(self.judged) >= self.size:
            self.judged.clear()
        self.judged[id(judged.condition)] = judged


class Audiences:
    """The crowds of a rule set, none of which needs itself, with the conditions that hold for everybody in each."""

    def __init__(self, definitions: Mapping[Key, Any], memory: Memory) -> None:
        self.definitions = definitions
        self.memory = memory
        self.known: dict[str, Terms] = {}

    def impossible(self, condition: ir.Expr) -> Impossible | None:
        """Whether nobody can fulfil a condition because of the crowds that it names."""
        if not isinstance(condition, ir.And):
            return None
        named = any(isinstance(term, ir.InCrowd) for term in flattened(condition))
        return self.judge(condition).impossible if named else None

    def of_crowd(self, name: str) -> Terms:
        """Terms that are yes for everybody in a crowd; none if nobody can be in it, which is told of that crowd."""
        if name not in self.known:
            self.known[name] = self.judge(self.definitions["crowd", name].condition).certain
        return self.known[name]

    def judge(self, condition: ir.Expr) -> Judged:
        before = self.memory.get(condition)
        if before is not None and all(map(self.asks, before.crowds, before.asked)):
            return before
        own = own_terms(condition)
        crowds = tuple(term.crowd for term in own if isinstance(term, ir.InCrowd))
        asked = tuple(map(self.of_crowd, crowds))
        judged = judge(condition, own, crowds, asked)
        self.memory.put(judged)
        return judged

    def asks(self, crowd: str, terms: Terms) -> bool:
        return ("crowd", crowd) in self.definitions and self.of_crowd(crowd) is terms


def own_terms(condition: ir.Expr) -> list[ir.Expr]:
    return list(islice(flattened(condition), MOST_TERMS)) if isinstance(condition, ir.And) else [condition]


def judge(
    condition: ir.Expr, own: list[ir.Expr], crowds: tuple[str, ...], asked: tuple[Terms, ...]
) -> Judged:
    """A contradiction with what crowds ask for; one among the terms themselves is told where they are checked."""
    before = list(islice(chain.from_iterable(asked), MOST_TERMS))
    found = contradiction([*before, *own])
    if found is None:
        return Judged(condition, crowds, asked, (*before, *own)[:MOST_TERMS], None)
    impossible = None if contradiction(own) else told(found, len(before), own, crowds)
    return Judged(condition, crowds, asked, (), impossible)


def told(found: Contradiction, before: int, own: list[ir.Expr], crowds: tuple[str, ...]) -> Impossible:
    """What is said of a contradiction: `before` terms were asked for by crowds, the others are the condition's own."""
    if found.at < before:
        last = next(term for term in reversed(own) if isinstance(term, ir.InCrowd))
        return Impossible(last.span, "nobody in it is in the crowds before it")
    names = " and ".join(f"`{name}`" for name in dict.fromkeys(crowds))
    return Impossible(found.term.span, f"it excludes everybody in {names}")  # type: ignore[attr-defined]
