"""Where each clause has its bit.

Rules with more clauses come first, so that the second clauses of all lie in one run, the third in another: *layers*,
that are shifted and ORed down onto the bits of the rules. Rules that ask about rare slots make blocks of their own,
after all others: what is left of one after the common slots is a short integer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import accumulate, chain
from typing import Final

from compiler.decision.index_clauses import Clause, Clauses
from dsl.frozen import dataclass

RARE: Final = 100
MOST_LATE: Final = 1_000
"""Rules of a block that asks about rare slots. The rows of a slot are as long as the block has clauses: what an index takes grows
with its rules, not with their square."""


@dataclass(frozen=True, slots=True)
class Block:
    names: tuple[str, ...]
    """Of rules, by descending number of clauses."""
    clauses: tuple[Clause, ...]
    """By bit."""
    first: int
    """The mask of the first layer, which has a bit for every rule."""
    layers: tuple[tuple[int, int], ...]
    """(first bit, mask of the size) of each other layer."""

    def collapse(self, sure: int, possible: int) -> tuple[int, int]:
        """The bits of the rules, from those of their clauses. Higher bits are not looked at."""
        yes, maybe = sure & self.first, possible & self.first
        for start, mask in self.layers:
            yes |= sure >> start & mask
            maybe |= possible >> start & mask
        return yes, maybe


def block(rules: Mapping[str, Clauses]) -> Block:
    names = tuple(sorted(rules, key=lambda name: -len(rules[name])))
    deepest = len(rules[names[0]]) if names else 0
    layers = [[rules[name][i] for name in names if len(rules[name]) > i] for i in range(deepest)]
    starts = accumulate(map(len, layers))
    later = ((start, (1 << len(layer)) - 1) for start, layer in zip(starts, layers[1:], strict=False))
    return Block(names, tuple(chain.from_iterable(layers)), (1 << len(names)) - 1, tuple(later))


def in_blocks(rules: Mapping[str, Clauses]) -> list[Block]:
    names = list(rules)
    return [
        block({name: rules[name] for name in names[start : start + MOST_LATE]})
        for start in range(0, len(names), MOST_LATE)
    ]


def asks_about(clauses: Clauses, slots: Collection[int]) -> bool:
    return any(literal.slot in slots for clause in clauses for literal in clause)


def rare(clauses: Collection[Clause]) -> frozenset[int]:
    """The slots that fewer than one in RARE of these clauses ask about."""
    uses = Counter(slot for clause in clauses for slot in {literal.slot for literal in clause})
    return frozenset(slot for slot, count in uses.items() if count * RARE < len(clauses))
