"""What is on record as asked: the facts that it wants, and who answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import orjson

from compiler.facts import Facts
from compiler.manifest import EntryPoint, OfCrowds, OfDecide
from compiler.outcome_to_json import Outcome
from compiler.types import Answer
from server.usecases.active_rules import Serving
from server.usecases.check_contact import from_json, question, question_for_good
from server.usecases.crowds import require_groups
from server.usecases.refusals import UnknownName


class CannotAnswer(Exception):
    """A record is of no use, or a version has no answer to it. The text says why, in words, and shows no fact."""


def parsed(text: Any, what: str) -> dict[str, Any]:
    """An object in JSON. Raises CannotAnswer."""
    try:
        found = orjson.loads(text)
    except (orjson.JSONDecodeError, TypeError) as error:
        raise CannotAnswer(f"its {what} cannot be read") from error
    if not isinstance(found, dict):
        raise CannotAnswer(f"its {what} cannot be read")
    return found


Asked: TypeAlias = Mapping[str, Any]
Question: TypeAlias = tuple[EntryPoint, Callable[[Facts], Outcome]]


def decided(serving: Serving, asked: Asked) -> Question:
    decides, name = serving.ruleset.decides, asked["decide"]
    if name not in decides:
        raise UnknownName("decide", name, decides, serving.version)
    return OfDecide(name), partial(serving.program.decide, name)


def contacted(serving: Serving, asked: Asked) -> Question:
    return question(serving, from_json(asked))


def reserved(serving: Serving, asked: Asked) -> Question:
    return question_for_good(serving, from_json(asked))


def checked(serving: Serving, asked: Asked) -> Question:
    names = tuple(asked["crowds"])
    require_groups((serving,), names)

    def answers(facts: Facts) -> dict[str, Answer]:
        return {name: serving.membership(name, facts) for name in names}

    return OfCrowds(tuple(sorted(names))), answers


def listed(serving: Serving, asked: Asked) -> Question:
    return OfCrowds(), serving.program.crowds


QUESTIONS: Mapping[str, Callable[[Serving, Asked], Question]] = {
    "decide": decided,
    "match_plan": decided,
    "reserve": reserved,
    "check_contact": contacted,
    "check_crowds": checked,
    "list_crowds": listed,
}
"""By kind of record. They raise UnknownName for what a version does not have."""
