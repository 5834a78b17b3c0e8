"""Functions of sets of texts."""

from __future__ import annotations

from compiler.builtins.function import Function, Overload
from compiler.types import CONDITION, INT, Kind


def has_all(held: frozenset[str], *texts: str) -> bool:
    return held.issuperset(texts)


def has_any(held: frozenset[str], *texts: str) -> bool:
    return not held.isdisjoint(texts)


_SET_AND_TEXT = (Kind.SET, Kind.TEXT)

SET_FUNCTIONS = (
    Function(
        "has",
        "yes if the set holds the text",
        'has(user.interests, "ski")',
        (Overload(_SET_AND_TEXT, CONDITION, has_all),),
    ),
    Function(
        "has_any",
        "yes if it holds at least one of the texts",
        'has_any(user.interests, "golf", "ski")',
        (Overload(_SET_AND_TEXT, CONDITION, has_any, rest=Kind.TEXT),),
    ),
    Function(
        "has_all",
        "yes if it holds every one of the texts",
        'has_all(user.interests, "ski", "sun")',
        (Overload(_SET_AND_TEXT, CONDITION, has_all, rest=Kind.TEXT),),
    ),
    Function(
        "size", "how many texts it holds", "size(user.interests) is 2", (Overload((Kind.SET,), INT, len),)
    ),
)
