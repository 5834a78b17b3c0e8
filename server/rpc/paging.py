"""Lists in pages, as AIP-158 has them: the next one begins behind a (time, id)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import TypeAlias, TypeVar

from server.rpc.checks import refusal

Item = TypeVar("Item")
Place: TypeAlias = tuple[int, str]
USUAL = 50
MOST = 1000
BITS = 63
"""Of a time, as stores keep it."""


def size_from(page_size: int) -> int:
    """How many items a page has. More than 1000 are 1000; refuses negative ones."""
    if page_size < 0:
        raise refusal("page_size", "this is not negative")
    return min(page_size or USUAL, MOST)


def place_from(page_token: str) -> Place | None:
    """Behind what a page begins; None is the beginning. Refuses what was not made by `token_to`."""
    if not page_token:
        return None
    try:
        time, _, id = urlsafe_b64decode(page_token.encode("ascii")).decode().partition(" ")
        if (number := int(time)).bit_length() <= BITS:
            return number, id
    except ValueError:
        pass
    raise refusal("page_token", "this is none of our tokens; leave it empty to begin anew")


def token_to(place: Place) -> str:
    """Where the page behind a place begins."""
    return urlsafe_b64encode(f"{place[0]} {place[1]}".encode()).decode("ascii")


def page_of(items: Sequence[Item], size: int) -> tuple[Sequence[Item], Item | None]:
    """The page, and its last item if more follow: one more than a page was asked for."""
    return items[:size], items[size - 1] if len(items) > size else None
