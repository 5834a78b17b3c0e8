"""Values."""

from __future__ import annotations

import orjson

from compiler.types import Type, Value
from compiler.wire.writing import write_value


def json_of(type: Type, value: Value) -> str:
    """The JSON form of facts."""
    return orjson.dumps(write_value(type, value)).decode()
