"""Audiences that nobody can be in, because of what the crowds ask for that they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from cachetools import LRUCache

from compiler.checked import ir
from compiler.checked.contradictions import contradiction, flattened
from compiler.checked.order import Key
from dsl.source import Span

MOST_TERMS = 40
"""Terms of the crowds in a condition that are held against each other."""

Crowds = tuple[ir.Crowd, ...]


@dataclass(frozen=True, slots=True)
class Impossible:
    """Where a condition asks for what a crowd in it excludes, and why."""

    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of a definition, and the crowds that were looked at: good as long as all are the same objects."""

    definition: ir.Crowd | ir.Plan
    crowds: Crowds
    found: Impossible | None


class Memory:
    """What was found before, least recently used dropped. Thread-safe."""

    def __init__(self, size: int) -> None:
        self.judged: LRUCache[int, Judged] = LRUCache(size)
        self.lock = Lock()

    def get(self, definition: ir.Crowd | ir.Plan) -> Judged | None:
        with self.lock:
            return self.judged.get(id(definition))

    def put(self, judged: Judged) -> None:
        with self.lock:
            self.judged[id(judged.definition)] = judged


class Audiences:
    """The crowds of a rule set, none of which needs itself, with the conditions that hold for everybody in each."""

    def __init__(self, definitions: Mapping[Key, Any], memory: Memory) -> None:
        self.definitions = definitions
        self.memory = memory
        self.certain: dict[str, tuple[tuple[ir.Expr, ...], Crowds]] = {}

    def judge(self, definition: ir.Crowd | ir.Plan, condition: ir.Expr) -> Impossible | None:
        """Whether nobody can fulfil the condition of a definition because of the crowds that it names."""
        if not isinstance(condition, ir.And):
            return None
        before = self.memory.get(definition)
        if before is not None and before.definition is definition and self.same(before.crowds):
            return before.found
        terms = list(flattened(condition))
        _, crowds = self.of_crowds(terms)
        found = self.impossible(terms) if crowds else None
        self.memory.put(Judged(definition, crowds, found))
        return found

    def same(self, crowds: Crowds) -> bool:
        return all(self.definitions.get(("crowd", crowd.name)) is crowd for crowd in crowds)

    def impossible(self, own: list[ir.Expr]) -> Impossible | None:
        """A contradiction with what crowds ask for; one among the terms themselves is told where they are checked."""
        if contradiction(own) is not None:
            return None
        asked, _ = self.of_crowds(own)
        found = contradiction([*asked, *own])
        if found is None:
            return None
        if found.at >= len(asked):
            names = " and ".join(f"`{term.crowd}`" for term in own if isinstance(term, ir.InCrowd))
            return Impossible(found.term.span, f"it excludes everybody in {names}")  # type: ignore[attr-defined]
        last = next(term for term in reversed(own) if isinstance(term, ir.InCrowd))
        return Impossible(last.span, "nobody in it is in the crowds before it")

    def of_crowds(self, terms: list[ir.Expr]) -> tuple[tuple[ir.Expr, ...], Crowds]:
        """What the crowds among the terms ask for, and which crowds were looked at."""
        named = [self.of_crowd(term.crowd) for term in terms if isinstance(term, ir.InCrowd)]
        asked = tuple(term for terms, _ in named for term in terms)
        return asked[:MOST_TERMS], tuple(crowd for _, crowds in named for crowd in crowds)

    def of_crowd(self, name: str) -> tuple[tuple[ir.Expr, ...], Crowds]:
        """Terms that are yes for everybody in a crowd; none if nobody can be in it, which is told of that crowd."""
        if name not in self.certain:
            crowd: ir.Crowd = self.definitions["crowd", name]
            own = (
                list(flattened(crowd.condition)) if isinstance(crowd.condition, ir.And) else [crowd.condition]
            )
            asked, crowds = self.of_crowds(own)
            terms = (*asked, *own)[:MOST_TERMS]
            self.certain[name] = () if contradiction(terms) else terms, (crowd, *crowds)
        return self.certain[name]
