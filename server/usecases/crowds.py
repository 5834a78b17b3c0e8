"""Is a user in these crowds, and in which crowds are they?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from enum import Enum
from functools import partial
from typing import Any

from compiler.checked.ir import RuleSet
from compiler.decision.crowds import bitmap
from compiler.decision.program import Program
from compiler.explain.asked import Asked
from compiler.explain.conditions import explained
from compiler.explain.node import Node
from compiler.facts import Facts
from compiler.manifest import OfCrowds
from compiler.types import Answer
from dsl.frozen import dataclass
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.at_once import Failure, Work, each_of
from server.usecases.choice import Choice
from server.usecases.grounds import Common, Ground, Grounds
from server.usecases.refusals import InvalidRequest, UnknownName
from server.usecases.subject import Subject
from server.usecases.versions import Versions


@dataclass(frozen=True, slots=True)
class Crowds:
    """Answers by the name of the crowd or list, in the order asked for or of the rules.

    `explanations`: by crowd, what its answer was made of; empty unless asked for.
    """

    answers: Mapping[str, Answer]
    grounds: Grounds
    explanations: Mapping[str, Node | None] = field(default_factory=dict)


class Form(Enum):
    """How crowds are told: by name, by id, or as bits by id. Ids are those of `Program.groups`."""

    NAMES = "names"
    IDS = "ids"
    BITMAP = "bitmap"


Members = Sequence[str] | Sequence[int] | bytes


@dataclass(frozen=True, slots=True)
class Told:
    """The crowds that hold a user, and those of which it is unknown, in a form; those of neither do not."""

    form: Form
    yes: Members
    unknown: Members
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Many:
    """What is told of each of many users, or why it is not, and what these answers have in common."""

    common: Common
    results: Sequence[Told | Failure]


Subjects = Sequence[Subject | InvalidRequest]
"""Users that are asked about, or why they cannot be meant, which is told in their place."""


class CheckCrowds:
    """Membership in named crowds and lists."""

    def __init__(self, choose: Choice, ground: Ground) -> None:
        self._choose = choose
        self._ground = ground

    async def __call__(
        self, subject: Subject, names: Sequence[str], as_of: int | None, *, explain: bool
    ) -> Crowds:
        """Raises NoActiveRules, UnknownName, InvalidRequest."""
        serving = await self._choose(subject, as_of)
        require_groups((serving,), names)
        grounds = await self._ground(serving, OfCrowds(tuple(sorted(names))), subject, as_of)
        self._ground.require("crowds", grounds)
        answers = {name: serving.membership(name, grounds.facts) for name in names}
        explanations = {name: explanation(grounds, name) for name in names} if explain else {}
        await self._ground.record("check_crowds", {"crowds": list(names)}, grounds, answers)
        return Crowds(answers, grounds, explanations)

    async def tell(self, subject: Subject, names: Sequence[str], form: Form, as_of: int | None) -> Told:
        """What is told is of the crowds named alone. Raises what `__call__` does."""
        crowds = await self(subject, names, as_of, explain=False)
        form_of = partial(SOME[form], crowds.grounds.serving.program)
        answers = crowds.answers.items()
        yes = [name for name, answer in answers if answer]
        unknown = [name for name, answer in answers if answer is None]
        return Told(form, form_of(yes), form_of(unknown), crowds.grounds)

    async def many(self, subjects: Subjects, names: Sequence[str], form: Form, as_of: int | None) -> Many:
        """Raises NoActiveRules, UnknownName."""
        servings = self._choose.active.all()
        require_groups(servings, names)
        return await many(
            subjects,
            self._ground.common(servings[0], as_of),
            lambda subject, now: self.tell(subject, names, form, now),
        )


class ListCrowds:
    """Membership in every crowd."""

    def __init__(self, choose: Choice, ground: Ground) -> None:
        self._choose = choose
        self._ground = ground

    async def __call__(self, subject: Subject, as_of: int | None) -> Crowds:
        """Raises NoActiveRules, InvalidRequest."""
        serving = await self._choose(subject, as_of)
        grounds = await self._ground(serving, OfCrowds(), subject, as_of)
        self._ground.require("crowds", grounds)
        answers = serving.program.crowds(grounds.facts)
        await self._ground.record("list_crowds", {}, grounds, answers)
        return Crowds(answers, grounds)

    async def tell(self, subject: Subject, form: Form, as_of: int | None) -> Told:
        """Raises what `__call__` does."""
        serving = await self._choose(subject, as_of)
        grounds = await self._ground(serving, OfCrowds(), subject, as_of)
        self._ground.require("crowds", grounds)
        told = Told(form, *ALL[form](serving.program, grounds.facts), grounds)
        await self._ground.record("list_crowds", {}, grounds, partial(answers_of, told))
        return told

    async def many(self, subjects: Subjects, form: Form, as_of: int | None) -> Many:
        """Raises NoActiveRules."""
        common = self._ground.common(self._choose.active.all()[0], as_of)
        return await many(subjects, common, lambda subject, now: self.tell(subject, form, now))


async def many(subjects: Subjects, common: Common, tell: Callable[[Subject, int], Work[Told]]) -> Many:
    async def told(subject: Subject | InvalidRequest) -> Told:
        if isinstance(subject, InvalidRequest):
            raise subject
        return await tell(subject, common.now)

    return Many(common, await each_of(map(told, subjects)))


def names_of(program: Program, facts: Facts) -> tuple[list[str], list[str]]:
    yes, unknown = program.crowd_ids(facts)
    return [program.groups[id] for id in yes], [program.groups[id] for id in unknown]


ALL: Mapping[Form, Callable[[Program, Facts], tuple[Members, Members]]] = {
    Form.NAMES: names_of,
    Form.IDS: Program.crowd_ids,
    Form.BITMAP: Program.crowd_bitmaps,
}
"""The crowds that do not answer no."""
SOME: Mapping[Form, Callable[[Program, Sequence[str]], Members]] = {
    Form.NAMES: lambda _, names: names,
    Form.IDS: lambda program, names: sorted(program.ids[name] for name in names),
    Form.BITMAP: lambda program, names: bitmap((program.ids[name] for name in names), len(program.groups)),
}
"""Crowds and lists that are named."""


def answers_of(told: Told) -> Mapping[str, Answer]:
    """The answers that are not no: for the record, which is written down later."""
    groups, names = told.grounds.serving.program.groups, NAMES[told.form]
    return dict.fromkeys(names(groups, told.yes), True) | dict.fromkeys(names(groups, told.unknown))


NAMES: Mapping[Form, Callable[[Sequence[str], Any], Iterable[str]]] = {
    Form.NAMES: lambda _, names: names,
    Form.IDS: lambda groups, ids: (groups[id] for id in ids),
    Form.BITMAP: lambda groups, bits: (
        name for id, name in zip(range(8 * len(bits)), groups, strict=False) if bits[id // 8] >> id % 8 & 1
    ),
}


class CrowdDictionary:
    """What ids stand for."""

    def __init__(self, active: ActiveRules, versions: Versions) -> None:
        self._active = active
        self._versions = versions

    async def __call__(self, version: str) -> RuleSet:
        """The rule set that has these ids; that which served first of those that do if `version` is empty. Raises
        NoActiveRules and what `Versions.load` does."""
        servings = self._active.all()
        serving = {"": servings[0], **{each.version: each for each in servings}}.get(version)
        return (await self._versions.load(version)).ruleset if serving is None else serving.ruleset


def require_groups(servings: Sequence[Serving], names: Sequence[str]) -> None:
    """Names that none of these versions declares are refused."""
    for name in names:
        if not any(name in serving.program.ids for serving in servings):
            raise UnknownName("crowd", name, servings[0].program.groups, servings[0].version)


def explanation(grounds: Grounds, name: str) -> Node | None:
    """What a crowd's answer was made of; a list is made of nothing."""
    serving = grounds.serving
    crowd = serving.ruleset.crowds.get(name)
    if crowd is None:
        return None
    return explained(Asked(serving.program), serving.texts, grounds.facts, crowd.condition, crowd.key)
