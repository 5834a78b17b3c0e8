"""Which users a share takes: by a hash of salt and user, so that raising a share only adds users."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256

from compiler.decision.texts import canonical_text
from compiler.types import UNAVAILABLE, Answer, Value

DIGITS = 13
"""Hexadecimal digits of SHA-256 that are looked at: 52 bits."""


def share_test(share: Fraction, salt: str) -> Callable[[Value], Answer]:
    """Whether the user with that key is taken; unknown where the key is missing or unavailable."""
    limit: int = share.numerator * 16**DIGITS // share.denominator
    prefix = f"{salt}\x1f".encode()

    def taken(key: Value) -> Answer:
        if key is None or key is UNAVAILABLE:
            return None
        digest = sha256(prefix + canonical_text(key).encode()).hexdigest()
        return int(digest[:DIGITS], 16) < limit

    return taken
