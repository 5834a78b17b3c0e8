"""What a closed loop lives through, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from server.ports.rules import RuleFiles
from server.replay.pairs import Answered


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
    one. `until`: the instant, in microseconds, until which what waits is looked at, if that is behind the last event."""

    stages: tuple[Stage, ...]
    decide: str = ""
    knowledge: Knowledge = Knowledge.THEN
    until: int = 0


@dataclass(frozen=True, slots=True)
class Lived:
    """A decision of a life. `key`: the event that was asked about, or what came due: the same in every life.

    `version`, `pins`, `asked` and `facts`, which are compressed, are as on record.
    """

    key: str
    user: str
    time: int
    asked: str
    answered: Answered
    version: str
    pins: tuple[str, ...]
    facts: bytes


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
