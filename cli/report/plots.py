"""Plots of a replay's report, as SVG. Each has a title and a text for who cannot see it; a table beside it has the figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from cli.report.markup import element
from cli.report.words import figure
from server.replay.report import Compared, Moved

VERDICTS = ("send", "earlier", "later", "wait", "holdout", "block", "none", "not asked")
"""From top to bottom."""


def svg(width: float, height: float, title: str, text: str, *inside: Element) -> Element:
    head = (element("title", title), element("desc", text))
    return element(
        "svg", *head, *inside, view_box=f"0 0 {width:g} {height:g}", role="img", aria_label=f"{title}: {text}"
    )


def label(x: float, y: float, text: str, anchor: str = "start", class_: str = "label") -> Element:
    return element("text", text, x=x, y=y, text_anchor=anchor, class_=class_)


# ---- the flow of verdicts

WIDTH, LEFT, RIGHT, NODE = 720, 150, 570, 14
TALL, GAP, TOP = 260, 20, 34
THINNEST = 1.5
"""Of what changed, that it can be seen at all."""


@dataclass(slots=True)
class Column:
    """Verdicts of one version below each other. `at`: how far each is used by ribbons."""

    counts: Mapping[str, int]
    scale: float
    at: dict[str, float]

    @classmethod
    def of(cls, counts: Mapping[str, int], scale: float) -> "Column":
        at, y = {}, float(TOP)
        for verdict in counts:
            at[verdict] = y
            y += counts[verdict] * scale + GAP
        return cls(counts, scale, at)

    def take(self, verdict: str, decisions: int) -> float:
        """Where a ribbon of so many begins."""
        y = self.at[verdict]
        self.at[verdict] += decisions * self.scale
        return y

    def nodes(self, x: float, text_x: float, anchor: str) -> Iterable[Element]:
        y = float(TOP)
        for verdict, count in self.counts.items():
            height = max(count * self.scale, THINNEST)
            yield element("rect", x=x, y=y, width=NODE, height=height, class_=colour(verdict))
            yield label(text_x, y + height / 2 + 4, f"{verdict} {count:,}", anchor)
            y += count * self.scale + GAP


def flow(moves: Sequence[Moved]) -> Element:
    """What became of each verdict: ribbons as thick as there are decisions, those that changed in full colour."""
    before, after = counted(moves, "before"), counted(moves, "after")
    scale = TALL / max(sum(before.values()), 1)
    left, right = Column.of(before, scale), Column.of(after, scale)
    height = TOP + TALL + GAP * max(len(before), len(after))
    nodes = [*left.nodes(LEFT, LEFT - 8, "end"), *right.nodes(RIGHT - NODE, RIGHT + 8, "start")]
    nodes += [label(LEFT + NODE / 2, 16, "before", "middle"), label(RIGHT - NODE / 2, 16, "after", "middle")]
    ribbons = [ribbon(move, left, right) for move in sorted(moves, key=in_order)]
    ribbons.sort(key=lambda each: "stays" not in each.attrib["class"])
    changed = [move for move in moves if move.before != move.after]
    text = (
        "; ".join(f"{move.before} to {move.after}: {move.decisions:,}" for move in changed)
        or "nothing changed"
    )
    return svg(WIDTH, height, "What became of each verdict", text, *ribbons, *nodes)


def counted(moves: Iterable[Moved], side: str) -> dict[str, int]:
    """Decisions by verdict, in the order to be shown in."""
    counts = dict.fromkeys(VERDICTS, 0)
    for move in moves:
        name = getattr(move, side)
        counts[name] = counts.get(name, 0) + move.decisions
    return {name: count for name, count in counts.items() if count}


def in_order(move: Moved) -> tuple[int, int]:
    return place(move.before), place(move.after)


def place(verdict: str) -> int:
    return VERDICTS.index(verdict) if verdict in VERDICTS else len(VERDICTS)


def ribbon(move: Moved, left: Column, right: Column) -> Element:
    y, to = left.take(move.before, move.decisions), right.take(move.after, move.decisions)
    stays = move.before == move.after
    thick = move.decisions * left.scale if stays else max(move.decisions * left.scale, THINNEST)
    start, end = LEFT + NODE, RIGHT - NODE
    middle = (start + end) / 2
    path = (
        f"M{start} {y:.2f} C{middle} {y:.2f} {middle} {to:.2f} {end} {to:.2f} v{thick:.2f} "
        f"C{middle} {to + thick:.2f} {middle} {y + thick:.2f} {start} {y + thick:.2f} z"
    )
    told = element("title", f"{move.before} → {move.after}: {move.decisions:,}")
    return element(
        "path", told, d=path, class_=f"ribbon {'stays' if stays else 'moves'} {colour(move.after)}"
    )


def colour(verdict: str) -> str:
    """The class that has the verdict's colour."""
    return f"v-{verdict.replace(' ', '-')}" if verdict in VERDICTS else "v-none"


# ---- volumes by day

PLOT, DAYS_TALL, AXIS, EDGE, FOOT = 720, 240, 84, 44, 28
MOST_DAYS = 1500
"""Between the first and the last for which days without a send are shown as such."""
MOST_DOTS = 62


def volumes(days: Sequence[Compared]) -> Element:
    """Sends a day under both versions."""
    shown = filled(days)
    most = max((max(each.before, each.after) for each in shown), default=0)
    step = tick(most)
    top = max(step * -(-most // step), step)
    total = f"{figure(sum(each.before for each in days))} before, {figure(sum(each.after for each in days))} after"
    lines = [series(shown, top, side) for side in ("before", "after")]
    frame = [*grid(top, step), *dates(shown), *(part for line in lines for part in line)]
    return svg(PLOT, DAYS_TALL + FOOT, "Sends a day", f"{total}, on {len(days):,} days", *frame)


def filled(days: Sequence[Compared]) -> Sequence[Compared]:
    """With the days between, on which nothing was sent."""
    if not days:
        return days
    known = {each.name: each for each in days}
    first, last = (date.fromisoformat(each.name) for each in (days[0], days[-1]))
    if (last - first).days > MOST_DAYS:
        return days
    names = [(first + timedelta(each)).isoformat() for each in range((last - first).days + 1)]
    return [known.get(name, Compared(name, 0, 0)) for name in names]


def tick(most: float) -> float:
    """About four steps, of 1, 2 or 5 times a power of ten."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if most <= 4 * factor * size:
                return factor * size
        size *= 10


def x_of(at: int, days: int) -> float:
    return AXIS + (PLOT - AXIS - EDGE) * (at / (days - 1) if days > 1 else 0.5)


def y_of(value: float, top: float) -> float:
    return 12 + (DAYS_TALL - 24) * (1 - value / top)


def grid(top: float, step: float) -> Iterable[Element]:
    for number in range(int(top / step) + 1):
        y = y_of(number * step, top)
        yield element("line", x1=AXIS, x2=PLOT - EDGE, y1=y, y2=y, class_="grid")
        yield label(AXIS - 8, y + 4, figure(number * step), "end")


def dates(days: Sequence[Compared]) -> Iterable[Element]:
    every = max(1, -(-len(days) // 6))
    for at in range(0, len(days), every):
        yield label(x_of(at, len(days)), DAYS_TALL + 12, days[at].name, "middle")


def series(days: Sequence[Compared], top: float, side: str) -> Iterable[Element]:
    points = [(x_of(at, len(days)), y_of(getattr(each, side), top)) for at, each in enumerate(days)]
    thin = " thin" if len(days) > MOST_DOTS else ""
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    yield element("polyline", points=drawn, class_=f"line {side}{thin}")
    for (x, y), each in zip(points, days, strict=True) if len(days) <= MOST_DOTS else ():
        told = element("title", f"{each.name}, {side}: {figure(getattr(each, side))}")
        yield element("circle", told, cx=x, cy=y, r=3.5, class_=f"dot {side}")


# ---- two figures

BAR, BAR_TALL = 160, 18


def bars(each: Compared, most: float) -> Element:
    """Both as bars, before above after."""
    rects = [
        element(
            "rect",
            x=0,
            y=y,
            width=max(BAR * value / (most or 1), 1 if value else 0),
            height=7,
            class_=f"bar {side}",
        )
        for side, value, y in (("before", each.before, 1), ("after", each.after, 10))
    ]
    return element(
        "svg", *rects, view_box=f"0 0 {BAR} {BAR_TALL}", width=BAR, height=BAR_TALL, aria_hidden="true"
    )
