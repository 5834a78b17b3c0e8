"""How touches stand, in a few bytes each: what many have in common is said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from cachetools import LRUCache, cached
from msgpack import packb, unpackb

from compiler.facts import Touch
from server.ports import Standing, State

Kind: TypeAlias = Sequence[Any]
"""What opens its occurrence (`nudge/`), state, activity, channel, tags, whether it counts, campaign, and what opens the one that it completes (or None)."""
Row: TypeAlias = Sequence[Any]
"""Of one touch: time, the number of its kind, the rest of its occurrence, and its lease if it has one."""
MOST_KEPT = 50_000
"""Touches that are kept as they were read: who is asked about again and again, as limits hold, is not read anew each time."""


class Kept(NamedTuple):
    """Touches with since < time; None is from the start."""

    since: int | None
    standing: tuple[Standing, ...]


def packed(kept: Kept) -> bytes:
    kinds: dict[Kind, int] = {}
    rows: list[Row] = []
    for each in kept.standing:
        opener, slash, rest = each.touch.occurrence.partition("/")
        kind = (opener + slash, each.state.value, *common(each.touch))
        lease = (each.lease,) if each.lease else ()
        rows.append((each.touch.time, kinds.setdefault(kind, len(kinds)), rest, *lease))
    packed: bytes = packb((kept.since, list(kinds), rows))
    return packed


def common(touch: Touch) -> Kind:
    completes = touch.completes and touch.completes.partition("/")[0] + "/"
    return touch.activity, touch.channel, tuple(sorted(touch.tags)), touch.counted, touch.campaign, completes


@cached(LRUCache(MOST_KEPT, getsizeof=lambda kept: 1 + len(kept.standing)))
def unpacked(part: bytes) -> Kept:
    since, kinds, rows = unpackb(part)
    return Kept(since, tuple(standing(kinds, rows)))


def standing(kinds: Sequence[Kind], rows: Iterable[Row]) -> Iterator[Standing]:
    shared = [
        (opener, State(state), activity, channel, frozenset(tags), counted, campaign, completes)
        for opener, state, activity, channel, tags, counted, campaign, completes in kinds
    ]
    for time, kind, rest, *lease in rows:
        opener, state, activity, channel, tags, counted, campaign, completes = shared[kind]
        kept = opener + rest, completes and completes + rest
        touch = Touch(time, activity, channel, tags, counted, campaign, *kept)
        yield Standing(touch, state, *lease)
