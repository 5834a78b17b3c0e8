"""What stands in the place of a value that is not told."""

from __future__ import annotations

from typing import Final

from compiler.wire.json_text import Json

UNAVAILABLE_MARK: Final[Json] = {"unavailable": True}
"""It could not be had. Read in records of decisions alone."""
MASKED_MARK: Final[Json] = {"masked": True}
"""It is private and not shown. It cannot be read back."""
