"""The builtin functions by name and type of the first argument. `docs/language/functions.md`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compiler.checked.ir import Call
from compiler.interpret.functions_of_numbers import NUMBERS
from compiler.interpret.functions_of_text import TEXTS
from compiler.interpret.functions_of_time import LOCAL, TIMES
from compiler.interpret.localtime import user_zone
from compiler.interpret.meaning import means, value
from compiler.interpret.scene import Scene
from compiler.interpret.values import strict
from compiler.types import ORDERED, Kind, Value

Function = Callable[..., Any]

_SETS: dict[tuple[str, Kind], Function] = {
    ("has", Kind.SET): lambda texts, text: text in texts,
    ("has_any", Kind.SET): lambda texts, *wanted: not texts.isdisjoint(wanted),
    ("has_all", Kind.SET): lambda texts, *wanted: texts.issuperset(wanted),
    ("size", Kind.SET): len,
}
_EXTREMES: dict[tuple[str, Kind], Function] = {
    (name, kind): function for name, function in (("min", min), ("max", max)) for kind in ORDERED
}
_FUNCTIONS: dict[tuple[str, Kind], Function] = {**_SETS, **_EXTREMES, **TEXTS, **NUMBERS, **TIMES}


KNOWN = frozenset(_FUNCTIONS) | frozenset(LOCAL)
"""Every function, as its name and the type of the first argument."""


@means(Call)
def _call(expr: Call, scene: Scene) -> Value:
    arguments = [value(argument, scene) for argument in expr.arguments]
    result = strict(_function(expr, scene), arguments)
    return result if isinstance(result, bool) or expr.type.kind is not Kind.CONDITION else None


def _function(expr: Call, scene: Scene) -> Function:
    """The function of that name for the type of the first argument; those of local time in the user's zone."""
    key = expr.function, expr.arguments[0].type.kind
    if key not in LOCAL:
        return _FUNCTIONS[key]
    in_zone, zone = LOCAL[key], user_zone(scene)
    return lambda *arguments: in_zone(zone, *arguments)
