"""Reads what nobody would write: whatever stands in a text, reading ends with a tree and diagnostics, in no time.

`python tests/dsl/fuzz.py --count 1000000` reads so many texts of up to 2 KB (and lays out one in ten), says how many of
each kind it was, how fast, and which took longest; `--check` compiles them as rule sets too; `--seed` makes others.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "protos")]

from dsl.diagnostics import Diagnostic, render_all  # noqa: E402
from dsl.format import format_file  # noqa: E402
from dsl.grammar import parser  # noqa: E402
from dsl.parse import ParseCache, parse  # noqa: E402
from dsl.source import Source  # noqa: E402
from dsl.text import lines_of  # noqa: E402
from tests.dsl.trees import Trees, text_of  # noqa: E402

LENGTH = 2048
NAMES = ("a", "user", "cart_add", "price", "value", "day", "hot-cart", "Größe")
TEXTS = ('"x"', '"', '""', "“x”", "'x'", '"🎁 日本"')
NUMBERS = (
    "0",
    "1",
    "20",
    "3.5",
    "99999999999999999999",
    "1e9",
    "5%",
    "21:00",
    "2026-03-01",
    "2026-02-30 25:00",
    "20 EUR",
)
STRAYS = (
    "#",
    "\n",
    "\n\n",
    "\t",
    "\r\n",
    "//",
    "=",
    "==",
    ";",
    "&&",
    "\x00",
    "\u202e",
    "\ufeff",
    "（",
    "\ud800",
    "$",
    "€",
)
Make = Callable[[random.Random], str]


# ---- texts


def noise(dice: random.Random) -> str:
    """Random bytes, as text in one of the ways that one gets there."""
    data = dice.randbytes(dice.randrange(LENGTH))
    encoding, errors = dice.choice(
        (("latin-1", "strict"), ("utf-8", "replace"), ("utf-8", "surrogateescape"))
    )
    return data.decode(encoding, errors)


def soup(dice: random.Random) -> str:
    """Words of the language in any order."""
    words = dice.choices(vocabulary(), k=dice.randrange(1, 200))
    return dice.choice((" ", "\n", "")).join(words)[:LENGTH]


@cache
def vocabulary() -> tuple[str, ...]:
    return (*parser().lexer.spelling.values(), *"{}()", *NAMES, *TEXTS, *NUMBERS, *STRAYS)


def naughty(dice: random.Random) -> str:
    """A naughty string by itself, or in the place of a word of a good script."""
    string = dice.choice(naughty_strings())
    if dice.random() < 0.3:
        return string
    script = excerpt(dice)
    start = dice.randrange(len(script))
    shape = dice.choice(("{}", '"{}"', "# {}\n", " {} "))
    return script[:start] + shape.format(string) + script[start + dice.randrange(20) :]


@cache
def naughty_strings() -> tuple[str, ...]:
    return tuple(json.loads((HERE / "naughty" / "blns.json").read_text(encoding="utf-8")))


def mutated(dice: random.Random) -> str:
    """A good script with a few mistakes in it."""
    return with_mistakes(excerpt(dice), dice)[:LENGTH]


def whole(dice: random.Random) -> str:
    """The same, of a whole file."""
    return with_mistakes(dice.choice(scripts()), dice)


def excerpt(dice: random.Random) -> str:
    script = dice.choice(scripts())
    start = script.rfind("\n", 0, dice.randrange(max(1, len(script) - LENGTH // 2))) + 1
    return script[start : start + dice.randrange(1, LENGTH)]


@cache
def scripts() -> tuple[str, ...]:
    """The good scripts of the project, and some printed trees."""
    files = (
        path for folder in ("tests", "stdlib", "examples") for path in sorted((ROOT / folder).rglob("*.sua"))
    )
    return (
        *(path.read_text(encoding="utf-8") for path in files),
        *(text_of(Trees(seed).file()) for seed in range(9)),
    )


def with_mistakes(script: str, dice: random.Random) -> str:
    for _ in range(dice.randrange(1, 6)):
        start = dice.randrange(len(script) + 1)
        end = start + dice.choice((0, 1, 1, 5, 40))
        put = dice.choice(
            (*dice.sample(vocabulary(), 6), "", script[start:end] * 2, script[start:end].upper())
        )
        script = script[:start] + put + script[end:]
    return script or " "


KINDS: dict[str, Make] = {"noise": noise, "soup": soup, "naughty": naughty, "mutated": mutated}


# ---- what has to hold


def read(text: str, lays_out: bool, checks: bool = False) -> bool:
    """Read a text and hold what comes out against what is promised. True if nothing was wrong with it."""
    source = Source("fuzz.sua", text)
    parsed = parse(source, ParseCache())
    lines = lines_of(text)
    for found in parsed.diagnostics:
        assert found.place, found
        assert 1 <= found.place.span.line <= found.place.span.end_line <= len(lines), found
    render_all(parsed.diagnostics, [source]).encode("utf-8")
    if lays_out:
        formatted = format_file(source)
        assert format_file(Source("fuzz.sua", formatted)) == formatted
        again = parse(Source("fuzz.sua", formatted), ParseCache())
        assert [one.statement for one in again.file.statements] == [
            one.statement for one in parsed.file.statements
        ]
    if checks:
        render_all(compiled(source), [source]).encode("utf-8")
    return not parsed.diagnostics


def compiled(source: Source) -> Sequence[Diagnostic]:
    from compiler.driver import compile_ruleset  # reading alone does without the compiler

    return compile_ruleset([source], []).diagnostics


# ---- the long run


@dataclass
class Tally:
    """Of each kind: how many were read, and how many were clean; the longest time, and what failed."""

    read: Counter[str] = field(default_factory=Counter)
    clean: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    failed: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.read += other.read
        self.clean += other.clean
        self.slowest = max(self.slowest, other.slowest)
        self.failed += other.failed


def run(kinds: Sequence[str], checks: bool, batch: tuple[int, int]) -> Tally:
    """Read a batch: a number of texts from a seed on."""
    seed, count = batch
    dice, tally = random.Random(seed), Tally()
    for number in range(count):
        kind = kinds[number % len(kinds)]
        text = (KINDS | {"whole": whole})[kind](dice)
        start = time.perf_counter()
        try:
            tally.clean[kind] += read(text, lays_out=number % 40 < 4, checks=checks)
        except Exception:
            tally.failed.append((text, traceback.format_exc()))
        tally.read[kind] += 1
        tally.slowest = max(tally.slowest, (time.perf_counter() - start, text))
    return tally


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=1)
    options.add_argument("--whole", action="store_true", help="mutate whole scripts and nothing else")
    options.add_argument("--check", action="store_true", help="compile them as rule sets too")
    asked = options.parse_args()
    kinds = ("whole",) if asked.whole else tuple(KINDS)
    size = max(1, min(1000, asked.count // asked.jobs))
    batches = [(asked.seed * 10**6 + number, size) for number in range(-(-asked.count // size))]
    tally, start = Tally(), time.perf_counter()
    with multiprocessing.Pool(asked.jobs) as pool:
        for done in pool.imap_unordered(partial(run, kinds, asked.check), batches):
            tally.add(done)
    report(tally, time.perf_counter() - start)
    return 1 if tally.failed else 0


def report(tally: Tally, seconds: float) -> None:
    for kind, count in tally.read.items():
        print(f"{kind:8} {count:9} read, {tally.clean[kind]:9} without an error in them")
    print(f"{sum(tally.read.values()) / seconds:.0f} a second; the slowest took {tally.slowest[0]:.3f} s")
    print(f"{len(tally.failed)} failed")
    for text, trace in tally.failed[:5]:
        print(ascii(text), trace, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
