"""How touches stand, in a few bytes each: what many have in common is said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from compiler.facts import Touch
from server.ports import Standing, State

Kind: TypeAlias = Sequence[Any]
"""What opens its occurrence (`nudge/`), state, activity, channel, tags, whether it counts, campaign."""
Row: TypeAlias = Sequence[Any]
"""Of one touch: time, the number of its kind, the rest of its occurrence, and its lease if it has one."""


def packed(standing: Iterable[Standing]) -> tuple[list[Kind], list[Row]]:
    kinds: dict[Kind, int] = {}
    rows: list[Row] = []
    for each in standing:
        opener, slash, rest = each.touch.occurrence.partition("/")
        kind = (opener + slash, each.state.value, *common(each.touch))
        lease = (each.lease,) if each.lease else ()
        rows.append((each.touch.time, kinds.setdefault(kind, len(kinds)), rest, *lease))
    return list(kinds), rows


def common(touch: Touch) -> Kind:
    return touch.activity, touch.channel, tuple(sorted(touch.tags)), touch.counted, touch.campaign


def unpacked(kinds: Sequence[Kind], rows: Iterable[Row]) -> Iterator[Standing]:
    shared = [
        (opener, State(state), activity, channel, frozenset(tags), counted, campaign)
        for opener, state, activity, channel, tags, counted, campaign in kinds
    ]
    for time, kind, rest, *lease in rows:
        opener, state, activity, channel, tags, counted, campaign = shared[kind]
        touch = Touch(time, activity, channel, tags, counted, campaign, opener + rest)
        yield Standing(touch, state, *lease)
