"""The builtin functions: signature and online form, one file per subject.

`docs/language/functions.md` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compiler.builtins.dates import DATE_FUNCTIONS
from compiler.builtins.function import SAME, Function, Overload, Same
from compiler.builtins.networks import NETWORK_FUNCTIONS
from compiler.builtins.numbers import NUMBER_FUNCTIONS
from compiler.builtins.resolve import CONVERSIONS, Mismatch, Resolved, resolve_in
from compiler.builtins.sets import SET_FUNCTIONS
from compiler.builtins.text import TEXT_FUNCTIONS
from compiler.builtins.versions import VERSION_FUNCTIONS
from compiler.types import Type

__all__ = [
    "CONVERSIONS",
    "FUNCTIONS",
    "SAME",
    "Function",
    "Mismatch",
    "Overload",
    "Resolved",
    "Same",
    "resolve",
]

FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (
        *TEXT_FUNCTIONS,
        *NUMBER_FUNCTIONS,
        *DATE_FUNCTIONS,
        *VERSION_FUNCTIONS,
        *NETWORK_FUNCTIONS,
        *SET_FUNCTIONS,
    )
}


def resolve(name: str, arguments: Sequence[Type]) -> Resolved | Mismatch:
    """The overload of the function `name` (a key of FUNCTIONS) that takes arguments of these types.

    >>> from compiler.types import INT, NUMBER
    >>> resolve("max", (INT, NUMBER)).result is NUMBER
    True
    """
    return resolve_in(FUNCTIONS[name], arguments)
