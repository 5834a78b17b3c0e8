"""All crowds of a rule set at once: few of them tree by tree, many by the predicate index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from compiler.checked.ir import Crowd, RuleSet
from compiler.decision.context import Context
from compiler.decision.trees import Tree, Trees
from compiler.facts import Facts
from compiler.types import Answer

if TYPE_CHECKING:
    from compiler.decision.index import Index

INDEXED_FROM = 40
"""Crowds from which on the index is quicker than their trees, whatever is asked for (bench/README.md)."""
FEW = 200
"""Crowds up to which their bits are quicker looked at one by one than by numpy, which has to start."""


class Matching(NamedTuple):
    """Names of the crowds that hold the user, and of those of which it is unknown."""

    yes: list[str]
    unknown: list[str]


class Ids(NamedTuple):
    """Places in the rule set, ascending, of the crowds that hold the user and of those of which it is unknown."""

    yes: list[int]
    unknown: list[int]


class Bitmaps(NamedTuple):
    """The same as bits: the crowd at place i is bit i % 8, counted from the lowest, of byte i // 8."""

    yes: bytes
    unknown: bytes


class Crowds(Protocol):
    """What both ways offer."""

    def answers(self, facts: Facts) -> dict[str, Answer]:
        """Every crowd's answer, in the order of the rule set."""

    def matching(self, facts: Facts) -> Matching:
        """Those that do not answer no. The order is the same for every user."""

    def ids(self, facts: Facts) -> Ids:
        """Those that do not answer no, as numbers."""

    def bitmaps(self, facts: Facts) -> Bitmaps:
        """Those that do not answer no, as bits."""


def crowd_tree(crowd: Crowd, trees: Trees) -> Tree:
    return trees.build(crowd.condition)


def all_crowds(ruleset: RuleSet, trees: Trees) -> Crowds:
    return (Indexed if len(ruleset.crowds) >= INDEXED_FROM else OneByOne)(ruleset, trees)


class OneByOne:
    def __init__(self, ruleset: RuleSet, trees: Trees) -> None:
        defined = trees.define_all(f"crowd {name}" for name in ruleset.crowds)
        self._entries = {name: defined[f"crowd {name}"] for name in ruleset.crowds}

    def answers(self, facts: Facts) -> dict[str, Answer]:
        context = Context(facts)
        return {name: tree(context) for name, tree in self._entries.items()}

    def matching(self, facts: Facts) -> Matching:
        answers = self.answers(facts).items()
        return Matching(
            [name for name, answer in answers if answer], [name for name, answer in answers if answer is None]
        )

    def ids(self, facts: Facts) -> Ids:
        context = Context(facts)
        answers = [tree(context) for tree in self._entries.values()]
        return Ids(
            [place for place, answer in enumerate(answers) if answer],
            [place for place, answer in enumerate(answers) if answer is None],
        )

    def bitmaps(self, facts: Facts) -> Bitmaps:
        return Bitmaps(*(bitmap(ids, len(self._entries)) for ids in self.ids(facts)))


class Indexed:
    """Of the trees of crowds, those alone are made that something refers to."""

    def __init__(self, ruleset: RuleSet, trees: Trees) -> None:
        from compiler.decision.index import build_index  # with numpy, which small rule sets need not load
        from compiler.decision.index_names import Places

        conditions = {crowd.name: crowd.condition for crowd in ruleset.crowds.values()}
        self.index: Index = build_index(conditions, trees.entry, conditions.__getitem__)
        self._places = Places(self.index.names, list(conditions))
        self._none: dict[str, Answer] = dict.fromkeys(conditions, False)

    def answers(self, facts: Facts) -> dict[str, Answer]:
        found = self.matching(facts)
        answers = self._none.copy()
        answers.update(dict.fromkeys(found.yes, True))
        answers.update(dict.fromkeys(found.unknown))
        return answers

    def matching(self, facts: Facts) -> Matching:
        return Matching(*self.index.named(self.index.match(facts)))

    def ids(self, facts: Facts) -> Ids:
        matches = self.index.match(facts)
        if len(self._none) <= FEW:
            return Ids(*map(self._places.of_few, matches))
        return Ids(*map(self._places.ids, self.index.split(matches)))

    def bitmaps(self, facts: Facts) -> Bitmaps:
        return Bitmaps(*map(self._places.bitmap, self.index.split(self.index.match(facts))))


def bitmap(ids: Iterable[int], size: int) -> bytes:
    """Bits of which those are set, out of `size`."""
    octets = bytearray((size + 7) // 8)
    for id in ids:
        octets[id >> 3] |= 1 << (id & 7)
    return bytes(octets)
