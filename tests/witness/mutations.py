"""Seeded changes of single lines of rules, as people make them: a number, a comparison, a word, a line left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

WORDS = {
    " and ": " or ",
    " or ": " and ",
    " >= ": " > ",
    " > ": " >= ",
    " <= ": " < ",
    " < ": " <= ",
    " is not ": " is ",
    " is ": " is not ",
    "not ": "",
    "then wait": "then block",
    "then block": "then wait",
    "days": "hours",
    "hours": "days",
    "minutes": "hours",
    "per day": "per week",
    "per week": "per day",
    "push": "email",
    "email": "sms",
    "value ": "cost ",
    "once per user": "once per user in any 30 days",
    "except ": "or ",
    "all ": "push ",
}
NUMBER = re.compile(r"(?<![\w.\"-])\d+(?:\.\d+)?(?![\w.:\"-])")


def mutants(text: str, seed: int) -> Iterator[tuple[int, str]]:
    """Line (from 1) and text, in an order by chance; lines of tests and comments are left alone. Not all compile, nor change what is meant."""
    random = Random(seed)
    lines = text.splitlines()
    end = next((n for n, line in enumerate(lines) if line.startswith("test ")), len(lines))
    found = [(n, changed) for n, line in enumerate(lines[:end]) for changed in changes(line, random)]
    random.shuffle(found)
    for n, changed in found:
        yield n + 1, "\n".join((*lines[:n], changed, *lines[n + 1 :])) + "\n"


def changes(line: str, random: Random) -> Iterator[str]:
    code = line.partition("#")[0]
    if not code.strip():
        return
    for found in NUMBER.finditer(code):
        yield code[: found.start()] + other(found[0], random) + code[found.end() :]
    for word, instead in WORDS.items():
        if word in code:
            yield code.replace(word, instead, 1)
    if code.startswith("  ") and not code.rstrip().endswith("{"):
        yield ""


def other(number: str, random: Random) -> str:
    if "." in number:
        return f"{float(number) * random.choice((0.5, 2, 3)):.2f}"
    return str(max(0, random.choice((int(number) - 1, int(number) + 1, 2 * int(number) + 1))))
