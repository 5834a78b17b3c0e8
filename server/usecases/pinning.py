"""Which version judges a plan that waits for a user: the one that opened its occurrence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from compiler.manifest import OfDecide
from dsl.frozen import dataclass
from server.usecases.grounds import Ground, Grounds
from server.usecases.occurrences import judges
from server.usecases.subject import Subject
from server.usecases.versions import Versions


@dataclass(frozen=True, slots=True)
class Pinning:
    """Lays grounds anew where plans of a decide wait by other versions."""

    versions: Versions
    ground: Ground

    async def __call__(self, grounds: Grounds, decide: str, subject: Subject) -> Grounds:
        """Grounds on which these plans are judged by the versions that opened their occurrences, as of the same
        revision, or an earlier one on which nothing is taken; the same grounds where there are none."""
        serving = grounds.serving
        for version, plans in waiting(grounds, decide).items():
            serving = await self.versions.pinned(serving, version, plans)
        if serving is grounds.serving:
            return grounds
        anew = await self.ground(serving, OfDecide(decide), subject, None)
        revision = earlier(grounds.revision, anew.revision)
        failed = grounds.failed or anew.failed
        return replace(anew, revision=revision, open=grounds.open, unjudged=grounds.unjudged, failed=failed)


def earlier(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else min(one, other)


def waiting(grounds: Grounds, decide: str) -> Mapping[str, frozenset[str]]:
    """By other version, its plans of the decide that are judged by it."""
    if not grounds.open:
        return {}
    serving = grounds.serving
    activities = {serving.ruleset.plans[name].activity for name in serving.ruleset.decides[decide].plans}
    judging = judges(grounds.open, grounds.facts)
    plans: defaultdict[str, set[str]] = defaultdict(set)
    for each in grounds.open:
        version = judging[each.activity]
        if each.activity in activities and each.version == version != serving.version:
            plans[version].add(each.plan)
    return {version: frozenset(plans[version]) for version in sorted(plans)}
