"""Is a user in these crowds, and in which crowds are they?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compiler.explain.asked import Asked
from compiler.explain.conditions import explained
from compiler.explain.node import Node
from compiler.manifest import OfCrowds
from compiler.types import UNAVAILABLE, Answer
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.grounds import Ground, Grounds
from server.usecases.refusals import UnknownName
from server.usecases.subject import Subject


@dataclass(frozen=True, slots=True)
class Crowds:
    """Answers by the name of the crowd or list, in the order asked for or of the rules.

    `explanations`: by crowd, what its answer was made of; empty unless asked for.
    """

    answers: Mapping[str, Answer]
    grounds: Grounds
    explanations: Mapping[str, Node | None] = field(default_factory=dict)


class CheckCrowds:
    """Membership in named crowds and lists."""

    def __init__(self, active: ActiveRules, ground: Ground) -> None:
        self._active = active
        self._ground = ground

    async def __call__(
        self, subject: Subject, names: Sequence[str], as_of: int | None, *, explain: bool
    ) -> Crowds:
        """Raises NoActiveRules, UnknownName, InvalidRequest."""
        serving = self._active.for_user(subject.user)
        require_groups(serving, names)
        grounds = await self._ground(serving, OfCrowds(tuple(sorted(names))), subject, as_of)
        answers = {name: membership(grounds, name) for name in names}
        explanations = {name: explanation(grounds, name) for name in names} if explain else {}
        return Crowds(answers, grounds, explanations)


class ListCrowds:
    """Membership in every crowd."""

    def __init__(self, active: ActiveRules, ground: Ground) -> None:
        self._active = active
        self._ground = ground

    async def __call__(self, subject: Subject, as_of: int | None) -> Crowds:
        """Raises NoActiveRules, InvalidRequest."""
        serving = self._active.for_user(subject.user)
        grounds = await self._ground(serving, OfCrowds(), subject, as_of)
        return Crowds(serving.program.crowds(grounds.facts), grounds)


def require_groups(serving: Serving, names: Sequence[str]) -> None:
    declared = (*serving.ruleset.crowds, *serving.ruleset.lists)
    for name in names:
        if name not in serving.ruleset.crowds and name not in serving.ruleset.lists:
            raise UnknownName("crowd", name, declared, serving.version)


def membership(grounds: Grounds, name: str) -> Answer:
    if name in grounds.serving.ruleset.crowds:
        return grounds.serving.program.crowd(name, grounds.facts)
    held = grounds.facts.lists[name]
    return None if held is UNAVAILABLE else held


def explanation(grounds: Grounds, name: str) -> Node | None:
    """What a crowd's answer was made of; a list is made of nothing."""
    serving = grounds.serving
    crowd = serving.ruleset.crowds.get(name)
    if crowd is None:
        return None
    return explained(Asked(serving.program), serving.texts, grounds.facts, crowd.condition, crowd.key)
