"""What every store may raise."""

from __future__ import annotations


class StoreUnavailable(Exception):
    """A store does not answer. The text names the store and the kind of failure, never what was stored."""
