"""From what the parser reads to the tree: one function for each rule, called as soon as the rule is read.

Nothing here recurses: the parser calls the function of an inner rule first and hands its node on.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import isfunction
from types import ModuleType, SimpleNamespace
from typing import Any

from dsl.build import algebra, declarations, expressions, literals, plans, tests
from dsl.build.spans import Malformed

__all__ = ["BUILDERS", "Malformed"]

SUBJECTS = (literals, algebra, expressions, declarations, plans, tests)


def functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    return {
        name: one
        for name, one in vars(module).items()
        if isfunction(one) and one.__module__ == module.__name__
    }


def spread(function: Callable[..., Any]) -> Callable[[list[Any]], Any]:
    return lambda children: function(*children)


def builders() -> SimpleNamespace:
    """What Lark calls a transformer: terminals (in capitals) are given their token, rules their children."""
    named = {name: one for module in SUBJECTS for name, one in functions(module).items()}
    return SimpleNamespace(**{name: one if name.isupper() else spread(one) for name, one in named.items()})


BUILDERS = builders()
