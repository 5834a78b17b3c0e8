"""How long the caller of what is under way still waits."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar


def for_ever() -> None:
    """Nobody is waiting."""


remaining: ContextVar[Callable[[], float | None]] = ContextVar("remaining", default=for_ever)
"""Tells seconds, or None if there is no end to it. It is asked only where something has to be waited for."""
