"""`suasion tree`: a definition drawn as a decision tree."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli.eval import require
from cli.exit_codes import ExitCode, Failure
from cli.files import write
from cli.output import HUMAN, OutputOption
from cli.rule_sets import checked, diagnose
from compiler.cases.texts import Texts
from compiler.checked.ir import RuleSet
from compiler.explain.drawing.definitions import MOST, crowd_graph, decide_graph, plan_graph, score_graph
from compiler.explain.drawing.graph import Graph
from compiler.explain.drawing.mermaid import mermaid
from compiler.explain.drawing.svg import svg

DRAW: Mapping[str, Callable[[RuleSet, Texts, str, int], Graph]] = {
    "crowd": crowd_graph,
    "score": score_graph,
    "plan": plan_graph,
    "decide": decide_graph,
}
FEWEST = 8
"""Nodes that a drawing may be limited to."""


RulesArgument = Annotated[
    Path, typer.Argument(metavar="RULES", help="A `.sua` file, or a directory of them.", show_default=False)
]
CrowdOption = Annotated[str | None, typer.Option("--crowd", help="Who is in it.", show_default=False)]
ScoreOption = Annotated[str | None, typer.Option("--score", help="What it adds up.", show_default=False)]
PlanOption = Annotated[
    str | None, typer.Option("--plan", help="The gates it has to pass.", show_default=False)
]
DecideOption = Annotated[
    str | None, typer.Option("--decide", help="Its plans, and how one is chosen.", show_default=False)
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write there; `.svg` asks for SVG.", show_default=False
    ),
]
MostOption = Annotated[
    int, typer.Option("--most", min=FEWEST, help="Nodes to draw; what is beyond is drawn together.")
]


def command(
    rules: RulesArgument,
    crowd: CrowdOption = None,
    score: ScoreOption = None,
    plan: PlanOption = None,
    decide: DecideOption = None,
    as_mermaid: Annotated[bool, typer.Option("--mermaid", help="As Mermaid; this is the default.")] = False,
    as_svg: Annotated[bool, typer.Option("--svg", help="As SVG.")] = False,
    output: FileOption = None,
    most: MostOption = MOST,
    out: OutputOption = HUMAN,
) -> None:
    """Draw the decision tree of a crowd, score, plan or decide."""
    if as_mermaid and as_svg:
        raise Failure("as Mermaid or as SVG? name one")
    asked = {"crowd": crowd, "score": score, "plan": plan, "decide": decide}
    named = [(word, name) for word, name in asked.items() if name is not None]
    if len(named) != 1:
        raise Failure("draw what? name one of `--crowd`, `--score`, `--plan` and `--decide`")
    found = checked(rules)
    diagnose(out, found.diagnostics, found.sources)
    if found.compiled.ruleset is None:
        out.finish(None, lambda _: None, ExitCode.FINDINGS)
    graph = drawn(found.compiled.ruleset, Texts(found.sources.values()), *named[0], most)
    is_svg = as_svg or (output is not None and output.suffix == ".svg" and not as_mermaid)
    text = svg(graph) if is_svg else mermaid(graph)
    if output is not None:
        write(output, text)
    if graph.note:
        out.notes.print(graph.note)
    data = {
        "format": "svg" if is_svg else "mermaid",
        "text": text,
        "note": graph.note or None,
        "file": None if output is None else str(output),
    }
    out.finish(data, lambda console: console.file.write(text if output is None else ""))


def drawn(ruleset: RuleSet, texts: Texts, word: str, name: str, most: int) -> Graph:
    declared: Mapping[str, Mapping[str, object]] = {
        "crowd": ruleset.crowds,
        "score": ruleset.scores,
        "plan": ruleset.plans,
        "decide": ruleset.decides,
    }
    require(word, [name], declared[word])
    return DRAW[word](ruleset, texts, name, most)
