"""What a closed loop lives through, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, TypeAlias

from compiler.checked.ir import RuleSet
from compiler.wire.errors import unknown
from server.ports.rules import RuleFiles
from server.replay.pairs import Answered
from server.usecases.refusals import InvalidRequest, Violation

Name: TypeAlias = tuple[str, str, str]
"""User, decision id, and what was asked."""


class Knowledge(Enum):
    """THEN: an event is known once it has arrived. FULL: from when it happened on."""

    THEN = "then"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Stage:
    """Rules that serve everybody from an instant on, in microseconds; None is from the start."""

    rules: RuleFiles
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """`stages` follow each other. `decide`: asked about every event; empty are those of which a plan waits for its type, or the only
    one. `until`: the instant, in microseconds, until which what waits is looked at, if that is behind the last event. `beside`: rules that
    are to be asked about the same later on, for which facts are gathered, too."""

    stages: tuple[Stage, ...]
    decide: str = ""
    knowledge: Knowledge = Knowledge.THEN
    until: int = 0
    beside: tuple[RuleFiles, ...] = ()


@dataclass(frozen=True, slots=True)
class How:
    """How two versions live a history. `decide`, `until`: as `Life` has them. `knowledge`: of one kind, or of both. `switch`: the instant, in
    microseconds, at which the candidate follows the base; None is from the start. `coverage`: whether that is counted."""

    decide: str = ""
    knowledge: tuple[Knowledge, ...] = (Knowledge.THEN,)
    switch: int | None = None
    until: int = 0
    coverage: bool = False

    def require(self, *rulesets: RuleSet) -> None:
        """Raises InvalidRequest for a decide that none of them has."""
        known = {name: None for each in rulesets for name in each.decides}
        if self.decide and self.decide not in known:
            raise InvalidRequest([Violation("decide", unknown("decide", self.decide, known))])

    def lives(self, base: RuleFiles, candidate: RuleFiles) -> list[Life]:
        """Of base and candidate, of each kind of knowledge."""
        after = [Stage(candidate)] if self.switch is None else [Stage(base), Stage(candidate, self.switch)]
        return [
            Life(tuple(stages), self.decide, each, self.until, (base, candidate))
            for each in self.knowledge
            for stages in ([Stage(base)], after)
        ]


@dataclass(frozen=True, slots=True)
class Lived:
    """A decision of a life. `id`: of the event that was asked about, or of what came due, and what was asked: the same in every life.

    `version` and `asked` are as on record; `pins`: of plans that other versions opened, `activity=version`.
    """

    id: str
    user: str
    time: int
    asked: str
    answered: Answered
    version: str
    pins: tuple[str, ...]

    @property
    def name(self) -> Name:
        """By which it is known in the other life, too."""
        return self.user, self.id, self.asked


class Remarks:
    """By what is to be said of events or users, of how many, and which was the first."""

    def __init__(self) -> None:
        self.said: dict[str, tuple[int, str]] = {}

    def add(self, why: str, place: str) -> None:
        count, first = self.said.get(why, (0, place))
        self.said[why] = count + 1, first


@dataclass(frozen=True, slots=True)
class Ended:
    """How a life was. `left_out`: what could not be used; `noted`: what could, and is strange; see `Remarks.said`. `unlisted`: lists of
    which nothing is known, so that nobody was on them."""

    versions: tuple[str, ...]
    left_out: Mapping[str, tuple[int, str]]
    noted: Mapping[str, tuple[int, str]]
    unlisted: tuple[str, ...]


class Told(NamedTuple):
    """What was lived since the last time; of how many events a life has heard; and how it was, once it is over."""

    lived: Sequence[Lived]
    heard: int = 0
    ended: Ended | None = None
