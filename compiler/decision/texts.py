"""Values as text: in the ids of occurrences, and where a user's key is hashed."""

from __future__ import annotations

from compiler.types import Present


def canonical_text(value: Present) -> str:
    """`true`, `false`, decimal ints, the shortest text that reads as the same double, texts as they are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value or 0.0)  # no negative zero
    return "\x1f".join(sorted(value)) if isinstance(value, frozenset) else str(value)
