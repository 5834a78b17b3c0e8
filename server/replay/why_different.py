"""Why an answer does not come out as it stands on record: where the two part, and what each was made with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

import orjson

from compiler.wire.errors import member
from compiler.wire.json_text import Json
from dsl.version import ENGINE_VERSION

MADE_WITH = ("engine_version", "tzdata_version")
"""Columns."""
HERE = (ENGINE_VERSION, version("tzdata"))
LONGEST = 80
"""Characters of a value that are shown."""


def why_different(record: Mapping[str, Any], outcome: Json, now: str) -> str:
    """`outcome`: that of the record. `plans[0].verdict` was "send" and is "wait"; made by suasion … with tzdata …, …"""
    path, before, after = first_difference(outcome, orjson.loads(now), "")
    made = tuple(record[name] for name in MADE_WITH)
    by = "by this version of suasion" if made == HERE else f"by suasion {made[0]} with tzdata {made[1]}"
    return f"`{path}` was {shown(before)} and is {shown(after)}; it was made {by}"


def first_difference(before: Json, after: Json, path: str) -> tuple[str, Json, Json]:
    """The path to the first that is not the same in both, and what it is in each."""
    for name, one, other in members(before, after):
        if one != other:
            return first_difference(
                one, other, f"{path}{name}" if name.startswith("[") else member(path, name)
            )
    return path, before, after


def members(before: Json, after: Json) -> Iterator[tuple[str, Json, Json]]:
    """Of two objects, or of two arrays of one length."""
    if isinstance(before, dict) and isinstance(after, dict):
        yield from ((name, before.get(name), after.get(name)) for name in {**before, **after})
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        yield from ((f"[{at}]", *both) for at, both in enumerate(zip(before, after, strict=True)))


def shown(value: Json) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
