"""Which line is to blame for an answer that changed, by taking its change out again (ADR 17).

But-for cause and what follows it where there is none: Halpern, *Actual Causality*, 2016. A smallest set is found by leaving
out one change after the other, as in delta debugging (Zeller and Hildebrandt, 2002).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TypeAlias

from compiler.driver import compile_ruleset
from server.replay.answering import Answering
from server.replay.hunks import Difference, Hunk
from server.replay.pairs import Answered, Question
from server.replay.programs import Programs
from server.replay.questions import CannotAnswer

Group: TypeAlias = frozenset[Hunk]
"""Hunks that only make sense together."""
NONE: Group = frozenset()
MOST_PAIRED = 12
"""Hunks that do not stand alone, for which another one is looked for that they go with."""


class Blame:
    """Two versions, and what lies between them. `groups`: what can be to blame, in the order of the text; `whole`: the candidate."""

    def __init__(self, programs: Programs, base: str, candidate: str) -> None:
        """`programs`: of both, and of what lies between them. Raises CannotAnswer for a version that is not known, and OSError."""
        self.difference = Difference(programs.rules(base), programs.rules(candidate))
        self._programs = programs
        self._versions: dict[Group, str | None] = {NONE: base, frozenset(self.difference.hunks): candidate}
        self.whole: Group = frozenset(self.difference.hunks)
        self.groups = tuple(sorted(self._grouped(), key=min))

    def causes(self, question: Question) -> tuple[int, ...]:
        """The groups that are to blame for what the candidate answers otherwise, by their number; none where it answers
        as the base does."""
        before, after = self._answer(NONE, question), self._answer(self.whole, question)
        return self.causes_of(question, before, after) if before != after else ()

    def causes_of(
        self, question: Question, before: Answered | None, after: Answered | None
    ) -> tuple[int, ...]:
        """The same where it is known what both answer, and that it is not alike."""
        numbers = range(len(self.groups))
        but_for = (
            each for each in numbers if self._answer(self.whole - self.groups[each], question) == before
        )
        enough = (each for each in numbers if self._answer(self.groups[each], question) == after)
        return tuple(but_for) or tuple(enough) or self._smallest(question, after)

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
            return question.answer(self.answering(chosen, question))
        except CannotAnswer:
            return None

    # ---- versions between

    def answering(self, chosen: Group, question: Question) -> Answering:
        """The base with these hunks of the candidate, as it stands for that question."""
        version = self._version(chosen)
        assert version is not None
        return self._programs(version, question.pins)

    def _version(self, chosen: Group) -> str | None:
        """Its name; None if it does not compile."""
        if chosen not in self._versions:
            rules = self.difference.between(chosen)
            ruleset = compile_ruleset(rules.files, beside=rules.modules).ruleset
            self._versions[chosen] = None if ruleset is None else ruleset.hash
            if ruleset is not None:
                self._programs.give(ruleset.hash, rules)
        return self._versions[chosen]

    # ---- which hunks go together

    def _grouped(self) -> list[Group]:
        """Hunks that mean something, each by itself where it can stand alone."""
        telling = [frozenset({hunk}) for hunk in self.difference.hunks if self._means_something(hunk)]
        alone = [each for each in telling if self._stands(each)]
        groups = [*alone, *self._together([each for each in telling if each not in alone])]
        return groups if all(map(self._stands, groups)) else [self.whole]

    def _means_something(self, hunk: Hunk) -> bool:
        """Layout and comments leave the hash as it is."""
        return self._version(frozenset({hunk})) != self._version(NONE)

    def _stands(self, group: Group) -> bool:
        """Whether the base with it and the candidate without it are versions."""
        return all(self._version(each) is not None for each in (group, self.whole - group))

    def _together(self, broken: Sequence[Group]) -> Iterator[Group]:
        """Pairs that can stand, as of a new crowd and the line that names it; what is left goes together."""
        left = list(broken)
        for one, other in combinations(broken, 2) if len(broken) <= MOST_PAIRED else ():
            if one in left and other in left and self._stands(one | other):
                left = [each for each in left if each not in (one, other)]
                yield one | other
        if left:
            yield NONE.union(*left)
