"""MessagePack into the values that JSON has, within the same limits."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any, Final

import msgpack
import msgspec
import orjson
from msgpack.exceptions import StackError

from compiler.wire.errors import refusal
from compiler.wire.json_text import DEEPEST, TOO_DEEP, Json, Twice, check_depth, check_size, refuse_flaws

LONGEST_ARRAY: Final = 100_000
"""Elements, as room is made for them before they are read. Facts themselves have 10,000 at most."""


def _refuse_extension(code: int, data: bytes) -> None:
    raise ValueError(code)


# Binary data and extension types, that of instants among them, have no form in JSON.
_ONLY_JSON: Final = {
    "max_bin_len": 0,
    "max_ext_len": 0,
    "ext_hook": _refuse_extension,
    "max_array_len": LONGEST_ARRAY,
    "strict_map_key": True,
}
PLAIN: Any = bool | int | float | str | None
ANY: Any = PLAIN
for _ in range(6):  # deeper than facts go
    ANY = PLAIN | Annotated[list[ANY], msgspec.Meta(max_length=LONGEST_ARRAY)] | dict[str, ANY]
"""To msgspec, what JSON has a form for."""
_decode: Final = msgspec.msgpack.Decoder(ANY).decode
_EMPTY_BINARY: Final = b"\xc4\x00"
# What arrays and objects begin with; texts and numbers may hold these bytes as well.
_CONTAINERS: Final = bytes([*range(0x80, 0xA0), *range(0xDC, 0xE0)])
_NOT_OURS: Final = "this is not MessagePack, or holds what JSON has no form for"


def parse_msgpack(data: bytes) -> Json:
    """The value of one MessagePack document.

    NaN and infinities are let in, as by `parse_json`. Raises FactsError for what is no MessagePack, is larger than
    LARGEST_DOCUMENT or nested deeper than DEEPEST, gives a name twice in one object, or holds names that are no texts,
    texts that are not UTF-8, binary data, extension types or an array longer than LONGEST_ARRAY.
    """
    check_size(data)
    # What is written back alike gave no name twice, which neither library tells.
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        if is_alike_msgpack(value := _decode(data), data):
            return value
    return _read_slowly(data)


def is_alike_msgpack(value: Json, data: bytes) -> bool:
    """Whether the value is written as these bytes."""
    return msgspec.msgpack.encode(value) == data


def _read_slowly(data: bytes) -> Json:
    """By who says what is wrong."""
    value = _unpacked(data)
    if len(data) - len(data.translate(None, _CONTAINERS)) > DEEPEST:
        check_depth(value)
    if _EMPTY_BINARY in data or msgpack.packb(value) != data:
        twice = Twice()
        value = _unpacked(data, object_pairs_hook=twice.build)
        if twice.found:
            refuse_flaws(value, twice)
        _require_form(value)
    return value


def _unpacked(data: bytes, **hook: Any) -> Json:
    try:
        value: Json = msgpack.unpackb(data, **_ONLY_JSON, **hook)
    except StackError:
        raise refusal(TOO_DEEP) from None
    except (ValueError, TypeError):
        raise refusal(_NOT_OURS) from None
    return value


def _require_form(value: Json) -> None:
    """Raises FactsError if JSON has no form for something in it."""
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise refusal(_NOT_OURS) from None
