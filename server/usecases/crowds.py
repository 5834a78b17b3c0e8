"""Is a user in these crowds, and in which crowds are they?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compiler.cases.seen import Looking, Seen
from compiler.manifest import OfCrowds
from compiler.types import UNAVAILABLE, Answer
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.grounds import Ground, Grounds
from server.usecases.refusals import UnknownName
from server.usecases.subject import Subject


@dataclass(frozen=True, slots=True)
class Crowds:
    """Answers by the name of the crowd or list, in the order asked for or of the rules.

    `seen`: by crowd, the conditions that decided; empty unless asked for.
    """

    answers: Mapping[str, Answer]
    grounds: Grounds
    seen: Mapping[str, Sequence[Seen]] = field(default_factory=dict)


class CheckCrowds:
    """Membership in named crowds and lists."""

    def __init__(self, active: ActiveRules, ground: Ground) -> None:
        self._active = active
        self._ground = ground

    async def __call__(
        self, subject: Subject, names: Sequence[str], as_of: int | None, *, explain: bool
    ) -> Crowds:
        """Raises NoActiveRules, UnknownName, InvalidRequest."""
        serving = self._active.require()
        require_groups(serving, names)
        grounds = await self._ground(serving, OfCrowds(tuple(sorted(names))), subject, as_of)
        answers = {name: membership(grounds, name) for name in names}
        return Crowds(answers, grounds, {name: seen(grounds, name) for name in names} if explain else {})


class ListCrowds:
    """Membership in every crowd."""

    def __init__(self, active: ActiveRules, ground: Ground) -> None:
        self._active = active
        self._ground = ground

    async def __call__(self, subject: Subject, as_of: int | None) -> Crowds:
        """Raises NoActiveRules, InvalidRequest."""
        serving = self._active.require()
        grounds = await self._ground(serving, OfCrowds(), subject, as_of)
        return Crowds(serving.program.crowds(grounds.facts), grounds)


def require_groups(serving: Serving, names: Sequence[str]) -> None:
    declared = (*serving.ruleset.crowds, *serving.ruleset.lists)
    for name in names:
        if name not in serving.ruleset.crowds and name not in serving.ruleset.lists:
            raise UnknownName("crowd", name, declared, serving.ruleset.hash)


def membership(grounds: Grounds, name: str) -> Answer:
    if name in grounds.serving.ruleset.crowds:
        return grounds.serving.program.crowd(name, grounds.facts)
    held = grounds.facts.lists[name]
    return None if held is UNAVAILABLE else held


def seen(grounds: Grounds, name: str) -> list[Seen]:
    """The conditions of a crowd that decided; a list has none."""
    ruleset, program = grounds.serving.ruleset, grounds.serving.program
    if name not in ruleset.crowds:
        return []
    key = f"crowd {name}"
    looking = Looking(ruleset, program, grounds.facts, lambda span: ruleset.place(key, span))
    return list(dict.fromkeys(looking.blame(ruleset.crowds[name].condition)))
