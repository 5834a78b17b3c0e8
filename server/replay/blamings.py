"""Blame counted: what each difference of two versions did, to how many, with examples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from math import inf
from operator import itemgetter

from server.replay.blame import NONE, Blame, Group
from server.replay.counting import Move, Moves, digest, moves
from server.replay.explaining import explanation
from server.replay.pairs import CHOSEN, Answered, Pair, Question
from server.replay.places import places
from server.replay.report import Blamed, Example, Moved

ALIKE = 2
"""Examples that are kept of each move from one answer to another."""
MOST_EXAMPLES = 8
"""That are kept of what one difference did."""


@dataclass(slots=True)
class Deeds:
    """What one difference did. `moves`: by entry point; `examples` with the move that they are of."""

    decisions: int = 0
    effects: int = 0
    users: set[int] = field(default_factory=set)
    moves: defaultdict[str, Moves] = field(default_factory=lambda: defaultdict(Counter))
    moved: defaultdict[Move, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Users by move."""
    examples: list[tuple[Move, Example]] = field(default_factory=list)

    def add(self, pair: Pair, is_effect: bool) -> None:
        self.decisions += 1
        self.effects += is_effect
        user, found = digest(pair.user), moved(pair)
        self.users.add(user)
        self.moves[pair.entry_point].update(found)
        for move in found:
            self.moved[move].add(user)

    def merge(self, other: Deeds) -> None:
        self.decisions += other.decisions
        self.effects += other.effects
        self.users |= other.users
        for name, counted in other.moves.items():
            self.moves[name].update(counted)
        for move, users in other.moved.items():
            self.moved[move] |= users
        for move, example in other.examples:
            if self.wants(move, example.user):
                self.examples.append((move, example))

    def wants(self, move: Move, user: str) -> bool:
        """Whether an example is of use."""
        alike = [example.user for known, example in self.examples if known == move]
        as_grave = [known for known, _ in self.examples if gravity(known) <= gravity(move)]
        return len(alike) < ALIKE and user not in alike and len(as_grave) < MOST_EXAMPLES

    def told_moves(self) -> tuple[Moved, ...]:
        """The gravest first, of those the most frequent."""
        ordered = sorted(
            sum(self.moves.values(), Counter()).items(),
            key=lambda each: (gravity(each[0]), -each[1], each[0]),
        )
        return tuple(Moved(*move, decisions, len(self.moved[move])) for move, decisions in ordered)

    def told_examples(self) -> tuple[Example, ...]:
        """One of each move, the gravest first, before there is a second one of any."""
        seen: Counter[Move] = Counter()
        ranked: list[tuple[int, int, Example]] = []
        for move, example in self.examples:
            ranked.append((seen[move], gravity(move), example))
            seen[move] += 1
        ranked.sort(key=itemgetter(0, 1))
        return tuple(example for _, _, example in ranked[:MOST_EXAMPLES])


@dataclass(slots=True)
class Blamings:
    """By the number of the group that is to blame; those of parts add up. `firsts`: what is to blame for the first change of a
    user, by digest, where later ones may follow from it."""

    deeds: defaultdict[int, Deeds] = field(default_factory=lambda: defaultdict(Deeds))
    firsts: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def merge(self, other: Blamings) -> None:
        """Add what another counted, of later pairs."""
        for group, deeds in other.deeds.items():
            self.deeds[group].merge(deeds)
        self.firsts = other.firsts | self.firsts

    def count(self, causes: Collection[int], pair: Pair, is_effect: bool) -> None:
        for group in causes:
            self.deeds[group].add(pair, is_effect)

    def blamed(self, blame: Blame) -> tuple[Blamed, ...]:
        """Every place that means something else, those first that changed most; also those that changed nothing."""
        found = (
            Blamed(
                *place,
                deeds.decisions,
                len(deeds.users),
                deeds.effects,
                deeds.told_moves(),
                deeds.told_examples(),
                {name: moves(deeds.moves[name]) for name in sorted(deeds.moves)},
            )
            for group, deeds in ((group, self.deeds[number]) for number, group in enumerate(blame.groups))
            for place in places(blame.difference, group)
        )
        return tuple(sorted(found, key=lambda each: -each.decisions))


class Blamer:
    """Blames pairs in one process, and explains as many examples as are of use."""

    def __init__(self, blame: Blame) -> None:
        self.blame = blame
        self._explained: defaultdict[int, Deeds] = defaultdict(Deeds)

    def add(self, blamings: Blamings, pair: Pair) -> tuple[int, ...]:
        """A decision that changed on the same facts. Gives the groups that are to blame."""
        assert pair.question is not None
        causes = self.blame.causes_of(pair.question, pair.before, pair.after)
        self._count(blamings, causes, pair, pair.question, is_effect=False)
        return causes

    def add_lived(self, blamings: Blamings, pair: Pair, before: Question | None) -> tuple[int, ...]:
        """A decision that changed where each version lived its own history; those of a user in the order of time. `before`: what
        the base was asked in its history, where it was; the question of the pair is the candidate's.

        An answer that both versions would give, on what the candidate did and on what the base did, is an effect: of what changed first
        for that user.
        """
        direct, user = self._direct_of(pair, before), digest(pair.user)
        if direct:
            blamings.firsts.setdefault(user, direct)
        causes = direct or blamings.firsts.get(user) or tuple(range(len(self.blame.groups)))
        self._count(blamings, causes, pair, before, is_effect=not direct)
        return causes

    def _direct_of(self, pair: Pair, before: Question | None) -> tuple[int, ...]:
        """By what the candidate knew, else by what the base did. What is moved in time by both: on what the later one knew, either
        would send, and what moved it shows where the earlier one was asked."""
        after = self._direct(pair.question)
        return tuple(sorted({*after, *self._direct(before)})) if pair.shift else after or self._direct(before)

    def _direct(self, question: Question | None) -> tuple[int, ...]:
        return () if question is None else self.blame.causes(question)

    def _count(
        self,
        blamings: Blamings,
        causes: Collection[int],
        pair: Pair,
        before: Question | None,
        is_effect: bool,
    ) -> None:
        move = moved(pair)[0]
        blamings.count(causes, pair, is_effect)
        wanting = [group for group in causes if self._explained[group].wants(move, pair.user)]
        if wanting:
            example = self._example(pair, before)
            for group in wanting:
                self._explained[group].examples.append((move, example))
                blamings.deeds[group].examples.append((move, example))

    def _example(self, pair: Pair, before: Question | None) -> Example:
        return Example(
            pair.id,
            pair.user,
            pair.time_before,
            pair.time,
            pair.before,
            pair.after,
            self._told(NONE, pair, before),
            self._told(self.blame.whole, pair, pair.question),
        )

    def _told(self, chosen: Group, pair: Pair, question: Question | None) -> str:
        if question is None:
            return "nothing was asked at that time"
        return explanation(self.blame.answering(chosen, question), pair, question)


# ---- moves


def moved(pair: Pair) -> tuple[Move, ...]:
    """From which answers to which: of a decision by verdicts, and where those are the same by the first thing that is not."""
    before, after = pair.before, pair.after
    entered, left = sorted(after.crowds - before.crowds), sorted(before.crowds - after.crowds)
    if entered or left:
        return (
            *((f"not in {name}", f"in {name}") for name in entered),
            *((f"in {name}", f"not in {name}") for name in left),
        )
    for look in LOOKS:
        if look(before) != look(after):
            return ((look(before), look(after)),)
    verdict = before.verdict or ""
    if pair.shift:
        return ((verdict, f"{verdict} {pair.shift}"),)
    if before.until == after.until:
        return ((verdict, f"{verdict} with other values"),)
    is_later = (after.until or inf) > (before.until or inf)
    return ((verdict, f"{verdict} {'for longer' if is_later else 'less long'}"),)


def gravity(move: Move) -> int:
    """What is not received any more comes before what is new, that before what is received otherwise, and silence last."""
    before, after = (side.split(" ")[0] in CHOSEN for side in move)
    return GRAVITY[before, after]


GRAVITY = {(True, False): 0, (False, True): 1, (True, True): 2, (False, False): 3}
LOOKS: tuple[Callable[[Answered], str], ...] = (
    lambda answered: answered.verdict or "not asked",
    lambda answered: f"{answered.verdict} {answered.plan}",
    lambda answered: f"{answered.verdict} by {answered.channel}",
    lambda answered: f"{answered.verdict} {(answered.content or '').partition(' with ')[0]}",
)
