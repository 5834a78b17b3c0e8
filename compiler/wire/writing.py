"""Values of a static type as JSON values: the way back, for answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compiler.types import MISSING, UNAVAILABLE, Kind, Type, Value
from compiler.wire.amounts import write_amount
from compiler.wire.json_text import Json
from compiler.wire.marks import UNAVAILABLE_MARK
from compiler.wire.time_text import write_date, write_duration, write_instant


def write_value(type: Type, value: Value) -> Json:
    """The form that reading takes. Missing, or an unknown condition, is null; what is unavailable is
    `{"unavailable": true}`.

    A version loses its build metadata, which has no part in its order. A set is in order of code points.
    """
    if value is MISSING:
        return None
    if value is UNAVAILABLE:
        return UNAVAILABLE_MARK
    write = _WRITERS.get(type.kind)
    return write(type, value) if write else value


def _money(type: Type, value: Any) -> Json:
    return {"amount": write_amount(value), "currency": type.currency}


def _version(type: Type, value: Any) -> Json:
    *core, (is_release, *tail) = value
    numbers = ".".join(map(str, core))
    return numbers if is_release else f"{numbers}-{'.'.join(word or str(number) for _, number, word in tail)}"


_WRITERS: dict[Kind, Callable[[Type, Any], Json]] = {
    Kind.MONEY: _money,
    Kind.INSTANT: lambda _, value: write_instant(value),
    Kind.DATE: lambda _, value: write_date(value),
    Kind.DURATION: lambda _, value: write_duration(value),
    Kind.VERSION: _version,
    Kind.SET: lambda _, value: sorted(value),
}
