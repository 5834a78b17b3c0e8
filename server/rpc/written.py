"""Answers as they are sent, put together of pieces that were written before: to read the pieces, only to write them again, would cost
as much as to decide."""

from __future__ import annotations

from typing import NamedTuple

from google.protobuf.message import Message


class Written(NamedTuple):
    """Stands for a message of this kind."""

    kind: type[Message]
    data: bytes

    def message(self) -> Message:
        return self.kind.FromString(self.data)


def within(number: int, data: bytes) -> bytes:
    """A message as the field of that number, which is below 16, of another."""
    return bytes((number << 3 | 2, *varint(len(data)))) + data


def varint(number: int) -> bytes:
    """Seven bits to a byte, the lowest first; all but the last have the eighth."""
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    octets.append(number)
    return bytes(octets)
