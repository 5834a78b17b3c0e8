"""The smallest changes of 1,000 losers of generated decisions: found or not, applied, decided again.

Some minutes of one core: `python -m tests.explain.full [losers] [first seed]`. Exits 1 when a reported change does not
make its plan win. Many generated plans can never win (`20 EUR is missing`, a group that is both target and blocked), so that
the share of those found is told of all, and of the plans that win for one of some hundred other random people.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain, count, islice

from tests.explain.losers import OTHERS, Tally, losers


def main(number: int, first: int) -> int:
    tally = Tally()
    for loser in islice(chain.from_iterable(losers(seed) for seed in count(first)), number):
        tally.add(loser)
        if sys.stderr.isatty():
            print(f"\r{tally.losers:,} losers, {tally.found:,} changes", end="", file=sys.stderr)
    print("\n".join(report(tally)))
    return 1 if tally.wrong else 0


def report(tally: Tally) -> Iterator[str]:
    seconds = sorted(tally.seconds)
    yield f"losers {tally.losers:,}, changes found {tally.found:,} ({share(tally.found, tally.losers)})"
    yield (
        f"of plans that win for one of {OTHERS} other people: {tally.can_win:,}, changes found {tally.found_of_those:,} "
        f"({share(tally.found_of_those, tally.can_win)})"
    )
    yield f"changes that do not make their plan win: {len(tally.wrong)}"
    yield f"searches that came to their bound: {tally.not_exhausted}"
    gates = (
        f"{gate} {tally.found_by_gate[gate]:,} of {losers:,}" for gate, losers in tally.gates.most_common()
    )
    yield f"found by the gate at which plans fell: {', '.join(gates)}"
    yield f"edits in a change: {', '.join(f'{size}: {tally.sizes[size]}' for size in sorted(tally.sizes))}"
    yield f"kinds of edits: {', '.join(f'{kind} {times}' for kind, times in tally.kinds.most_common())}"
    middle, most = seconds[len(seconds) // 2], seconds[len(seconds) * 95 // 100]
    yield f"seconds a search: median {middle:.2f}, 95% below {most:.2f}, longest {seconds[-1]:.1f}"
    yield from (f"wrong: {each}" for each in tally.wrong)
    yield from (f"missed: {each}" for each in tally.missed)


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "none"


if __name__ == "__main__":
    sys.exit(
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    )
