"""Which line is to blame for an answer that changed, by taking its change out again (ADR 17).

But-for cause and what follows it where there is none: Halpern, *Actual Causality*, 2016. A smallest set is found by leaving
out one change after the other, as in delta debugging (Zeller and Hildebrandt, 2002).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TypeAlias

from compiler.checked.ir import RuleSet
from compiler.driver import compile_ruleset
from dsl.source import Source
from server.ports.rules import RuleFiles
from server.replay.answering import Answering
from server.replay.hunks import Difference, Hunk
from server.replay.pairs import Answered, Question
from server.replay.questions import CannotAnswer

Group: TypeAlias = frozenset[Hunk]
"""Hunks that only make sense together."""
NONE: Group = frozenset()
MOST_PAIRED = 12
"""Hunks that do not stand alone, for which another one is looked for that they go with."""


class Blame:
    """Two versions, and what lies between them. `groups`: what can be to blame, in the order of the text. Compiles what
    it needs; for one process and thread. `whole`: the candidate."""

    def __init__(self, base: RuleFiles, candidate: RuleFiles) -> None:
        """Both have to compile."""
        self.difference = Difference(base, candidate)
        self._rulesets: dict[Group, RuleSet | None] = {}
        self._answering: dict[Group, Answering] = {}
        self.whole: Group = frozenset(self.difference.hunks)
        self.groups = tuple(sorted(self._grouped(), key=min))

    def causes(self, question: Question) -> tuple[int, ...]:
        """The groups that are to blame for what the candidate answers otherwise, by their number; none where it answers
        as the base does."""
        before, after = self._answer(NONE, question), self._answer(self.whole, question)
        if before == after:
            return ()
        numbers = range(len(self.groups))
        but_for = [
            each for each in numbers if self._answer(self.whole - self.groups[each], question) == before
        ]
        if but_for:
            return tuple(but_for)
        enough = [each for each in numbers if self._answer(self.groups[each], question) == after]
        return tuple(enough) or self._smallest(question, after)

    def _smallest(self, question: Question, after: Answered | None) -> tuple[int, ...]:
        """Groups that bring the new answer together, and none of which can be left out."""
        kept = list(range(len(self.groups)))
        for each in tuple(kept):
            others = [other for other in kept if other != each]
            if self._answer(NONE.union(*(self.groups[other] for other in others)), question) == after:
                kept = others
        return tuple(kept)

    def _answer(self, chosen: Group, question: Question) -> Answered | None:
        """None where this version has no answer."""
        try:
            return question.answer(self.answering(chosen))
        except CannotAnswer:
            return None

    # ---- versions between

    def answering(self, chosen: Group) -> Answering:
        """The base with these hunks of the candidate."""
        if chosen not in self._answering:
            ruleset = self._ruleset(chosen)
            assert ruleset is not None
            self._answering[chosen] = Answering(ruleset, self._sources(chosen))
        return self._answering[chosen]

    def _ruleset(self, chosen: Group) -> RuleSet | None:
        if chosen not in self._rulesets:
            files = self.difference.between(chosen)
            self._rulesets[chosen] = compile_ruleset(files.files, beside=files.modules).ruleset
        return self._rulesets[chosen]

    def _sources(self, chosen: Group) -> tuple[Source, ...]:
        files = self.difference.between(chosen)
        return (*files.files, *files.modules)

    # ---- which hunks go together

    def _grouped(self) -> list[Group]:
        """Hunks that mean something, each by itself where it can stand alone."""
        telling = [frozenset({hunk}) for hunk in self.difference.hunks if self._means_something(hunk)]
        alone = [each for each in telling if self._stands(each)]
        groups = [*alone, *self._together([each for each in telling if each not in alone])]
        return groups if all(map(self._stands, groups)) else [self.whole]

    def _means_something(self, hunk: Hunk) -> bool:
        """Layout and comments leave the hash as it is."""
        made, base = self._ruleset(frozenset({hunk})), self._ruleset(NONE)
        return made is None or base is None or made.hash != base.hash

    def _stands(self, group: Group) -> bool:
        """Whether the base with it and the candidate without it are versions."""
        return all(self._ruleset(each) is not None for each in (group, self.whole - group))

    def _together(self, broken: Sequence[Group]) -> Iterator[Group]:
        """Pairs that can stand, as of a new crowd and the line that names it; what is left goes together."""
        left = list(broken)
        for one, other in combinations(broken, 2) if len(broken) <= MOST_PAIRED else ():
            if one in left and other in left and self._stands(one | other):
                left = [each for each in left if each not in (one, other)]
                yield one | other
        if left:
            yield NONE.union(*left)
