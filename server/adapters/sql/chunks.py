"""What is too much for one statement, in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
CHUNK = 500  # parameters of one statement; SQLite once allowed 999


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in pieces that fit into the parameters of one statement."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
