"""A graph as Mermaid (https://mermaid.js.org/syntax/flowchart.html)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from compiler.explain.drawing.graph import Edge, Graph, Node, Shape, Tone

SHAPES = {
    Shape.START: ('(["', '"])'),
    Shape.CONDITION: ('{{"', '"}}'),
    Shape.RULES: ('["', '"]'),
    Shape.NOTE: ('["', '"]'),
    Shape.GOOD: ('(["', '"])'),
    Shape.BAD: ('(["', '"])'),
}
ARROWS = {Tone.GOOD: "==>", Tone.BAD: "-->", Tone.UNKNOWN: "-.->", Tone.PLAIN: "-->"}
CLASSES = (
    "classDef good stroke:#2e9e5b,stroke-width:2px",
    "classDef bad stroke:#d0543f,stroke-width:2px",
)
"""Outlines alone, so that the reader's theme chooses the colours of text and ground."""


def mermaid(graph: Graph) -> str:
    """The text of a `.mmd` file, or of a code block in Markdown."""
    return "\n".join(lines(graph)) + "\n"


def lines(graph: Graph) -> Iterator[str]:
    yield "flowchart TD"
    yield f"  %% {plain(graph.title)}"
    for gate, nodes in groupby(graph.nodes, key=lambda node: node.gate):
        yield from in_gate(gate, list(nodes))
    yield from (edge_line(edge) for edge in graph.edges)
    if graph.note:
        yield f'  note["{escaped(graph.note)}"]'
    yield from (f"  {each}" for each in CLASSES)
    for shape in (Shape.GOOD, Shape.BAD):
        ids = ",".join(node.id for node in graph.nodes if node.shape is shape)
        if ids:
            yield f"  class {ids} {shape.value}"


def in_gate(gate: str, nodes: list[Node]) -> Iterator[str]:
    if not gate:
        yield from (f"  {node_line(node)}" for node in nodes)
        return
    yield f'  subgraph {nodes[0].id}_gate["{escaped(gate)}"]'
    yield from (f"    {node_line(node)}" for node in nodes)
    yield "  end"


def node_line(node: Node) -> str:
    opening, closing = SHAPES[node.shape]
    return f"{node.id}{opening}{'<br/>'.join(escaped(line) for line in node.lines)}{closing}"


def edge_line(edge: Edge) -> str:
    label = f'|"{escaped(edge.label)}"|' if edge.label else ""
    return f"  {edge.tail} {ARROWS[edge.tone]}{label} {edge.head}"


def escaped(text: str) -> str:
    """Characters that mean something to Mermaid, or to the HTML that it makes, as entity codes."""
    return "".join(ENTITIES.get(character, character) for character in text)


ENTITIES = {
    '"': "#quot;",
    "#": "#35;",
    "<": "#lt;",
    ">": "#gt;",
    "&": "#amp;",
    ";": "#59;",
    "`": "#96;",
    "\\": "#92;",
}


def plain(text: str) -> str:
    """For a comment: one line."""
    return " ".join(text.split())
