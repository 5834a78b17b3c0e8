"""What a drawing is made of: questions, rules and ends, and the answers that lead from one to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from dsl.source import Place


class Shape(Enum):
    START = "start"
    CONDITION = "condition"
    RULES = "rules"
    NOTE = "note"
    GOOD = "good"
    BAD = "bad"


ENDS = (Shape.GOOD, Shape.BAD)


class Tone(Enum):
    """What an edge says: it goes on, it falls, it is not known, or it is no answer at all."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Node:
    """`lines`: what it says, a line for each rule; `gate`: the name of the gate that it belongs to."""

    id: str
    shape: Shape
    lines: tuple[str, ...]
    place: Place | None = None
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    tail: str
    head: str
    label: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes from top to bottom: every edge leads downwards. `note`: what was left out."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    note: str = ""


@dataclass(slots=True)
class Draft:
    """A graph that is being made, from its ends up."""

    title: str
    most: int
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    left_out: int = 0

    def node(self, shape: Shape, lines: Sequence[str], place: Place | None = None, gate: str = "") -> str:
        id = f"n{len(self.nodes) + 1}"
        self.nodes[id] = Node(id, shape, tuple(lines), place, gate)
        return id

    def edge(self, tail: str, head: str, label: str, tone: Tone) -> None:
        self.edges.append(Edge(tail, head, label, tone))

    def graph(self, start: str) -> Graph:
        """All that can be come to from the start, ends last."""
        reached = list(reversed(list(self._after(start))))
        ordered = [self.nodes[id] for id in reached]
        ordered.sort(key=lambda node: (node.shape in ENDS, node.shape is Shape.BAD))
        known = set(reached)
        edges = tuple(edge for edge in self.edges if edge.tail in known)
        note = f"{self.left_out} more conditions are not drawn" if self.left_out else ""
        return Graph(self.title, tuple(ordered), edges, note)

    def _after(self, start: str) -> Iterator[str]:
        """Every node after all that it leads to, what it leads to when all is well last. Without recursion."""
        heads: dict[str, list[str]] = {}
        for edge in sorted(self.edges, key=lambda edge: edge.tone is not Tone.GOOD):
            heads.setdefault(edge.tail, []).append(edge.head)
        done: set[str] = set()
        stack = [(start, False)]
        while stack:
            id, is_left = stack.pop()
            if is_left:
                yield id
            elif id not in done:
                done.add(id)
                stack.append((id, True))
                stack += [(head, False) for head in heads.get(id, ()) if head not in done]
