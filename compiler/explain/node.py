"""What an explanation is made of: plain data, whatever draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compiler.types import CONDITION, UNAVAILABLE, Answer, Type, Value
from dsl.source import Place


@dataclass(frozen=True, slots=True)
class Taken:
    """Events that a part looked at: in its window, taken of them, and those of which it is unknown."""

    event: str
    in_window: int
    taken: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a condition is from the answer that is wanted of it.

    `needs`: `at least 18`. `by`: the distance with its unit, None where there is none: `1 more cart_add`.
    """

    needs: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """A condition or value, what came of it, and the parts that it is made of.

    `kind`: a word: `and`, `or`, `not`, `crowd`, `comparison`, `attribute` … `text`: as the rules write it; `place`:
    where, None for what stands nowhere by itself. `gap`: why the value is missing or unavailable, where this part is
    the reason. `left_out`: further parts, not looked into for their number; `same_as`: the place where a definition
    that is met again was told.
    """

    kind: str
    text: str
    place: Place | None
    type: Type
    value: Value
    parts: tuple[Node, ...] = ()
    taken: tuple[Taken, ...] = ()
    gap: str | None = None
    margin: Margin | None = None
    left_out: int = 0
    same_as: Place | None = None

    @property
    def answer(self) -> Answer:
        return self.value if isinstance(self.value, bool) else None

    @property
    def is_condition(self) -> bool:
        return self.type == CONDITION

    @property
    def is_open(self) -> bool:
        """An unknown condition, or a value that is not there."""
        return self.value is None or self.value is UNAVAILABLE


def gaps(node: Node) -> Iterator[Node]:
    """The parts because of which the answer is unknown or the value not there, left to right, each once."""
    pending, told = [node], set()
    while pending:
        current = pending.pop()
        if not current.is_open:
            continue
        if current.gap is not None and current.gap not in told:
            told.add(current.gap)
            yield current
        pending += reversed(current.parts)
