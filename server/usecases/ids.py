"""Ids of what the service makes: decisions, contacts, requests that have none."""

from __future__ import annotations

from random import Random
from time import time_ns

_random = Random()  # of its own, which nobody seeds


def new_id() -> str:
    """Hex of 128 bits, nanoseconds of the system's clock before 64 random ones: what a process makes later sorts behind, so that
    contacts of one instant have an order, and indexes grow at one end. Nobody is kept out by not knowing one. Every call needs
    several, and `uuid4` takes six times as long."""
    return f"{time_ns():016x}{_random.getrandbits(64):016x}"
