"""Which answers the conditions and limits of a version give on what is replayed.

The reference interpreter tells, as for tests (`compiler.cases.coverage`); as that takes milliseconds for a decision, some of many are looked
at: the same ones however the work is divided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from compiler.cases.coverage import Counts, Coverage, Walk
from compiler.cases.limits_met import Spot
from server.replay.answering import Answering
from server.replay.counting import digest
from server.replay.pairs import Pair
from server.replay.questions import CannotAnswer
from server.replay.report import Covered

MOST = 5_000
"""Decisions that are looked at, about."""
Counted: TypeAlias = dict[Spot, Counts]


class Covering:
    """Looks at pairs of one version."""

    def __init__(self, answering: Answering, counted: Counted, records: int) -> None:
        """`counted` is added to. `records`: so many are replayed in all."""
        self.counted = counted
        self._answering = answering
        self._coverage = Coverage(answering.ruleset, counted)
        self._every = max(1, records // MOST)

    def takes(self, id: str) -> bool:
        """Whether it is one of those that are looked at."""
        return digest(id) % self._every == 0

    def __call__(self, pair: Pair) -> bool:
        """Whether it was looked at."""
        if pair.question is None or not self.takes(pair.id):
            return False
        try:
            walk = self._coverage.walk(pair.question.facts(self._answering))
        except CannotAnswer:
            return False
        LOOKS[pair.kind](walk, pair.asked)
        walk.finish()
        return True


def decided(walk: Walk, asked: Mapping[str, Any]) -> None:
    walk.decide(asked["decide"])


def contacted(walk: Walk, asked: Mapping[str, Any]) -> None:
    """Of a message that is no plan's nothing is looked at but who is blocked."""
    walk.blocks()
    if "plan" in asked:
        walk.policies(walk.ruleset.plans[asked["plan"]])


def in_crowds(walk: Walk, asked: Mapping[str, Any]) -> None:
    known = walk.ruleset.crowds
    for name in asked.get("crowds", known):
        if name in known:
            walk.crowd_named(name)


LOOKS: Mapping[str, Callable[[Walk, Mapping[str, Any]], None]] = {
    "decide": decided,
    "match_plan": decided,
    "reserve": contacted,
    "check_contact": contacted,
    "check_crowds": in_crowds,
    "list_crowds": in_crowds,
}


def covered(answering: Answering, counted: Counted) -> Iterable[Covered]:
    """Every condition and limit of the version, in the order of its definitions."""
    coverage = Coverage(answering.ruleset, counted)
    for spot, counts in coverage.counts.items():
        place = coverage.place(spot)
        yield Covered(spot[0], str(place), answering.texts.at(place), counts.yes, counts.no, counts.unknown)
