"""Lives side by side: what two of them decided alike, and what one alone (ADR 17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeAlias

import orjson

from server.replay.explaining import explanation
from server.replay.known import Known, Relived
from server.replay.lives import Ended, Lived, Name, Told
from server.replay.pairs import SEND, Answered, Pair, Question, Status
from server.replay.programs import Programs
from server.replay.report import Example
from server.replay.tally import Tally

Both: TypeAlias = tuple[Lived | None, Lived | None]
"""What each of two lives decided; one of them may not have been asked."""
Remarked: TypeAlias = Mapping[str, tuple[int, str]]
ABSENT = Answered()
IDLE = frozenset({None, "none"})
"""Verdicts of which nobody notices anything."""
MOST_REGRETS = 20
"""That are shown."""


class Teller(Protocol):
    """A life. What it knew when it decided is kept until that is let go."""

    def go_on(self, let_go: Sequence[Name]) -> None:
        """Live on, until there is something to be told."""

    def told(self) -> Told:
        """What was lived, once it has gone on."""

    def known(self, name: Name) -> Callable[[], Known]:
        """What it knew when it told of that."""


class LivedPair(NamedTuple):
    """`pair.question` is on what the candidate knew, `before` on what the base did; None where it was not asked, or where the
    answers are the same and nobody looks at them."""

    pair: Pair
    before: Question | None


class Telling:
    """A life as it is told to so many `listeners`."""

    def __init__(self, teller: Teller, listeners: int, programs: Programs) -> None:
        self._teller, self._listeners, self._programs = teller, listeners, programs
        self._through: Counter[Name] = Counter()
        self._let_go: list[Name] = []
        self.last = Told(())

    def go_on(self) -> None:
        self._teller.go_on(self._let_go)
        self._let_go = []

    def listen(self) -> Sequence[Lived]:
        self.last = self._teller.told()
        return self.last.lived

    def question(self, lived: Lived) -> Question:
        """To be asked for before it is let go."""
        then = self._programs(lived.version, lived.pins)
        return Relived(lived, then, self._teller.known(lived.name))

    def let_go(self, lived: Lived) -> None:
        """One of the listeners will not ask for it any more."""
        self._through[lived.name] += 1
        if self._through[lived.name] == self._listeners:
            del self._through[lived.name]
            self._let_go.append(lived.name)


class Pairing:
    """Makes pairs as soon as both lives have told."""

    def __init__(self, before: Telling, after: Telling) -> None:
        self.sides = before, after
        self._before: dict[Name, Lived] = {}
        self._after: dict[Name, Lived] = {}

    def __call__(self) -> Iterator[Both]:
        """Of what is new in each; once they are over, also what only one of them has decided."""
        before, after = (side.last for side in self.sides)
        for both in self._found(before.lived, after.lived):
            yield both
            self._let_go(both)
        if before.ended and after.ended:
            yield from ((each, None) for each in self._before.values())
            yield from ((None, each) for each in self._after.values())
            self._before, self._after = {}, {}

    def _found(self, before: Iterable[Lived], after: Iterable[Lived]) -> Iterator[Both]:
        self._before.update((each.name, each) for each in before)
        for each in after:
            if (other := self._before.pop(each.name, None)) is None:
                self._after[each.name] = each
            else:
                yield other, each
        for name in [name for name in self._after if name in self._before]:
            yield self._before.pop(name), self._after.pop(name)

    def _let_go(self, both: Both) -> None:
        for side, lived in zip(self.sides, both, strict=True):
            if lived is not None:
                side.let_go(lived)

    def questions(self, both: Both) -> tuple[Question | None, Question | None]:
        before, after = (
            None if lived is None else side.question(lived)
            for side, lived in zip(self.sides, both, strict=True)
        )
        return before, after


def place(both: Both) -> tuple[int, Name]:
    """Where it stands in time: as soon as one of them has decided, something may follow from it."""
    return min(lived.time for lived in both if lived), later(both).name


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
    """An answer that sends at another instant is another one. Clocks are virtual: instants differ by rules alone."""
    before, after = answers(both)
    if before.verdict == after.verdict == SEND and len({lived.time for lived in both if lived}) > 1:
        return False
    return before == after or {before.verdict, after.verdict} <= IDLE


@dataclass(slots=True)
class Regrets:
    """Of one version: what it sent as known then and would not have with full knowledge, and the other way round."""

    sent: int = 0
    missed: int = 0

    def add(self, both: Both) -> bool:
        """What it decided as known then, and with full knowledge. Whether that is regretted."""
        then, full = (each.verdict == "send" for each in answers(both))
        self.sent += then and not full
        self.missed += full and not then
        return then and not full


class ClosedLoop:
    """Counts the lives of two versions as they are told; with those of both with full knowledge, also what each regrets."""

    def __init__(self, programs: Programs, looks_at: Callable[[str], object] = lambda id: False) -> None:
        """`looks_at`: whether a pair of this id is looked at whatever its answers are."""
        self.tally = Tally()
        self.regrets = Regrets(), Regrets()
        """Of base and candidate."""
        self.examples: list[Example] = []
        """Of what the candidate regrets: what was said as known then, and with full knowledge."""
        self.unlisted: tuple[str, ...] = ()
        """Lists of which nothing is known, so that nobody was on them."""
        self.heard = 0
        """Events that all lives have heard of."""
        self._programs, self._looks_at = programs, looks_at

    def rounds(self, lives: Sequence[Teller]) -> Iterator[list[LivedPair]]:
        """Pairs as they are told; those of answers that changed come last, in the order of time. `lives`: of base and candidate; and,
        if at all, of both with full knowledge."""
        listeners = 2 if len(lives) > 2 else 1
        sides = [
            Telling(life, listeners if number < 2 else 1, self._programs) for number, life in enumerate(lives)
        ]
        pairing = Pairing(*sides[:2])
        knowing = [Pairing(*both) for both in zip(sides[:2], sides[2:], strict=False)]
        changed: list[tuple[tuple[int, Name], LivedPair]] = []
        while not all(side.last.ended for side in sides):
            self._listen(sides)
            found = [(both, self._pair(both, pairing)) for both in pairing()]
            changed += [(place(both), each) for both, each in found if is_changed(each)]
            self._regret(knowing)
            yield [each for _, each in found if not is_changed(each)]
        self._remark(*(side.last.ended for side in sides[:2]))
        yield [each for _, each in sorted(changed, key=itemgetter(0))]

    def _listen(self, sides: Sequence[Telling]) -> None:
        """All live on at the same time."""
        for side in sides:
            side.go_on()
        for side in sides:
            side.listen()
        self.heard = min(side.last.heard for side in sides)

    def _pair(self, both: Both, pairing: Pairing) -> LivedPair:
        lived, said, same = later(both), answers(both), is_same(both)
        before, after = (None, None) if same and not self._looks_at(lived.id) else pairing.questions(both)
        status = Status.SAME if same else Status.CHANGED
        asked = orjson.loads(lived.asked)
        pair = Pair(lived.id, lived.user, lived.time, "decide", *said, status, asked, question=after)
        return LivedPair(replace(pair, asked_before=both[0].time) if both[0] else pair, before)

    # ---- regrets

    def _regret(self, knowing: Sequence[Pairing]) -> None:
        for regrets, pairing in zip(self.regrets, knowing, strict=False):
            for both in pairing():
                is_shown = regrets is self.regrets[1] and len(self.examples) < MOST_REGRETS
                if regrets.add(both) and is_shown:
                    self.examples.append(self._example(both, pairing))

    def _example(self, both: Both, pairing: Pairing) -> Example:
        pair = self._pair(both, pairing).pair
        why = (self._why(*each, pair) for each in zip(both, pairing.questions(both), strict=True))
        return Example(pair.id, pair.user, pair.time_before, pair.time, pair.before, pair.after, *why)

    def _why(self, lived: Lived | None, question: Question | None, pair: Pair) -> str:
        if lived is None or question is None:
            return "nothing was asked at that time"
        return explanation(self._programs(lived.version, lived.pins), pair, question)

    # ---- remarks

    def _remark(self, before: Ended | None, after: Ended | None) -> None:
        """Puts into the tally what is to be known of events and users, once both lives are over."""
        assert before is not None and after is not None
        remarked(self.tally.left_out, before.left_out, after.left_out)
        remarked(self.tally.notes, before.noted, after.noted)
        self.unlisted = tuple(dict.fromkeys((*before.unlisted, *after.unlisted)))


def is_changed(each: LivedPair) -> bool:
    return each.pair.status is Status.CHANGED


def remarked(into: dict[str, tuple[int, str]], before: Remarked, after: Remarked) -> None:
    """What both lives remark is said once."""
    for why in dict.fromkeys((*before, *after)):
        if before.get(why) == after.get(why):
            into[why] = before[why]
        else:
            sides = {"base": before, "candidate": after}
            into.update({f"{why}, for the {side}": said[why] for side, said in sides.items() if why in said})
