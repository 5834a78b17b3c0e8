"""Where everything of a drawing stands, in pixels.

One column of boxes from top to bottom; bad ends stand in a second one to its right. An edge to the next box goes straight
down. All others run in lanes beside the column: what goes well on the left, what does not on the right. Edges to the same
box share a lane, as the tracks of a yard share a main line; lanes whose stretches do not meet share their place.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from compiler.explain.drawing.graph import Edge, Graph, Node, Shape, Tone
from dsl.text import visible, width

CHARACTER = 7.6
"""Of the monospaced font of 12.5 pixels that boxes are written in."""
LABEL_CHARACTER = 6.4
"""Of the font of 11.5 pixels that edges are labelled in, on average."""
LINE = 18
WRAP = 46
MOST_LINES = 9
PAD_X, PAD_Y = 16, 10
GAP = 40
GATE_GAP = 62
LANE = 16
APART = 9
"""What comes in lies so much above the middle of a side, and what goes out below it, where both do."""
MARGIN = 24
TITLE = 34
NARROWEST = 170


@dataclass(frozen=True, slots=True)
class Box:
    """A node at its place; `lines` are wrapped."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Path:
    """An edge as a line of points, with its label's place. `anchor`: how the label stands to it, as SVG says."""

    points: tuple[tuple[float, float], ...]
    tone: Tone
    label: str
    label_at: tuple[float, float]
    anchor: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The boxes of one gate."""

    title: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    graph: Graph
    width: float
    height: float
    boxes: tuple[Box, ...]
    paths: tuple[Path, ...]
    frames: tuple[Frame, ...]


def laid_out(graph: Graph) -> Picture:
    return _Layout(graph).picture()


def wrapped(lines: Sequence[str]) -> tuple[str, ...]:
    """Lines of a box, broken between words; long ones are cut."""
    found: list[str] = []
    for line in lines:
        found += textwrap.wrap(visible(line), WRAP, subsequent_indent="  " if len(lines) > 1 else "") or [""]
    return tuple(found) if len(found) <= MOST_LINES else (*found[: MOST_LINES - 1], "…")


class _Layout:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.lines = {node.id: wrapped(node.lines) for node in graph.nodes}
        self.column = [node for node in graph.nodes if node.shape is not Shape.BAD]
        self.ends = [node for node in graph.nodes if node.shape is Shape.BAD]
        self.rows = {node.id: row for row, node in enumerate(self.column)}
        self.widths = self.box_width(self.column), self.box_width(self.ends)
        self.boxes: dict[str, Box] = {}
        self.right_buses, self.left_buses = self.buses()

    def box_width(self, nodes: Sequence[Node]) -> float:
        longest = max((width(line) for node in nodes for line in self.lines[node.id]), default=0)
        return max(NARROWEST, longest * CHARACTER + 2 * PAD_X)

    def height(self, node: Node) -> float:
        return len(self.lines[node.id]) * LINE + 2 * PAD_Y

    # ---- edges by where they run

    def is_straight(self, edge: Edge) -> bool:
        return edge.head in self.rows and self.rows[edge.head] == self.rows[edge.tail] + 1

    def buses(self) -> tuple[dict[str, list[Edge]], dict[str, list[Edge]]]:
        """By head, the edges that run on the right and on the left."""
        right: dict[str, list[Edge]] = defaultdict(list)
        left: dict[str, list[Edge]] = defaultdict(list)
        straight: set[str] = set()
        for edge in self.graph.edges:
            if self.is_straight(edge) and edge.tail not in straight:
                straight.add(edge.tail)
                continue
            side = left if edge.tone is Tone.GOOD and edge.head in self.rows else right
            side[edge.head].append(edge)
        return right, left

    # ---- places

    def picture(self) -> Picture:
        left_room = self.room(self.left_buses)
        x = MARGIN + left_room
        bottom = self.place_column(x)
        right_room = self.room(self.right_buses)
        end_x = x + self.widths[0] + right_room
        bottom = max(bottom, self.place_ends(end_x))
        paths = [
            *self.straight_paths(),
            *self.lane_paths(self.right_buses, 1),
            *self.lane_paths(self.left_buses, -1),
        ]
        whole = end_x + (self.widths[1] if self.ends else 0) + MARGIN
        whole = max(whole, width(self.graph.title) * 9 + 2 * MARGIN)
        note = 30 if self.graph.note else 0
        return Picture(
            self.graph, whole, bottom + MARGIN + note, tuple(self.boxes.values()), tuple(paths), self.frames()
        )

    def room(self, buses: dict[str, list[Edge]]) -> float:
        """For the labels and the lanes on one side."""
        if not buses:
            return 0
        return self.label_room(buses) + (1 + self.lane_count(buses)) * LANE

    def label_room(self, buses: dict[str, list[Edge]]) -> float:
        labels = [edge.label for edges in buses.values() for edge in edges]
        return max(width(label) for label in labels) * LABEL_CHARACTER + 14

    def place_column(self, x: float) -> float:
        """Returns the lower edge of the last box."""
        y: float = MARGIN + TITLE
        before: Node | None = None
        for node in self.column:
            if before is not None:
                y += GAP if node.gate == before.gate else GATE_GAP
            elif node.gate:
                y += GATE_GAP - GAP
            height = self.height(node)
            self.boxes[node.id] = Box(node, x, y, self.widths[0], height, self.lines[node.id])
            y += height
            before = node
        return y

    def place_ends(self, x: float) -> float:
        """Each bad end beside the boxes that lead to it, none upon another."""
        wanted = sorted(((self.middle_of(node), node) for node in self.ends), key=lambda pair: pair[0])
        y: float = MARGIN + TITLE
        for middle, node in wanted:
            height = self.height(node)
            top = max(y, middle - height / 2)
            self.boxes[node.id] = Box(node, x, top, self.widths[1], height, self.lines[node.id])
            y = top + height + GAP / 2
        return y

    def middle_of(self, node: Node) -> float:
        tails = [self.boxes[edge.tail].middle for edge in self.graph.edges if edge.head == node.id]
        return (min(tails) + max(tails)) / 2 if tails else 0

    # ---- lanes

    def spans(self, buses: dict[str, list[Edge]]) -> dict[str, tuple[float, float]]:
        """By head, from which row to which the lane runs; ends count at the row of their middle."""
        found = {}
        for head, edges in buses.items():
            rows = [self.rows[edge.tail] for edge in edges]
            rows.append(self.rows[head] if head in self.rows else round(sum(rows) / len(rows)))
            found[head] = (min(rows) - 0.4, max(rows) + 0.4)
        return found

    def lanes(self, buses: dict[str, list[Edge]]) -> dict[str, int]:
        """By head, the number of its lane: short stretches lie inside."""
        spans = self.spans(buses)
        taken: list[list[tuple[float, float]]] = []
        found = {}
        for head, (low, high) in sorted(spans.items(), key=lambda item: item[1][1] - item[1][0]):
            free = (
                lane
                for lane, stretches in enumerate(taken)
                if all(high < other[0] or low > other[1] for other in stretches)
            )
            lane = next(free, len(taken))
            if lane == len(taken):
                taken.append([])
            taken[lane].append((low, high))
            found[head] = lane
        return found

    def lane_count(self, buses: dict[str, list[Edge]]) -> int:
        return max(self.lanes(buses).values(), default=-1) + 1

    def lane_paths(self, buses: dict[str, list[Edge]], side: int) -> list[Path]:
        """`side`: 1 right, -1 left."""
        lanes, paths = self.lanes(buses), []
        for head, edges in buses.items():
            offset = self.label_room(buses) + lanes[head] * LANE
            paths += [self.lane_path(edge, offset, side) for edge in edges]
        return paths

    def lane_path(self, edge: Edge, offset: float, side: int) -> Path:
        tail, head = self.boxes[edge.tail], self.boxes[edge.head]
        start = tail.right if side > 0 else tail.x
        lane = (self.boxes[self.column[0].id].right + offset) if side > 0 else (tail.x - offset)
        out_y = tail.middle + (APART if self.meet(edge.tail, side) else 0)
        in_y = head.middle - (APART if self.meet(edge.head, side) else 0)
        end = head.x if (side > 0 and edge.head not in self.rows) or side < 0 else head.right
        points = ((start, out_y), (lane, out_y), (lane, in_y), (end, in_y))
        label_y = out_y + 13 if self.meet(edge.tail, side) else out_y - 5
        return Path(
            points, edge.tone, edge.label, (start + side * 7, label_y), "start" if side > 0 else "end"
        )

    def meet(self, id: str, side: int) -> bool:
        """Whether on that side of a box an edge comes in and another goes out."""
        buses = self.right_buses if side > 0 else self.left_buses
        return id in buses and any(edge.tail == id for edges in buses.values() for edge in edges)

    def straight_paths(self) -> list[Path]:
        paths, seen = [], set()
        for edge in self.graph.edges:
            if not self.is_straight(edge) or edge.tail in seen:
                continue
            seen.add(edge.tail)
            tail, head = self.boxes[edge.tail], self.boxes[edge.head]
            points = ((tail.centre, tail.bottom), (head.centre, head.y))
            below = 16 if tail.node.gate == head.node.gate else 30  # outside of the gate's frame
            at = (tail.centre + 8, tail.bottom + below)
            paths.append(Path(points, edge.tone, edge.label, at, "start"))
        return paths

    # ---- gates

    def frames(self) -> tuple[Frame, ...]:
        found, row = [], 0
        while row < len(self.column):
            gate = self.column[row].gate
            last = row
            while last + 1 < len(self.column) and self.column[last + 1].gate == gate:
                last += 1
            if gate:
                found.append(self.frame(gate, self.column[row], self.column[last]))
            row = last + 1
        return tuple(found)

    def frame(self, gate: str, first: Node, last: Node) -> Frame:
        top, bottom = self.boxes[first.id], self.boxes[last.id]
        return Frame(gate, top.x - 12, top.y - 26, top.width + 24, bottom.bottom - top.y + 38)
