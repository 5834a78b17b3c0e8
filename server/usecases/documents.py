"""JSON documents on their way into a store: read as the active rules want them, kept as they came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from compiler.facts_from_json import Reading
from compiler.wire.errors import FactsError
from compiler.wire.json_text import Json, parse_json
from server.usecases.refusals import InvalidRequest, Violation

Object = dict[str, Json]
Read = Callable[[Object], Reading[Any]]


def validated(text: bytes, read: Read, path: str) -> tuple[Object, int]:
    """The object that a document holds (nothing at all is an empty one), and how many of its names are undeclared.

    Raises InvalidRequest with paths below `path`.
    """
    try:
        document = parse_json(text) if text else {}
        if not isinstance(document, dict):
            raise InvalidRequest([Violation(path, "expected an object in braces")])
        return document, len(read(document).undeclared)
    except FactsError as error:
        raise InvalidRequest.of(error).below(path) from None


def canonical(document: Object) -> bytes:
    """JSON that is equal for equal objects. It is kept, and what orjson has written holds kilobytes until it is let go: so it is copied."""
    return bytes(memoryview(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)))
