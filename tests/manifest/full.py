"""Cuts the facts of 100,000 random cases down to the manifest of each entry point, and compares all answers.

Fourteen minutes of one core, spread over all: `python -m tests.manifest.full [cases]`. Prints every difference, and exits 1
when there is one. To show that the cases can tell, some of them are cut by manifests that lack one thing; faults that changed
no answer are listed, too. Its last result is in docs/claims.md.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from multiprocessing import Pool

from compiler.manifest import EventNeed, Manifest, OfCrowds, OfDecide, Reach
from tests.manifest.cases import DAY, differences, entry_points, facts_of, needed, ruleset

SHARE_OF_FAULTS = 20
"""One of so many cases."""
BATCH = 500


def faulty(whole: Manifest) -> Iterator[tuple[str, Manifest]]:
    """The manifest without one thing, or looking a little less far back."""
    for name in whole.attributes:
        yield f"attribute {name}", replace(whole, attributes=whole.attributes - {name})
    for name in whole.inputs:
        yield f"input {name}", replace(whole, inputs=whole.inputs - {name})
    for name in whole.lists:
        yield f"list {name}", replace(whole, lists=whole.lists - {name})
    for name in whole.budgets:
        yield f"budget of {name}", replace(whole, budgets=whole.budgets - {name})
    for name, need in whole.events.items():
        others = {each: kept for each, kept in whole.events.items() if each != name}
        yield f"event {name}", replace(whole, events=others)
        for what, less in lesser(need):
            yield f"event {name}, {what}", replace(whole, events={**others, name: less})
    if whole.touches is None:
        return
    yield "touches", replace(whole, touches=None)
    yield "touches of more than 9 days ago", replace(whole, touches=Reach(9 * DAY))


def lesser(need: EventNeed) -> Iterator[tuple[str, EventNeed]]:
    for name in need.fields:
        yield f"field {name}", replace(need, fields=need.fields - {name})
    back = need.reach.microseconds
    yield "a little of its reach", replace(need, reach=Reach(9 * DAY if back is None else back - 1))


@dataclass(slots=True)
class Tally:
    """Of the cases: the differences, how often each fault was looked for, and how often it changed an answer."""

    differences: list[str] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.differences += other.differences
        self.asked += other.asked
        self.noticed += other.noticed


def look_for_faults(seed: int, tally: Tally) -> None:
    """Which of the faulty manifests of the larger entry points change an answer."""
    rules, facts = ruleset(), facts_of(seed)
    for entry, evaluate in entry_points(rules):
        if entry in (OfCrowds(), *map(OfDecide, rules.decides)):
            whole = evaluate(facts)
            for fault, lacking in faulty(needed(entry)):
                tally.asked[f"{entry} without {fault}"] += 1
                tally.noticed[f"{entry} without {fault}"] += evaluate(lacking.cut(facts)) != whole


def run(seeds: range) -> Tally:
    tally = Tally()
    for seed in seeds:
        tally.differences += differences(seed)
        if seed % SHARE_OF_FAULTS == 0:
            look_for_faults(seed, tally)
    return tally


def main(cases: int) -> int:
    batches = [range(start, min(start + BATCH, cases)) for start in range(0, cases, BATCH)]
    tally = Tally()
    with Pool() as pool:
        for number, done in enumerate(pool.imap(run, batches), start=1):
            tally.add(done)
            if sys.stderr.isatty():
                print(f"\r{number} of {len(batches)} batches", end="", file=sys.stderr)
    unnoticed = [fault for fault in tally.asked if not tally.noticed[fault]]
    entries = len(list(entry_points(ruleset())))
    print(f"{cases:,} cases of {entries} entry points, {len(tally.differences)} differences")
    print(*tally.differences, sep="\n", end="")
    print(f"{len(tally.asked)} faults, {len(unnoticed)} never noticed", *unnoticed, sep="\n")
    return 1 if tally.differences else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
