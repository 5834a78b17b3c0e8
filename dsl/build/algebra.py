"""Crowds by algebra: `and` binds tighter than `or`, and `except` stands beside neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from dsl.ast import Algebra, Expr
from dsl.build.spans import Malformed, Part, at, of_type, over
from dsl.lexer import Token


def algebra(*parts: Part) -> Algebra:
    """Members with operators between them, as one operator a level."""
    words = [part for part in parts if isinstance(part, Token)]
    kinds = {str(word) for word in words}
    if "except" in kinds and len(kinds) > 1:
        raise unclear(parts, words)
    if kinds == {"and", "or"}:
        return level("or", list(conjunctions(parts)))
    return level(str(words[0]), of_type(Expr, parts))


def level(operator: str, terms: Sequence[Expr]) -> Algebra:
    return Algebra(over(terms[0], *terms), operator, tuple(terms))


def conjunctions(parts: Sequence[Part]) -> Iterator[Expr]:
    """The members of an `or`; those that `and` joins are one."""
    for is_or, run in groupby(parts, key=lambda part: isinstance(part, Token) and part == "or"):
        terms = of_type(Expr, tuple(run))
        if not is_or:
            yield terms[0] if len(terms) == 1 else level("and", terms)


def unclear(parts: Sequence[Part], words: Sequence[Token]) -> Malformed:
    """`a or b except c`: the parentheses that would read it from left to right are the fix."""
    change = next(place for place, word in enumerate(words) if (word == "except") != (words[0] == "except"))
    first, second = words[change - 1], words[change]
    return Malformed(
        "S003",
        f"`{first}` and `{second}` beside each other can be read in two ways",
        at(second),
        f"put what belongs together before `{second}` into parentheses",
        mend=(over(parts[0], parts[2 * change]), "({})"),
    )
