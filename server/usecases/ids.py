"""Ids of what the service makes: decisions, contacts, requests that have none."""

from __future__ import annotations

from os import urandom


def new_id() -> str:
    """Hex of 128 random bits. Every call needs several, and `uuid4` takes four times as long."""
    return urandom(16).hex()
