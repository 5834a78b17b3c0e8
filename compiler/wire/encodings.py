"""How facts that come with a request are encoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from compiler.wire.json_text import Json, parse_json
from compiler.wire.msgpack_form import parse_msgpack


class Encoding(Enum):
    """Of facts that come with a request, by the field that holds them."""

    JSON = "facts_json"
    MSGPACK = "facts_msgpack"


PARSERS: Mapping[Encoding, Callable[[bytes], Json]] = {
    Encoding.JSON: parse_json,
    Encoding.MSGPACK: parse_msgpack,
}
