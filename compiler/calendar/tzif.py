"""TZif, the format of compiled zone files, versions 2 and later (RFC 9636, section 3)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_HEADER = struct.Struct(">4sc15x6l")
_LOCAL_TIME_TYPE = struct.Struct(">lBB")  # offset from UTC, is daylight saving, index of the abbreviation


@dataclass(frozen=True, slots=True)
class ZoneFile:
    """What a zone file says, in seconds.

    `transitions`: ascending, since 1970-01-01T00:00Z.
    `offsets`: east of UTC; `offsets[i]` holds before `transitions[i]`, the last one after all of them.
    `footer`: the POSIX TZ string for the time after the last transition.
    """

    transitions: tuple[int, ...]
    offsets: tuple[int, ...]
    footer: str


def read_zone_file(data: bytes) -> ZoneFile:
    """Reads the 64-bit part; the 32-bit part before it serves old readers and is empty in `tzdata`."""
    start = _HEADER.size + _body_size(data)
    *_, transition_count, type_count, _ = _counts(data, start)
    times_at = start + _HEADER.size
    kinds_at = times_at + 8 * transition_count
    types_at = kinds_at + transition_count
    types_end = types_at + _LOCAL_TIME_TYPE.size * type_count
    offset_of = [offset for offset, _, _ in _LOCAL_TIME_TYPE.iter_unpack(data[types_at:types_end])]
    return ZoneFile(
        transitions=struct.unpack_from(f">{transition_count}q", data, times_at),
        offsets=(offset_of[0], *(offset_of[kind] for kind in data[kinds_at:types_at])),
        footer=data.rsplit(b"\n", 2)[1].decode("ascii"),
    )


def _counts(data: bytes, at: int) -> tuple[int, ...]:
    magic, version, *counts = _HEADER.unpack_from(data, at)
    if magic != b"TZif" or version < b"2":
        raise ValueError("not a TZif file of version 2 or later")
    return tuple(counts)


def _body_size(data: bytes) -> int:
    ut, standard, leaps, transitions, types, characters = _counts(data, 0)
    return ut + standard + 8 * leaps + 5 * transitions + _LOCAL_TIME_TYPE.size * types + characters
