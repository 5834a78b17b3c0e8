"""JSON text into values: what is let in, and what is not."""

from __future__ import annotations

import json
import math

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.wire.errors import FactsError
from compiler.wire.json_text import DEEPEST, LARGEST_DOCUMENT, parse_json


def refused(text: bytes) -> dict[str, str]:
    """Message by path."""
    with pytest.raises(FactsError) as error:
        parse_json(text)
    return {each.path: each.message for each in error.value.errors}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a":1}', {"a": 1}),
        (b' { "a" : [ 1 , 2.5 , null ] } ', {"a": [1, 2.5, None]}),
        (b'{"a":{"b":1},"c":{"b":1}}', {"a": {"b": 1}, "c": {"b": 1}}),
        (b"[Infinity, -Infinity]", [math.inf, -math.inf]),
        (b"18446744073709551615", 2**64 - 1),
        (b"[18446744073709551616 ]", [2.0**64]),
        (b"-9223372036854775809", -(2.0**63)),
        (b"1e999", math.inf),
        (b"1" * 5_000, math.inf),
        (b'"\\ud83d\\uded2"', "\N{SHOPPING TROLLEY}"),
        (b'"\\u0000"', "\0"),
    ],
)
def test_lets_in(text: bytes, value: object) -> None:
    assert parse_json(text) == value


def test_lets_in_nan() -> None:
    value = parse_json(b'{"a": NaN}')
    assert isinstance(value, dict)
    assert math.isnan(value["a"])


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        (b'{"a":1,"b":2,"a":1}', {"a": "this name is given twice"}),
        (
            b'{"a":[0,{"b":1,"b":1}],"c":{"d d":1,"d d":2}}',
            dict.fromkeys(["a[1].b", 'c["d d"]'], "this name is given twice"),
        ),
        (b'{"a":{"b":1},"a":{"b":2,"b":3}}', dict.fromkeys(["a", "a.b"], "this name is given twice")),
        (b'{"a":["\\ud83d"]}', {"a[0]": "this holds half of a surrogate pair"}),
        (b'{"a\\udc00":1}', {"": "this holds half of a surrogate pair"}),
    ],
)
def test_tells_where(text: bytes, errors: dict[str, str]) -> None:
    assert refused(text) == errors


@pytest.mark.parametrize(
    "text", [b"", b"{", b"{'a': 1}", b'{"a":1,}', b"\xff", b'"\xed\xa0\x80"', b"nan", b"01"]
)
def test_says_what_is_no_json(text: bytes) -> None:
    [(path, message)] = refused(text).items()
    assert path == ""
    assert message.startswith("this is not JSON: ")


@pytest.mark.parametrize("depth", [DEEPEST + 1, 1_000, 1_100, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b"[ NaN, ", b"]")])
def test_depth_is_limited(depth: int, opening: bytes, closing: bytes) -> None:
    deep = opening * depth + b"1" + closing * depth
    assert refused(deep) == {"": f"objects and arrays are nested deeper than {DEEPEST}"}
    parse_json(opening * DEEPEST + b"1" + closing * DEEPEST)


def test_size_is_limited() -> None:
    parse_json(b'"' + b"x" * (LARGEST_DOCUMENT - 2) + b'"')
    [message] = refused(b'"' + b"x" * (LARGEST_DOCUMENT - 1) + b'"').values()
    assert message == "4,194,305 bytes are too many; a document has at most 4,194,304"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(JSON, st.sampled_from([None, 0, 2]), st.booleans())
def test_what_the_standard_library_writes_is_read(value: object, indent: int | None, ascii: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii)
    assert parse_json(text.encode("utf-8", "surrogatepass")) == value


@given(st.text(alphabet='{}[]":,ab01.-e\\udNI ', max_size=30))
def test_what_is_let_in_can_be_written_again(text: str) -> None:
    try:
        value = parse_json(text.encode())
    except FactsError:
        return
    orjson.dumps(value)
