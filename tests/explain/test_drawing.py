"""Drawings say what the rules say: followed from the start, they end well just where the rules answer yes."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random
from xml.etree import ElementTree

import pytest

from compiler import interpret
from compiler.checked import ir
from compiler.checked.ir import RuleSet
from compiler.explain.drawing.definitions import crowd_graph, decide_graph, plan_graph, score_graph
from compiler.explain.drawing.graph import Graph, Node, Shape, Tone
from compiler.explain.drawing.layout import laid_out
from compiler.explain.drawing.mermaid import mermaid
from compiler.explain.drawing.svg import svg
from compiler.facts import Facts
from compiler.types import Answer
from tests.agreement.people import person
from tests.agreement.rulesets import rules
from tests.explain.shop import compiled, shop

WORDS = {True: "yes", False: "no", None: "unknown"}
NESTED = """profile user { id: text key  a: int optional  b: int optional  c: flag optional }
crowd mix "Alternatives" {
  ((user.a > 1 and user.b > 2) or not (user.c or user.a is 0)) and not (user.b < 9 and user.c)
}"""
LONG = "profile user { id: text key  a: int optional }\ncrowd long { " + " or ".join(
    f"user.a is {number}" for number in range(40)
)
CHAIN = LONG + " }"


def crowd(text: str, name: str, most: int = 30) -> Graph:
    ruleset, texts, _ = compiled(text)
    return crowd_graph(ruleset, texts, name, most)


# ---- meaning


def questions(condition: ir.Expr) -> dict[tuple[int, int, int, int], ir.Expr]:
    """The parts of a condition by where they stand; of two at one place the outer one."""
    found: dict[tuple[int, int, int, int], ir.Expr] = {}
    for part in ir.subexpressions(condition):
        span = getattr(part, "span", None)
        if span is not None:
            found.setdefault((span.line, span.column, span.end_line, span.end_column), part)
    return found


def followed(graph: Graph, ruleset: RuleSet, crowd: ir.Crowd, facts: Facts) -> Shape:
    """The end that is come to when every question is answered as the interpreter answers it."""
    asked, line = questions(crowd.condition), ruleset.origins[crowd.key][1]
    nodes = {node.id: node for node in graph.nodes}
    current = graph.nodes[0]
    while current.shape not in (Shape.GOOD, Shape.BAD):
        edges = [edge for edge in graph.edges if edge.tail == current.id]
        if current.shape is Shape.CONDITION:
            word = WORDS[answer(asked, current, line, ruleset, facts)]
            edges = [edge for edge in edges if word in edge.label.split(" or ")]
        (edge,) = edges
        current = nodes[edge.head]
    return current.shape


def answer(
    asked: dict[tuple[int, int, int, int], ir.Expr], node: Node, line: int, ruleset: RuleSet, facts: Facts
) -> Answer:
    assert node.place is not None
    span = node.place.span
    expr = asked[span.line - line + 1, span.column, span.end_line - line + 1, span.end_column]
    found = interpret.evaluate(ruleset, expr, facts)
    return found if isinstance(found, bool) else None


@pytest.mark.parametrize("seed", range(6))
def test_generated_crowds_are_drawn_as_they_mean(seed: int) -> None:
    """Whole drawings of crowds over the whole language, for people with missing and unavailable values."""
    ruleset, texts, _ = compiled(rules(seed))
    random = Random(seed)
    people = [person(random, ruleset.settings.zone) for _ in range(12)]
    ends = {Shape.GOOD: 0, Shape.BAD: 0}
    for each in ruleset.crowds.values():
        graph = crowd_graph(ruleset, texts, each.name, most=10_000)
        for facts in people:
            end = followed(graph, ruleset, each, facts)
            ends[end] += 1
            assert (end is Shape.GOOD) is (interpret.crowd(ruleset, each.name, facts) is True), each.name
    assert min(ends.values()) > 20


def test_every_edge_leads_downwards() -> None:
    for graph in (crowd(NESTED, "mix"), crowd(CHAIN, "long"), *shop_graphs()):
        rows = {node.id: row for row, node in enumerate(graph.nodes)}
        assert all(rows[edge.tail] < rows[edge.head] for edge in graph.edges)


def shop_graphs() -> list[Graph]:
    ruleset, texts, _ = shop()
    return [
        *(crowd_graph(ruleset, texts, name) for name in ruleset.crowds),
        *(score_graph(ruleset, texts, name) for name in ruleset.scores),
        *(plan_graph(ruleset, texts, name) for name in ruleset.plans),
        *(decide_graph(ruleset, texts, name) for name in ruleset.decides),
    ]


def test_plans_pass_their_gates_in_order() -> None:
    ruleset, texts, _ = shop()
    gates = [node.gate for node in plan_graph(ruleset, texts, "nudge").nodes if node.gate]
    assert list(dict.fromkeys(gates)) == ["eligible", "relevant", "contactable"]
    held = [node.gate for node in plan_graph(ruleset, texts, "discount").nodes if node.gate]
    assert list(dict.fromkeys(held)) == ["eligible", "contactable", "holdout"]


def test_a_channel_shows_the_rules_that_concern_it() -> None:
    ruleset, texts, _ = shop()
    boxes = {
        node.lines[0]: node.lines[1:] for node in plan_graph(ruleset, texts, "nudge").nodes if node.lines
    }
    assert boxes["push:"] == (
        "quiet 21:00 to 09:00 user time then wait",
        "cap push 1 per day",
        "cooldown 20 hours after any send",
    )
    assert boxes["email:"][0] == "never email when not user.email_ok"


def test_long_chains_are_shortened_and_it_is_said() -> None:
    graph = crowd(CHAIN, "long", most=12)
    assert len(graph.nodes) <= 13
    (rest,) = [node for node in graph.nodes if node.lines[0].startswith("…")]
    drawn = sum(node.shape is Shape.CONDITION for node in graph.nodes) - 1
    assert rest.lines == (f"… one of {40 - drawn} more conditions",)
    assert graph.note == f"{40 - drawn} more conditions are not drawn"


# ---- Mermaid


def test_mermaid() -> None:
    text = """profile user { id: text key  age: int optional  name: text optional }
crowd c "Grown" { user.age >= 18 and user.name is not "x;#" }"""
    assert mermaid(crowd(text, "c")) == (
        "flowchart TD\n"
        "  %% crowd c: Grown\n"
        '  n5(["user in c?"])\n'
        '  n4{{"user.age #gt;= 18"}}\n'
        '  n3{{"user.name is not #quot;x#59;#35;#quot;"}}\n'
        '  n1(["in the crowd"])\n'
        '  n2(["not in it, or not known to be"])\n'
        '  n3 ==>|"yes"| n1\n'
        '  n3 -->|"no or unknown"| n2\n'
        '  n4 ==>|"yes"| n3\n'
        '  n4 -->|"no or unknown"| n2\n'
        "  n5 --> n4\n"
        "  classDef good stroke:#2e9e5b,stroke-width:2px\n"
        "  classDef bad stroke:#d0543f,stroke-width:2px\n"
        "  class n1 good\n"
        "  class n2 bad\n"
    )


# ---- SVG


@pytest.mark.parametrize(
    "graph", [crowd(NESTED, "mix"), crowd(CHAIN, "long"), *shop_graphs()], ids=lambda graph: graph.title
)
def test_svg_is_well_formed_and_needs_nothing_else(graph: Graph) -> None:
    text = svg(graph)
    root = ElementTree.fromstring(text)
    words = "".join(root.itertext())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "prefers-color-scheme: dark" in words
    assert not re.search(r"href|url\((?!#)|@import|<script|<image", text)
    for node in graph.nodes:
        assert node.lines[0].split()[0] in words


@pytest.mark.parametrize(
    "graph", [crowd(NESTED, "mix"), crowd(CHAIN, "long"), *shop_graphs()], ids=lambda graph: graph.title
)
def test_boxes_stand_apart_and_inside_of_the_picture(graph: Graph) -> None:
    picture = laid_out(graph)
    assert len(picture.boxes) == len(graph.nodes)
    assert len(picture.paths) == len(graph.edges)
    for box in picture.boxes:
        assert box.x > 0 and box.right < picture.width and box.y > 0 and box.bottom < picture.height
    for column in {box.x for box in picture.boxes}:
        boxes = sorted((box for box in picture.boxes if box.x == column), key=lambda box: box.y)
        assert all(upper.bottom < lower.y for upper, lower in pairwise(boxes))
    for path in picture.paths:
        assert all(0 < x < picture.width and 0 < y < picture.height for x, y in path.points)


def test_lines_in_lanes_cross_no_box() -> None:
    picture = laid_out(crowd(NESTED, "mix"))
    for path in picture.paths:
        for (x, y), (next_x, next_y) in pairwise(path.points):
            for box in picture.boxes:
                inside_x = max(x, next_x) > box.x + 1 and min(x, next_x) < box.right - 1
                inside_y = max(y, next_y) > box.y + 1 and min(y, next_y) < box.bottom - 1
                assert not (inside_x and inside_y), (path, box)


def test_text_of_users_stays_text() -> None:
    text = """profile user { id: text key  name: text optional }
crowd c "</title><script>alert(1)</script>" { user.name is "<b>&amp;" }"""
    drawn = svg(crowd(text, "c"))
    assert "<script" not in drawn
    assert 'user.name is "<b>&amp;"' in "".join(ElementTree.fromstring(drawn).itertext())


def test_unknown_is_an_edge_of_its_own_where_it_matters() -> None:
    ruleset, texts, _ = shop()
    tones = {edge.tone for edge in score_graph(ruleset, texts, "lead").edges}
    assert Tone.UNKNOWN in tones
