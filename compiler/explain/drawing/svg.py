"""A graph as SVG: one file that needs no other, in the colours of a light or a dark page as the reader has it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from compiler.explain.drawing.graph import Graph, Shape, Tone
from compiler.explain.drawing.layout import LINE, MARGIN, PAD_X, PAD_Y, Box, Frame, Path, Picture, laid_out
from dsl.text import visible

STYLE = """
:root { color-scheme: light dark }
.ground { fill: #ffffff }
.frame { fill: #f3f5f8; stroke: #dde2e9 }
.box { fill: #ffffff; stroke: #8b96a5; stroke-width: 1.3 }
.condition { fill: #fbfcfe; stroke: #5b7fb5 }
.start { fill: #e8eef8; stroke: #5b7fb5 }
.note { fill: none; stroke-dasharray: 4 4 }
.good.box { fill: #e7f5ec; stroke: #2e9e5b; stroke-width: 1.8 }
.bad.box { fill: #fbecea; stroke: #d0543f; stroke-width: 1.8 }
text { fill: #1d2733; font: 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
.title { font: 600 16px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
.gate, .label, .foot { font: 11.5px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #5a6675 }
.gate { font-weight: 600; letter-spacing: .03em }
.edge { fill: none; stroke-width: 1.5; stroke-linejoin: round }
.edge.good { stroke: #2e9e5b } .edge.bad { stroke: #d0543f } .edge.unknown { stroke: #c08a1e; stroke-dasharray: 5 4 }
.edge.plain { stroke: #8b96a5 }
.head.good { fill: #2e9e5b } .head.bad { fill: #d0543f } .head.unknown { fill: #c08a1e } .head.plain { fill: #8b96a5 }
.label.good { fill: #1f7a45 } .label.bad { fill: #b0402d } .label.unknown { fill: #8f6512 }
@media (prefers-color-scheme: dark) {
  .ground { fill: #14181d }
  .frame { fill: #1b2128; stroke: #2b333d }
  .box { fill: #20272f; stroke: #6b7786 }
  .condition { fill: #1c2530; stroke: #6f96d1 }
  .start { fill: #223047; stroke: #6f96d1 }
  .note { fill: none }
  .good.box { fill: #17301f; stroke: #4cc27e }
  .bad.box { fill: #3a1f1b; stroke: #ef7f6b }
  text { fill: #e4e9ef }
  .gate, .label, .foot { fill: #a3afbd }
  .edge.good { stroke: #4cc27e } .edge.bad { stroke: #ef7f6b } .edge.unknown { stroke: #e0b04c }
  .head.good { fill: #4cc27e } .head.bad { fill: #ef7f6b } .head.unknown { fill: #e0b04c }
  .label.good { fill: #7fd9a3 } .label.bad { fill: #f4a090 } .label.unknown { fill: #e8c47a }
}
"""
ROUND = 7
"""Of the corners of edges."""
RADII = {Shape.START: 18, Shape.CONDITION: 10, Shape.RULES: 4, Shape.NOTE: 4, Shape.GOOD: 18, Shape.BAD: 18}


def svg(graph: Graph) -> str:
    """The text of an `.svg` file."""
    return "\n".join(lines(laid_out(graph))) + "\n"


def lines(picture: Picture) -> Iterator[str]:
    wide, high = round(picture.width), round(picture.height)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img">'
    )
    yield f"<title>{escape(visible(picture.graph.title))}</title>"
    yield f"<style>{STYLE}</style>"
    yield from markers()
    yield f'<rect class="ground" width="{wide}" height="{high}"/>'
    yield f'<text class="title" x="{MARGIN}" y="{MARGIN + 12}">{escape(visible(picture.graph.title))}</text>'
    for frame in picture.frames:
        yield from framed(frame)
    for path in picture.paths:
        yield drawn(path)
    for box in picture.boxes:
        yield from boxed(box)
    for path in picture.paths:
        yield from labelled(path)
    if picture.graph.note:
        yield f'<text class="foot" x="{MARGIN}" y="{high - MARGIN}">{escape(picture.graph.note)}</text>'
    yield "</svg>"


def markers() -> Iterator[str]:
    yield "<defs>"
    for tone in Tone:
        yield (
            f'<marker id="{tone.value}" viewBox="0 0 8 8" refX="7.4" refY="4" markerWidth="8" markerHeight="8" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path class="head {tone.value}" d="M0 0 8 4 0 8z"/></marker>'
        )
    yield "</defs>"


def framed(frame: Frame) -> Iterator[str]:
    yield (
        f'<rect class="frame" x="{frame.x:g}" y="{frame.y:g}" width="{frame.width:g}" height="{frame.height:g}" rx="8"/>'
    )
    yield f'<text class="gate" x="{frame.x + 12:g}" y="{frame.y + 17:g}">{escape(frame.title)}</text>'


def boxed(box: Box) -> Iterator[str]:
    shape = box.node.shape
    where = f"<title>{escape(str(box.node.place))}</title>" if box.node.place is not None else ""
    yield (
        f'<g><rect class="box {shape.value}" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" '
        f'height="{box.height:g}" rx="{min(RADII[shape], box.height / 2):g}"/>{where}'
    )
    centred = shape not in (Shape.RULES, Shape.CONDITION)
    x, anchor = (box.centre, ' text-anchor="middle"') if centred else (box.x + PAD_X, "")
    for number, line in enumerate(box.lines):
        y = box.y + PAD_Y + number * LINE + 13
        text = escape(line).replace("  ", "\u00a0\u00a0")
        yield f'<text x="{x:g}" y="{y:g}"{anchor}>{text}</text>'
    yield "</g>"


def drawn(path: Path) -> str:
    """The line of an edge, its corners rounded."""
    return f'<path class="edge {path.tone.value}" marker-end="url(#{path.tone.value})" d="{course(path.points)}"/>'


def course(points: tuple[tuple[float, float], ...]) -> str:
    (x, y), *rest = points
    parts = [f"M{x:g} {y:g}"]
    for (at_x, at_y), (next_x, next_y) in pairwise(rest):
        before = toward((at_x, at_y), (x, y))
        after = toward((at_x, at_y), (next_x, next_y))
        parts.append(f"L{before[0]:g} {before[1]:g}Q{at_x:g} {at_y:g} {after[0]:g} {after[1]:g}")
        x, y = at_x, at_y
    parts.append(f"L{rest[-1][0]:g} {rest[-1][1]:g}")
    return "".join(parts)


def toward(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """A point a little way from a corner along one of its sides."""
    (x, y), (to_x, to_y) = corner, other
    length = abs(to_x - x) + abs(to_y - y)
    share = min(ROUND, length / 2) / length if length else 0
    return x + (to_x - x) * share, y + (to_y - y) * share


def labelled(path: Path) -> Iterator[str]:
    if path.label:
        x, y = path.label_at
        yield (
            f'<text class="label {path.tone.value}" x="{x:g}" y="{y:g}" text-anchor="{path.anchor}">'
            f"{escape(path.label)}</text>"
        )
