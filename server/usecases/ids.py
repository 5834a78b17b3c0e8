"""Ids of what the service makes: decisions, contacts, requests that have none."""

from __future__ import annotations

from os import urandom
from time import time_ns


def new_id() -> str:
    """Hex of 128 bits, nanoseconds of the system's clock before 64 random ones: what a process makes later sorts behind, so that
    contacts of one instant have an order, and indexes grow at one end. Every call needs several, and `uuid4` takes four times
    as long."""
    return f"{time_ns():016x}{urandom(8).hex()}"
