"""Lives side by side: what two of them decided alike, and what one alone (ADR 17)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias
from zlib import decompress

import orjson

from server.replay.explaining import explanation
from server.replay.fitting import Ways
from server.replay.lives import Ended, Lived
from server.replay.pairs import Answered, Pair, Question, Status
from server.replay.programs import Programs
from server.replay.recorded import Recorded
from server.replay.report import Example
from server.replay.tally import Tally

Key: TypeAlias = tuple[str, str, str]
"""User, what it was asked about, and what was asked."""
Both: TypeAlias = tuple[Lived | None, Lived | None]
"""What each of two lives decided; one of them may not have been asked."""
Told: TypeAlias = tuple[list[Lived], Ended | None]
"""What was lived since the last time; and how it was, once it is over."""
Remarked: TypeAlias = Mapping[str, tuple[int, str]]
ABSENT = Answered()
IDLE = frozenset({None, "none"})
"""Verdicts of which nobody notices anything."""
MOST_REGRETS = 20
"""That are shown of a version."""


class LivedPair(NamedTuple):
    """`pair.question` is on the facts of the candidate's life, `before` on those of the base's; None where it was not asked there.
    Both are None where the answers are the same."""

    pair: Pair
    before: Question | None


class Pairing:
    """Makes pairs as soon as both lives have told."""

    def __init__(self) -> None:
        self._before: dict[Key, Lived] = {}
        self._after: dict[Key, Lived] = {}

    def __call__(self, before: Iterable[Lived], after: Iterable[Lived]) -> Iterator[Both]:
        """Of what is new in each."""
        self._before.update((key(each), each) for each in before)
        for each in after:
            if (other := self._before.pop(key(each), None)) is None:
                self._after[key(each)] = each
            else:
                yield other, each
        for name in [name for name in self._after if name in self._before]:
            yield self._before.pop(name), self._after.pop(name)

    def rest(self) -> Iterator[Both]:
        """What only one of them has decided."""
        yield from ((each, None) for each in self._before.values())
        yield from ((None, each) for each in self._after.values())


def key(lived: Lived) -> Key:
    return lived.user, lived.key, lived.asked


def place(both: Both) -> tuple[int, Key]:
    """Where it stands in time."""
    lived = later(both)
    return lived.time, key(lived)


def later(both: Both) -> Lived:
    """What the candidate decided, if it did."""
    before, after = both
    lived = after or before
    assert lived is not None
    return lived


def answers(both: Both) -> tuple[Answered, Answered]:
    before, after = both
    return before.answered if before else ABSENT, after.answered if after else ABSENT


def is_same(both: Both) -> bool:
    before, after = answers(both)
    return before == after or {before.verdict, after.verdict} <= IDLE


@dataclass(slots=True)
class Regrets:
    """Of one version: what it sent as known then and would not have with full knowledge, and the other way round. `first`: of those that
    it sent."""

    sent: int = 0
    missed: int = 0
    first: list[Both] = field(default_factory=list)

    def add(self, found: Iterable[Both]) -> None:
        """What it decided as known then, and with full knowledge."""
        for both in found:
            then, full = (each.verdict == "send" for each in answers(both))
            self.sent += then and not full
            self.missed += full and not then
            if then and not full and len(self.first) < MOST_REGRETS:
                self.first.append(both)


class ClosedLoop:
    """Counts the lives of two versions as they are told; with those of both with full knowledge, also what each regrets."""

    def __init__(self, programs: Programs) -> None:
        self.tally = Tally()
        self.regrets = Regrets(), Regrets()
        """Of base and candidate."""
        self.unlisted: tuple[str, ...] = ()
        """Lists of which nothing is known, so that nobody was on them."""
        self._programs, self._ways = programs, Ways()
        self._ended: list[Ended | None] = []

    def pairs(self, told: Iterable[Sequence[Told]]) -> Iterator[LivedPair]:
        """Those of answers that changed come last, in the order of time. `told`: by base and candidate; and, if at all, by both with
        full knowledge."""
        pairing, knowing = Pairing(), (Pairing(), Pairing())
        changed: list[Both] = []
        for each in told:
            lived, self._ended = [new for new, _ in each], [ended for _, ended in each]
            yield from self._same(pairing(*lived[:2]), changed)
            for regrets, over, then, full in zip(self.regrets, knowing, lived, lived[2:], strict=False):
                regrets.add(over(then, full))
        yield from self._same(pairing.rest(), changed)
        for regrets, over in zip(self.regrets, knowing, strict=True):
            regrets.add(over.rest())
        yield from map(self.pair, sorted(changed, key=place))

    def _same(self, found: Iterable[Both], changed: list[Both]) -> Iterator[LivedPair]:
        for both in found:
            if is_same(both):
                yield self.pair(both)
            else:
                changed.append(both)

    def pair(self, both: Both) -> LivedPair:
        lived, said = later(both), answers(both)
        status = Status.SAME if is_same(both) else Status.CHANGED
        before, after = (None if status is Status.SAME else self._question(each) for each in both)
        asked = orjson.loads(lived.asked)
        pair = Pair(lived.key, lived.user, lived.time, "decide", *said, status, asked, question=after)
        return LivedPair(pair, before)

    def _question(self, lived: Lived | None) -> Question | None:
        if lived is None:
            return None
        record = {
            "kind": "decide",
            "asked": lived.asked,
            "facts": decompress(lived.facts),
            "plan_versions": lived.pins,
        }
        return Recorded(record, self._programs(lived.version, lived.pins), self._ways)

    def examples(self, regrets: Regrets) -> tuple[Example, ...]:
        """With what was said as known then, and with full knowledge."""
        return tuple(map(self._example, regrets.first))

    def _example(self, both: Both) -> Example:
        pair, before = self.pair(both)
        why = [self._why(*each, pair) for each in zip(both, (before, pair.question), strict=True)]
        return Example(pair.id, pair.user, pair.time, pair.before, pair.after, *why)

    def _why(self, lived: Lived | None, question: Question | None, pair: Pair) -> str:
        if lived is None or question is None:
            return "nothing was asked at that time"
        return explanation(self._programs(lived.version, lived.pins), pair, question)

    def remark(self) -> None:
        """Puts into the tally what is to be known of events and users, once both lives are over."""
        before, after = (ended for ended in self._ended[:2] if ended)
        remarked(self.tally.left_out, before.left_out, after.left_out)
        remarked(self.tally.notes, before.noted, after.noted)
        self.unlisted = tuple(dict.fromkeys((*before.unlisted, *after.unlisted)))


def remarked(into: dict[str, tuple[int, str]], before: Remarked, after: Remarked) -> None:
    """What both lives remark is said once."""
    for why in dict.fromkeys((*before, *after)):
        if before.get(why) == after.get(why):
            into[why] = before[why]
        else:
            sides = {"base": before, "candidate": after}
            into.update({f"{why}, for the {side}": said[why] for side, said in sides.items() if why in said})
