"""The table from each class of expression to the short function that says what it means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from compiler.checked.ir import Expr
from compiler.interpret.scene import Scene
from compiler.types import Answer, Value

Meaning: TypeAlias = Callable[[Any, Scene], Value]
MEANINGS: dict[type[Expr], Meaning] = {}

M = TypeVar("M", bound=Meaning)


def means(kind: type[Expr]) -> Callable[[M], M]:
    """Enter the decorated function as the meaning of `kind`."""

    def enter(meaning: M) -> M:
        MEANINGS[kind] = meaning
        return meaning

    return enter


def value(expr: Expr, scene: Scene) -> Value:
    """What the expression yields there; of a condition True, False or None."""
    return MEANINGS[type(expr)](expr, scene)


def answer(expr: Expr, scene: Scene) -> Answer:
    """The answer of a condition: anything but yes and no is unknown."""
    result = value(expr, scene)
    return result if isinstance(result, bool) else None
