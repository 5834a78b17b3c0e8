"""Explanations as plain text, drawn with box characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compiler.cases.texts import ANSWERS
from compiler.explain.node import Node, Taken, gaps
from compiler.explain.words import Words

SHOWN = 8
"""Parts of a chain that are drawn; the decisive ones come first."""
DEEPEST = 24
"""Levels that are drawn."""
CHAINS = {"and": "all of", "or": "any of"}
ANSWER_WIDTH = 8
Lines = Iterator[str]


@dataclass(frozen=True, slots=True)
class Tree:
    """Draws one explanation. `words`: of the user's zone."""

    words: Words

    def lines(self, node: Node) -> Lines:
        """The tree, and below it what made an unknown answer so."""
        yield from self.drawn(node, "", "", None, 0)
        if node.is_open:
            yield from self.because(node)

    def because(self, node: Node) -> Lines:
        """The gaps of an answer that is not known, each with its place."""
        found = list(gaps(node))
        if found:
            yield f"not known, because {found[0].gap}{placed(found[0])}"
        for other in found[1:SHOWN]:
            yield f"               and {other.gap}{placed(other)}"
        if len(found) > SHOWN:
            yield f"               and {len(found) - SHOWN:,} more"

    def drawn(self, node: Node, head: str, tail: str, told: str | None, depth: int) -> Lines:
        """`head` stands before the node's own line, `tail` before those below it; `told` is the place told last."""
        place = None if node.place is None else str(node.place)
        yield head + self.line(node) + (f"  [{place}]" if place not in (None, told) else "")
        parts, left_out = shown(node)
        if depth >= DEEPEST and parts:
            yield f"{tail}└─ … (deeper parts are not drawn)"
            return
        for number, part in enumerate(parts):
            is_last = number == len(parts) - 1 and not left_out
            branch, below = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
            yield from self.drawn(part, tail + branch, tail + below, place or told, depth + 1)
        if left_out:
            yield f"{tail}└─ … {left_out}"

    def line(self, node: Node) -> str:
        """`no      user.age >= 18 · needs at least 18 (1 more)`."""
        text = CHAINS.get(node.kind, node.text or node.kind)
        if node.is_condition:
            head = f"{ANSWERS[node.answer]:<{ANSWER_WIDTH}}{text}"
        else:
            head = f"{text} = {self.words.value(node.type, node.value)}"
        return " · ".join([head, *self.details(node)])

    def details(self, node: Node) -> Lines:
        yield from (taken_text(each) for each in node.taken)
        if node.margin is not None:
            by = f" ({node.margin.by})" if node.margin.by else ""
            yield f"needs {node.margin.needs}{by}"
        if node.gap is not None and node.is_open:
            yield node.gap
        if node.same_as is not None:
            yield "as told above"


def taken_text(taken: Taken) -> str:
    """`1 of 3 cart_add in the window`."""
    unknown = f", {taken.unknown:,} unknown" if taken.unknown else ""
    return f"{taken.taken:,} of {taken.in_window:,} {taken.event} in the window{unknown}"


def placed(node: Node) -> str:
    return f"  [{node.place}]" if node.place is not None else ""


def shown(node: Node) -> tuple[list[Node], str]:
    """The parts that are drawn, and a word on those that are not."""
    if node.kind not in CHAINS or len(node.parts) + node.left_out <= SHOWN:
        return list(node.parts), f"{node.left_out:,} more" if node.left_out else ""
    ordered = sorted(node.parts, key=lambda part: part.answer is not node.answer)
    return ordered[:SHOWN], left_out(ordered[SHOWN:], node.left_out)


def left_out(parts: Iterable[Node], further: int) -> str:
    """`990 more: 980 no, 10 unknown`."""
    counts = Counter(ANSWERS[part.answer] for part in parts)
    said = [f"{counts[word]:,} {word}" for word in ("yes", "no", "unknown") if counts[word]]
    if further:
        said.append(f"{further:,} not told")
    return f"{sum(counts.values()) + further:,} more: {', '.join(said)}"
