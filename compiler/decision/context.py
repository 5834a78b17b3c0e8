"""What a tree is given."""

from __future__ import annotations

from typing import Any

from compiler.facts import Event, Facts


class Context:
    """Facts, and what was computed from them: definitions and aggregates at most once.

    `event` is the one that the enclosing `where` looks at, `trigger` the one that opened the occurrence. What trees
    read most has the same names here as in Facts, so that a tree that keeps nothing runs on either. Used by one
    thread; made anew for each decision.
    """

    __slots__ = (
        "event",
        "events",
        "facts",
        "input",
        "known_since",
        "lists",
        "memo",
        "now",
        "totals",
        "trigger",
        "user",
    )

    def __init__(self, facts: Facts, trigger: Event | None = None) -> None:
        self.facts = facts
        self.now = facts.now
        self.user = facts.user
        self.input = facts.input
        self.events = facts.events
        self.known_since = facts.known_since
        self.totals = facts.totals
        self.lists = facts.lists
        self.memo: dict[int, Any] = {}
        self.event: Event | None = None
        self.trigger = trigger
