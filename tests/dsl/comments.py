"""Comments strewn over a text, and found in it again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from dsl.ast import File
from dsl.grammar import parser
from dsl.parse import parse
from dsl.source import Source
from tests.dsl.trees import text_of


def strewn(text: str, dice: random.Random) -> str:
    """The text with comments at the end of lines, on lines of their own, and between any two words."""
    pieces: list[str] = []
    for number, statement in enumerate(single_statements(parse(Source("trees.sua", text)).file)):
        for position, word in enumerate(tokens(statement)):
            chance = dice.random()
            if chance < 0.05 and position:
                pieces.append(f" # {number} behind {position}\n  ")
            elif chance < 0.1 and position:
                pieces.append(f"\n\n    #{number} above {position}  \n  ")
            pieces.append(f" {word}" if position else word)
        pieces.append(dice.choice(("\n", "\n\n\n", f"  # {number} at the end\n", f"\n# {number} below\n\n")))
    return "".join(pieces)


def comments(text: str) -> Counter[str]:
    return Counter(one.text for one in parse(Source("trees.sua", text)).file.comments)


def single_statements(file: File) -> Iterator[str]:
    return (text_of(File(file.name, (placed,), ())) for placed in file.statements)


def tokens(statement: str) -> list[str]:
    return [str(token) for _, _, token in parser().lexer.tokens(statement)]
