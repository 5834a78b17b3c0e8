"""MessagePack into values: what is let in, and what is not, alike for every way to write the same value."""

from __future__ import annotations

import math
import struct

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.wire.errors import FactsError
from compiler.wire.json_text import DEEPEST, LARGEST_DOCUMENT, TOO_DEEP
from compiler.wire.msgpack_form import LONGEST_ARRAY, parse_msgpack

NOT_OURS = {"": "this is not MessagePack, or holds what JSON has no form for"}


def refused(data: bytes) -> dict[str, str]:
    """Message by path."""
    with pytest.raises(FactsError) as error:
        parse_msgpack(data)
    return {each.path: each.message for each in error.value.errors}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


@given(JSON)
def test_what_json_has_a_form_for_is_read_as_it_was_written(value: object) -> None:
    assert parse_msgpack(msgpack.packb(value)) == value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x81\xa1a\xcd\x00\x01", {"a": 1}),  # an integer wider than it need be
        (b"\xde\x00\x01\xd9\x01a\xca" + struct.pack(">f", 0.5), {"a": 0.5}),
        (b"\xdd\x00\x00\x00\x01\xc0", [None]),
        (b"\xcf" + b"\xff" * 8, 2**64 - 1),
        (b"\xcb" + struct.pack(">d", math.inf), math.inf),
        (b"\xa3\xc4\x80\x00", "\u0100\0"),
        (b"\xcd\xc4\x00", 0xC400),  # which looks like empty binary data
    ],
)
def test_lets_in(data: bytes, value: object) -> None:
    assert parse_msgpack(data) == value


def test_lets_in_nan() -> None:
    value = parse_msgpack(msgpack.packb([math.nan]))
    assert isinstance(value, list)
    assert math.isnan(value[0])


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (b"\x82\xa1a\x01\xa1a\x02", {"a": "this name is given twice"}),
        (
            b"\x82\xa1a\x92\x00\x82\xa1b\x01\xa1b\x01\xa1c\x82\xa3d d\x01\xa3d d\x02",
            dict.fromkeys(["a[1].b", 'c["d d"]'], "this name is given twice"),
        ),
    ],
)
def test_tells_where(data: bytes, errors: dict[str, str]) -> None:
    assert refused(data) == errors


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\x81",
        b"\xa5four",
        b"\x01\x02",
        b"\x81\x01\x02",  # a name that is no text
        b"\x81\xc4\x01a\x02",
        b"\x81\xc4\x00\x02",
        b"\x81\x90\x02",
        b"\xc4\x00",
        b"\x91\xc4\x01a",
        b"\x91\xc5\x00\x00",
        b"\xc7\x00\x05",
        b"\xd4\x05a",
        b"\xd6\xff\x00\x00\x00\x00",  # an instant
        b"\xa1\xff",
        b"\xa3\xed\xa0\x80",  # half of a surrogate pair
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\xdd\x00\x40\x00\x00" * 900,  # rooms for four million each, and nothing in them
        msgpack.packb([None] * (LONGEST_ARRAY + 1)),
    ],
)
def test_says_what_it_does_not_take(data: bytes) -> None:
    assert refused(data) == NOT_OURS


@pytest.mark.parametrize("depth", [DEEPEST + 1, 300, 600, 1_100, 100_000])
@pytest.mark.parametrize("opening", [b"\x91", b"\x81\xa1a", b"\xdc\x00\x01"])
def test_depth_is_limited(depth: int, opening: bytes) -> None:
    assert refused(opening * depth + b"\x01") == {"": TOO_DEEP}
    parse_msgpack(opening * DEEPEST + b"\x01")


def test_size_is_limited() -> None:
    parse_msgpack(msgpack.packb("x" * (LARGEST_DOCUMENT - 5)))
    [message] = refused(msgpack.packb("x" * (LARGEST_DOCUMENT - 4))).values()
    assert message == "4,194,305 bytes are too many; a document has at most 4,194,304"


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse_msgpack(data)
    except FactsError as error:
        assert str(error)
