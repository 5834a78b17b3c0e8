"""What a tree is given."""

from __future__ import annotations

from typing import Any

from compiler.facts import Event, Facts


class Context:
    """Facts, and what was computed from them: definitions and aggregates at most once.

    `event` is the one that the enclosing `where` looks at, `trigger` the one that opened the occurrence. Used by one
    thread; made anew for each decision.
    """

    __slots__ = ("event", "facts", "memo", "trigger")

    def __init__(self, facts: Facts, trigger: Event | None = None) -> None:
        self.facts = facts
        self.memo: dict[int, Any] = {}
        self.event: Event | None = None
        self.trigger = trigger
