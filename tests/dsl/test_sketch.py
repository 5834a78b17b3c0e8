"""Whatever the first sketch of the language reads, the language reads."""

import random
from collections import defaultdict
from pathlib import Path

import pytest
from lark import Lark, UnexpectedInput
from lark.grammar import NonTerminal, Rule, Symbol

from dsl.parse import parse
from dsl.source import Source

SKETCH = Lark((Path(__file__).parent / "sketch.lark").read_text(encoding="utf-8"), parser="lalr")
WORDS = {
    "NAME": [
        "a",
        "user",
        "cart_add",
        "value",
        "day",
        "price",
        "monday",
        "count_1",
        "push",
        "text",
        "nothing",
    ],
    "STRING": ['"x"', '""', '"# { not a comment"', '"日本 🎁"'],
    "NUMBER": ["0", "1", "20", "365"],
    "PERCENT": ["5%", "12.5%", "100%"],
    "TIME": ["00:00", "21:00", "23:59"],
    "DATETIME": ["2026-03-01", "2026-03-01 20:10"],
    "CUR": ["EUR", "USD"],
    "CMP": [">=", "<=", ">", "<"],
    "ADD": ["+", "-"],
    "MUL": ["*", "/"],
}
DEPTH = 14
REFUSED_ON_PURPOSE = {
    "S003",  # `except` beside `and` or `or`: the sketch leaves open what it means
    "S006",  # `optional optional`
}


def rules_by_name() -> dict[NonTerminal, list[Rule]]:
    grouped = defaultdict(list)
    for rule in SKETCH.rules:
        grouped[rule.origin].append(rule)
    return grouped


RULES = rules_by_name()
LITERALS = {
    terminal.name: terminal.pattern.value for terminal in SKETCH.terminals if terminal.pattern.type == "str"
}


def least_depths() -> dict[NonTerminal, int]:
    """How deep the shallowest sentence of each rule is."""
    depths: dict[NonTerminal, int] = {}
    while len(depths) < len(RULES):
        for name, rules in RULES.items():
            known = [depth for rule in rules if (depth := depth_of(rule, depths)) is not None]
            if known:
                depths[name] = min(known)
    return depths


def depth_of(rule: Rule, depths: dict[NonTerminal, int]) -> int | None:
    inner = [depths.get(part) for part in rule.expansion if isinstance(part, NonTerminal)]
    return None if None in inner else 1 + max((depth for depth in inner if depth is not None), default=0)


LEAST = least_depths()


def sentence(dice: random.Random) -> str:
    """A random sentence of the sketch, its words parted by blanks."""
    words: list[str] = []
    pending: list[tuple[Symbol, int]] = [(NonTerminal("start"), 0)]
    while pending:
        part, depth = pending.pop()
        if isinstance(part, NonTerminal):
            rules = RULES[part]
            if depth > DEPTH:
                rules = [min(rules, key=lambda rule: depth_of(rule, LEAST) or 0)]
            pending += [(inner, depth + 1) for inner in reversed(dice.choice(rules).expansion)]
        else:
            words.append(LITERALS.get(part.name) or dice.choice(WORDS[part.name]))
    return " ".join(words)


def sketch_reads(text: str) -> bool:
    try:
        SKETCH.parse(text)
    except UnexpectedInput:
        return False
    return True


@pytest.mark.parametrize("seed", range(20))
def test_what_the_sketch_reads_is_read(seed: int) -> None:
    dice = random.Random(seed)
    read = 0
    while read < 100:
        text = sentence(dice)
        if sketch_reads(text):
            read += 1
            found = parse(Source("sketch.sua", text)).diagnostics
            assert {one.code for one in found} <= REFUSED_ON_PURPOSE, text
