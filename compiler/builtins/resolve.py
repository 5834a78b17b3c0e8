"""Which overload of a function a call means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compiler.builtins.function import Function, Overload, Same
from compiler.types import Kind, Type

CONVERSIONS = frozenset({(Kind.INT, Kind.NUMBER), (Kind.CHOICE, Kind.TEXT), (Kind.TIMEZONE, Kind.TEXT)})
"""What is converted without being asked: (from, to)."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """`parameters`: the type that each argument must have; where its own differs, a conversion is due."""

    overload: Overload
    parameters: tuple[Type, ...]
    result: Type


@dataclass(frozen=True, slots=True)
class Mismatch:
    """No overload takes these arguments. `expected`: the signatures that there are, in plain words."""

    expected: tuple[str, ...]


def resolve_in(function: Function, arguments: Sequence[Type]) -> Resolved | Mismatch:
    """The overload with the fewest conversions, the first listed of equals."""
    fitting = [
        (_conversions(arguments, parameters), index, overload, parameters)
        for index, overload, parameters in _candidates(function, arguments)
    ]
    if not fitting:
        return Mismatch(function.signatures)
    _, _, overload, parameters = min(fitting, key=lambda each: each[:2])
    result = parameters[0] if isinstance(overload.result, Same) else overload.result
    return Resolved(overload, parameters, result)


def _candidates(
    function: Function, arguments: Sequence[Type]
) -> Iterator[tuple[int, Overload, tuple[Type, ...]]]:
    for index, overload in enumerate(function.overloads):
        parameters = _parameters_for(overload, arguments)
        if parameters is not None:
            yield index, overload, parameters


def _parameters_for(overload: Overload, arguments: Sequence[Type]) -> tuple[Type, ...] | None:
    """The type of each parameter for these arguments; None if they do not fit."""
    if not overload.accepts_count(len(arguments)):
        return None
    fitted = [_fitted(overload.kind_at(at), argument) for at, argument in enumerate(arguments)]
    parameters = tuple(each for each in fitted if each is not None)
    currencies = {each.currency for each in parameters if each.kind is Kind.MONEY}
    return parameters if len(parameters) == len(arguments) and len(currencies) <= 1 else None


def _fitted(kind: Kind | None, argument: Type) -> Type | None:
    if kind is argument.kind:
        return argument
    return Type(kind) if kind is not None and (argument.kind, kind) in CONVERSIONS else None


def _conversions(arguments: Sequence[Type], parameters: Sequence[Type]) -> int:
    return sum(argument != parameter for argument, parameter in zip(arguments, parameters, strict=True))
