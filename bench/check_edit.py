"""Times checking a script of 10,000 lines again after one edit: `python -m bench.check_edit`.

As an editor or `suasion check --watch` would do it: with the caches of the check before. Each edit changes the text
of the edit before; nothing is put back.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from random import Random
from statistics import median

from bench.timing import timed
from bench.workload import draw, ruleset_text
from compiler.driver import Caches, compile_ruleset
from dsl.source import Source

LINES = 10_000
EDITS = 15

Edit = Callable[[list[str], Random], None]


def script() -> list[str]:
    """Lines of the shop's declarations and as many whole crowds as fit."""
    rules, _ = draw(2_000, 0)
    lines = ruleset_text(rules).splitlines()[:LINES]
    last = max(number for number, line in enumerate(lines) if line == "}")
    return lines[: last + 1]


def constant(lines: list[str], random: Random) -> None:
    """Another constant in one crowd."""
    places = [number for number, line in enumerate(lines) if line.startswith("  and user.age")]
    place = random.choice(places)
    lines[place] = f"  and user.age >= {random.randrange(1000, 9999)}"


def line_more(lines: list[str], random: Random) -> None:
    """A line more in one crowd, so that everything below it moves down."""
    place = random.choice([number for number, line in enumerate(lines) if line.startswith("  and ")])
    lines.insert(place, f"  and user.age >= {random.randrange(1000, 9999)}")


def typo(lines: list[str], random: Random) -> None:
    """A word that is not declared."""
    place = random.choice([number for number, line in enumerate(lines) if line.startswith("  and ")])
    lines.insert(place, f"  and user.agee >= {random.randrange(1000, 9999)}")


def attribute(lines: list[str], random: Random) -> None:
    """One attribute more, which every crowd might mean."""
    place = lines.index("profile user {")
    lines.insert(place + 1, f"  more_{random.randrange(10**9)}: int optional")


EDITS_TRIED: tuple[Edit, ...] = (constant, line_more, typo, attribute)


def measure() -> Iterator[tuple[str, float, float]]:
    """What was edited, and the typical and the longest time of a check after it, in seconds."""
    lines, random, caches = script(), Random(2026), Caches.new()
    check(lines, caches)
    gc.collect()
    gc.freeze()
    for edit in EDITS_TRIED:
        spent = []
        for _ in range(EDITS):
            edit(lines, random)
            spent.append(timed(lambda: check(lines, caches))[1])
        yield (edit.__doc__ or "").rstrip(".").lower(), median(spent), max(spent)


def check(lines: list[str], caches: Caches) -> None:
    compile_ruleset([Source("edited.sua", "\n".join(lines) + "\n")], caches=caches)


if __name__ == "__main__":
    for words, typical, longest in measure():
        print(f"{words}: {typical * 1000:.0f} ms (slowest {longest * 1000:.0f})")
