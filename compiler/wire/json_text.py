"""JSON text into values, within limits of ours."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import orjson

from compiler.types import INT_MIN
from compiler.wire.errors import Findings, element, member, refusal

Json: TypeAlias = object
"""A JSON value as a reader makes it: None, bool, int, float, str, list or dict."""

LARGEST_DOCUMENT = 4 * 2**20
"""Bytes; what gRPC lets through by default."""
DEEPEST = 32
"""Objects and arrays within each other; facts themselves need 5."""

_CONTAINERS = (dict, list)
TOO_DEEP = f"objects and arrays are nested deeper than {DEEPEST}"
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_LONGEST_INT = 20  # digits and sign of 64 bits


def parse_json(text: bytes) -> Json:
    """The value of a JSON text in UTF-8.

    The bare words NaN, Infinity and -Infinity are let in as floats: Python and pandas write them for a missing
    number. Integers beyond 64 bits come out as floats. Raises FactsError for what is not JSON, is larger than
    LARGEST_DOCUMENT or nested deeper than DEEPEST, gives a name twice in one object, or holds half of a surrogate
    pair, so that every value can be written again.
    """
    check_size(text)
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return _read_slowly(text, f"this is not JSON: {error}")
    if text.count(b"{") + text.count(b"[") > DEEPEST:
        check_depth(value)
    # What is written back alike gave no name twice, which orjson does not tell.
    return value if is_alike(value, text) else _read_slowly(text, "this is not JSON")


def is_alike(value: Json, text: bytes) -> bool:
    """Whether the value is written as this text. Raises orjson.JSONEncodeError for a number beyond 64 bits."""
    again = orjson.dumps(value)
    return again == text or _dense(again) == _dense(text)


def _dense(text: bytes) -> bytes:
    """Without the blanks that Python's `json` writes; those within texts go on both sides alike."""
    return text.replace(b", ", b",").replace(b": ", b":")


def check_size(document: bytes) -> None:
    """Raises FactsError if it is larger than LARGEST_DOCUMENT."""
    if len(document) > LARGEST_DOCUMENT:
        raise refusal(f"{len(document):,} bytes are too many; a document has at most {LARGEST_DOCUMENT:,}")


def check_depth(value: Json) -> None:
    """Raises FactsError if objects and arrays are nested deeper than DEEPEST."""
    level = [value]
    for _ in range(DEEPEST):
        level = [part for each in level for part in _inside(each) if type(part) in _CONTAINERS]
        if not level:
            return
    raise refusal(TOO_DEEP)


def _read_slowly(text: bytes, complaint: str) -> Json:
    twice = Twice()
    try:
        value = json.loads(text.decode(), object_pairs_hook=twice.build, parse_int=_whole)
    except RecursionError:
        raise refusal(TOO_DEEP) from None
    except ValueError:
        raise refusal(complaint) from None
    check_depth(value)
    if twice.found or b"\\u" in text:
        refuse_flaws(value, twice)
    return value


def _whole(digits: str) -> int | float:
    whole = int(digits) if len(digits) <= _LONGEST_INT else INT_MIN - 1
    return whole if INT_MIN <= whole < 2**64 else float(digits)


class Twice:
    """Objects in which a name was given twice."""

    def __init__(self) -> None:
        self.found: dict[int, tuple[dict[str, Json], str]] = {}
        """The object and the name, by the object's id, which holds as long as the object is kept."""

    def build(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        """The object that a reader's pairs make."""
        built = dict(pairs)
        if len(built) < len(pairs):
            names = Counter(name for name, _ in pairs)
            self.found[id(built)] = built, names.most_common(1)[0][0]
        return built


def refuse_flaws(value: Json, twice: Twice) -> None:
    """Raises FactsError with the paths of names given twice and of halves of surrogate pairs."""
    findings = Findings()
    for path, each in _everything(value):
        if id(each) in twice.found:
            findings.refuse(member(path, twice.found[id(each)][1]), "this name is given twice")
        texts = each if isinstance(each, dict) else (each,)
        if any(isinstance(text, str) and _HALF_PAIR.search(text) for text in texts):
            findings.refuse(path, "this holds half of a surrogate pair")
    findings.settle()


def _inside(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _everything(value: Json) -> Iterator[tuple[str, Json]]:
    """The value and all within, with their paths, in the order written."""
    pending = [("", value)]
    while pending:
        path, current = pending.pop()
        yield path, current
        pending += reversed(list(_parts(path, current)))


def _parts(path: str, value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield from ((member(path, name), part) for name, part in value.items())
    elif isinstance(value, list):
        yield from ((element(path, index), part) for index, part in enumerate(value))
