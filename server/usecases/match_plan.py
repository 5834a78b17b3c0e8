"""Which plan is best for a user, and what became of the others?"""

from __future__ import annotations

from compiler.manifest import OfDecide
from compiler.outcome import Decision
from dsl.frozen import dataclass
from server.usecases.active_rules import Serving
from server.usecases.choice import Choice
from server.usecases.grounds import Ground, Grounds
from server.usecases.pinning import Pinning
from server.usecases.refusals import NothingToDecide, UnknownName
from server.usecases.subject import Subject


@dataclass(frozen=True, slots=True)
class Matched:
    """The decision, reserving nothing, and what it rests on."""

    decision: Decision
    grounds: Grounds


class MatchPlan:
    """The decision of one `decide`, as advice."""

    def __init__(self, choose: Choice, ground: Ground, pinning: Pinning) -> None:
        self._choose = choose
        self._ground = ground
        self._pinning = pinning

    async def __call__(self, subject: Subject, decide: str, as_of: int | None) -> Matched:
        """An empty `decide` is the only one. Raises NoActiveRules, UnknownName, NothingToDecide, InvalidRequest."""
        serving = await self._choose(subject, as_of)
        name = decide_named(serving, decide)
        grounds = await self._ground(serving, OfDecide(name), subject, as_of)
        grounds = await self._pinning(grounds, name, subject)
        self._ground.require("plans", grounds)
        decision = grounds.serving.program.decide(name, grounds.facts)
        await self._ground.record("match_plan", {"decide": name}, grounds, decision)
        return Matched(decision, grounds)


def decide_named(serving: Serving, decide: str) -> str:
    """The name of a `decide`; empty is the only one. Raises UnknownName, NothingToDecide."""
    name = decide or only_decide(serving)
    if name not in serving.ruleset.decides:
        raise UnknownName("decide", name, serving.ruleset.decides, serving.version)
    return name


def only_decide(serving: Serving) -> str:
    decides = list(serving.ruleset.decides)
    if len(decides) == 1:
        return decides[0]
    known = (
        f"say which of {', '.join(f'`{name}`' for name in decides[:12])}"
        if decides
        else "the rules declare no `decide`"
    )
    raise NothingToDecide(f"no `decide` is named; {known}", {"version": serving.version})
