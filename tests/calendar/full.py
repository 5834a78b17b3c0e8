"""Compares local time with the second source in every zone at every transition from 1970 to 2037.

Ten minutes of one core: `python -m tests.calendar.full`. Prints what was compared, how often, and every
difference; exit 1 when there is one. Its last result is in docs/language/time.md.
"""

from __future__ import annotations

import sys
from importlib.metadata import version

from compiler.calendar.offsets import offset_table
from tests.calendar.agreement import Comparison, compare_around
from tests.calendar.second_source import DAY, FROM, UNTIL, Clock, distinct_zones, zone_names


def compare_zone(zone: str, result: Comparison) -> int:
    clock = Clock(zone)
    transitions = clock.changes(FROM, UNTIL, DAY // 2)
    ours = [at for at in offset_table(zone).transitions if FROM <= at < UNTIL]
    result.expect("transitions of a zone", ours, transitions, zone)
    for transition in transitions:
        compare_around(zone, clock, transition, result)
    return len(transitions)


def main() -> int:
    result, transitions = Comparison(), 0
    for number, zone in enumerate(distinct_zones(), start=1):
        transitions += compare_zone(zone, result)
        if sys.stderr.isatty():
            print(
                f"\r{number} of {len(distinct_zones())} zones, {transitions} transitions",
                end="",
                file=sys.stderr,
            )
    print(f"tzdata {version('tzdata')}, python-dateutil {version('python-dateutil')}")
    print(f"{len(zone_names())} names, {len(distinct_zones())} distinct zones, {transitions} transitions")
    for what, count in result.compared.most_common():
        print(f"{count:>12,}  {what}")
    print(f"{sum(result.compared.values()):>12,}  comparisons, {len(result.differences)} differences")
    print(*result.differences, sep="\n", end="")
    return 1 if result.differences else 0


if __name__ == "__main__":
    sys.exit(main())
