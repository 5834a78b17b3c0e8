"""Somebody whom two versions treat differently, for each entry of the rules that their differences reach."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from compiler.checked import ir
from compiler.diff import Change
from compiler.facts import Facts
from compiler.manifest import OfCrowds, OfDecide, OfPlan
from compiler.outcome import Decision
from compiler.types import Answer
from compiler.witness.boundaries import NOON
from compiler.witness.seeds import seeds
from compiler.witness.shrink import shrunk
from compiler.witness.steps import Stepper
from compiler.witness.treatment import Entry, Version
from compiler.witness.world import World

TRIES = 6_000
"""People that are looked at in all."""
FEWEST = 150
"""People that are looked at for one entry, if it is looked at; the last entries are not, where there are too many."""
KEPT = 400
"""People who reached something new, to go on from."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody (without defaults) whom the versions treat differently. None: nobody was found among so many."""

    entry: Entry
    person: Facts | None
    tried: int


def witnesses(
    before: Version, after: Version, entries: Sequence[Entry], tries: int = TRIES, seed: int = 0
) -> Iterator[Witness]:
    """One for each entry. The same for the same versions, tries and seed; what one entry leaves of the tries is for others."""
    world, looked_at = World.of(before.ruleset, after.ruleset), max(1, tries // FEWEST)
    for number, entry in enumerate(entries):
        if number >= looked_at:
            yield Witness(entry, None, 0)
            continue
        hunt = Hunt(before, after, entry, Stepper(world, Random(seed)))
        person = hunt.run(max(1, tries // (min(looked_at, len(entries)) - number)))
        tries -= hunt.tried
        yield Witness(entry, None if person is None else shrunk(person, hunt.differs), hunt.tried)


class Hunt:
    """For one entry."""

    def __init__(self, before: Version, after: Version, entry: Entry, stepper: Stepper) -> None:
        self.before, self.after, self.entry, self.stepper = before, after, entry, stepper
        self.tried = 0
        self.kept: list[Facts] = []
        self.reached: set[Hashable] = set()

    def run(self, tries: int) -> Facts | None:
        for person in islice(self.people(), tries):
            self.tried += 1
            before, after = self.before.answer(self.entry, person), self.after.answer(self.entry, person)
            if self.before.treatment(before) != self.after.treatment(after):
                return person
            self.keep(person, (marks(after), self.after.counts(self.entry, person)))
        return None

    def people(self) -> Iterator[Facts]:
        """Those on whom the rules are likely to act, then others near to those that reached something new."""
        key = self.before.ruleset.user_key
        nobody = Facts(NOON, user={key: "u1"} if key else {}, held_out=frozenset(), request_id="r1")
        yield nobody
        for version in (self.after, self.before):
            for person in seeds(version, self.entry, nobody):
                self.kept.append(person)
                yield person
        while True:
            yield self.stepper.step(self.stepper.random.choice(self.kept or [nobody]))

    def differs(self, person: Facts) -> bool:
        before, after = self.before.answer(self.entry, person), self.after.answer(self.entry, person)
        return self.before.treatment(before) != self.after.treatment(after)

    def keep(self, person: Facts, mark: Hashable) -> None:
        """Go on from whoever was treated as nobody before."""
        if mark not in self.reached and len(self.kept) < KEPT:
            self.reached.add(mark)
            self.kept.append(person)


def marks(answer: Decision | Answer) -> Hashable:
    """What is new if it was not seen yet: how far each plan came, and what spoke against it."""
    if not isinstance(answer, Decision):
        return answer
    return tuple(
        (each.fell, each.verdict, each.channel, *((reason.because, reason.span) for reason in each.reasons))
        for each in answer.outcomes
    )


# ---- what differences reach


def reached(before: ir.RuleSet, after: ir.RuleSet, changes: Sequence[Change]) -> list[Entry]:
    """The entries that both have and that some change is about or leads to; all for a change that nothing names."""
    keys = {key for change in changes for key in (change.key, change.key_before, *change.dependants)}
    everywhere = bool(keys & EVERYWHERE)
    return [
        entry
        for key, entry in entries(after)
        if (everywhere or key in keys) and entry in (each for _, each in entries(before))
    ]


EVERYWHERE = frozenset({"settings", "profile"})
"""What rules go by without naming it."""


def entries(ruleset: ir.RuleSet) -> Iterator[tuple[str, Entry]]:
    """All that can be asked, by key: decides, plans that none lists, crowds."""
    listed = {plan for decide in ruleset.decides.values() for plan in decide.plans}
    yield from ((each.key, OfDecide(each.name)) for each in ruleset.decides.values())
    yield from ((each.key, OfPlan(each.name)) for each in ruleset.plans.values() if each.name not in listed)
    yield from ((each.key, OfCrowds((each.name,))) for each in ruleset.crowds.values())
