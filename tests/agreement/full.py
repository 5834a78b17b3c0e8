"""The whole comparison of the interpreter and the decision program: `python -m tests.agreement.full`.

A million (rule, user) pairs from at least 20,000 distinct generated rules, and 100,000 whole decisions. Writes what it
found to docs/agreement.md. Takes some ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.agreement.compare import Tally, compare_decisions, compare_rules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "agreement.md"
RULE_SETS = 560
PEOPLE = 42
DECIDERS = 90
LEAST_ANSWER, LEAST_CONSTRUCT = 0.15, 0.01


def compare_seed(seed: int) -> Tally:
    tally = compare_rules(seed, PEOPLE)
    tally.add(compare_decisions(seed, DECIDERS))
    return tally


def compare_all(seeds: range) -> Tally:
    whole = Tally()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for done, tally in enumerate(pool.map(compare_seed, seeds, chunksize=5), start=1):
            whole.add(tally)
            if sys.stderr.isatty():
                print(f"\r{done} of {len(seeds)} rule sets", end="", file=sys.stderr)
    return whole


def shortfalls(tally: Tally) -> list[str]:
    """What the run owes: answers or constructs that are too rare."""
    total = sum(tally.answers.values())
    rare = [
        f"construct {name}"
        for name, count in tally.constructs.items()
        if count < LEAST_CONSTRUCT * len(tally.rules)
    ]
    few = [f"answer {name}" for name, count in tally.answers.items() if count < LEAST_ANSWER * total]
    return rare + few


def page(tally: Tally, seeds: range, seconds: float) -> str:
    total = sum(tally.answers.values())
    answers = ", ".join(f"{name} {count / total:.1%}" for name, count in sorted(tally.answers.items()))
    rarest = tally.constructs.most_common()[-5:]
    rows = [
        ("rule sets of crowds and scores", f"{len(seeds):,}"),
        ("distinct rules", f"{len(tally.rules):,}"),
        ("(rule, user) pairs", f"{tally.pairs:,}"),
        ("answers", answers),
        ("constructs", f"{len(tally.constructs)}, the rarest: "
         + ", ".join(f"{name} in {count / len(tally.rules):.1%}" for name, count in rarest)),
        ("whole decisions", f"{tally.decisions:,}"),
        ("verdicts", ", ".join(f"{name} {count:,}" for name, count in tally.verdicts.most_common())),
        ("plans by the gate at which they fell", ", ".join(f"{name} {count:,}" for name, count in tally.gates.most_common())),
        ("**differences**", f"**{len(tally.differences)}**"),
    ]  # fmt: skip
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    return f"""# Agreement

The meaning of a rule is read twice: by the reference interpreter and by the decision program (ADR 2). This is the last whole
comparison of the two, down to every reason of every plan; `tests/agreement` repeats a part of it in every run.

    python -m tests.agreement.full        # seeds {seeds.start} to {seeds.stop - 1}, this took {seconds / 60:.0f} minutes
    python -m tests.agreement.faults      # faults put into the decision program on purpose, and when each was found

| | |
|---|---|
{table}

People have missing and unavailable values, extremes of 64 bits and of doubles, texts with emoji, several time zones, and
events on the very edges of windows and of the hours when clocks change, to the microsecond.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=int, default=10_000, help="first seed")
    parser.add_argument("--rule-sets", type=int, default=RULE_SETS)
    options = parser.parse_args()
    seeds = range(options.start, options.start + options.rule_sets)
    begun = time.monotonic()
    tally = compare_all(seeds)
    text = page(tally, seeds, time.monotonic() - begun)
    print(text)
    for difference in tally.differences[:10]:
        print(difference)
    owed = shortfalls(tally)
    print(f"too rare: {', '.join(owed)}" if owed else "nothing is too rare")
    if options.rule_sets == RULE_SETS:
        PAGE.write_text(text, encoding="utf-8")
    return 1 if tally.differences or owed else 0


if __name__ == "__main__":
    sys.exit(main())
