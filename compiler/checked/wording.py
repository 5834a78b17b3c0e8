"""How findings speak of types and names: in the words of somebody who writes rules, not of somebody who reads compilers."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

from compiler.types import Kind, Type

CALLED: Mapping[Kind, str] = {
    Kind.CONDITION: "a condition",
    Kind.FLAG: "a flag",
    Kind.INT: "a whole number",
    Kind.NUMBER: "a number",
    Kind.TEXT: "a text",
    Kind.TIMEZONE: "a time zone",
    Kind.INSTANT: "an instant",
    Kind.DATE: "a date",
    Kind.DURATION: "a length of time",
    Kind.VERSION: "a version",
    Kind.SET: "a set of texts",
}
EVERYBODY = frozenset({"everybody", "everyone", "anybody", "anyone", "all", "users", "customers"})
"""How people call those whom every rule is about."""
PLURALS = {"policy": "policies", "crowd or list": "crowds and lists"}


def called(type_: Type) -> str:
    """`a text`, `money in EUR`, `one of free, plus, pro`."""
    if type_.kind is Kind.MONEY:
        return f"money in {type_.currency}"
    if type_.kind is Kind.CHOICE:
        return f"one of {some(type_.options)}"
    return CALLED[type_.kind]


def some(names: Iterable[str], most: int = 12) -> str:
    """`a, b, c and 5 more`, in the order given."""
    each = list(names)
    rest = f" and {len(each) - most} more" if len(each) > most else ""
    return f"{', '.join(each[:most]) or 'none'}{rest}"


def listing(title: str, names: Iterable[str], most: int = 12) -> str:
    """`declared events: a, b, c and 5 more`, the first in the order of the alphabet."""
    unique = set(names)
    rest = f" and {len(unique) - most} more" if len(unique) > most else ""
    return f"{title}: {', '.join(heapq.nsmallest(most, unique)) or 'none'}{rest}"


def declared(word: str) -> str:
    """`declared events`: the title of a list of what there is."""
    return f"declared {PLURALS.get(word, word + 's')}"


def with_article(word: str) -> str:
    """`a crowd`, `an event`."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
