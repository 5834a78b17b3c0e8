"""Cuts the facts of 100,000 random cases down to the manifest of each entry point, and compares all answers.

An hour of one core: `python -m tests.manifest.full [cases]`. Prints every difference, and exits 1 when there is one.
To show that the cases can tell, some of them are cut by manifests that lack one thing; faults that changed no answer
are listed, too.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from compiler.manifest import EventNeed, Manifest, OfCrowds, OfDecide, Reach
from tests.manifest.cases import DAY, differences, entry_points, facts_of, needed, ruleset

SHARE_OF_FAULTS = 20
"""One of so many cases."""


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
    for field in need.fields:
        yield f"field {field}", replace(need, fields=need.fields - {field})
    back = need.reach.microseconds
    yield "a little of its reach", replace(need, reach=Reach(9 * DAY if back is None else back - 1))


def look_for_faults(seed: int, asked: Counter[str], noticed: Counter[str]) -> None:
    """Which of the faulty manifests of the larger entry points change an answer."""
    rules, facts = ruleset(), facts_of(seed)
    for entry, evaluate in entry_points(rules):
        if entry in (OfCrowds(), *map(OfDecide, rules.decides)):
            whole = evaluate(facts)
            for fault, lacking in faulty(needed(entry)):
                asked[f"{entry} without {fault}"] += 1
                noticed[f"{entry} without {fault}"] += evaluate(lacking.cut(facts)) != whole


def main(cases: int) -> int:
    found: list[str] = []
    asked, noticed = Counter[str](), Counter[str]()
    for seed in range(cases):
        found += differences(seed)
        if seed % SHARE_OF_FAULTS == 0:
            look_for_faults(seed, asked, noticed)
        if sys.stderr.isatty():
            print(f"\r{seed + 1:,} cases, {len(found)} differences", end="", file=sys.stderr)
    unnoticed = [fault for fault in asked if not noticed[fault]]
    print(
        f"{cases:,} cases of {len(list(entry_points(ruleset())))} entry points, {len(found)} differences",
        *found,
        sep="\n",
    )
    print(f"{len(asked)} faults, {len(unnoticed)} never noticed", *unnoticed, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
