"""What exchanges and queues are called, and of what kind they are. docs/messages.md tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.ports import Way

DELIVERIES = 20
"""So often a message is delivered before it goes to the dead letters."""


@dataclass(frozen=True, slots=True)
class Names:
    """Of one workspace."""

    workspace: str

    @property
    def events(self) -> str:
        """The exchange that takes events, by line."""
        return f"suasion.{self.workspace}.events"

    @property
    def dead(self) -> str:
        """The queue of dead letters, and the exchange before it."""
        return f"suasion.{self.workspace}.dead"

    def line(self, line: str) -> str:
        return f"{self.events}.{line}"

    def way(self, way: Way) -> str:
        return f"suasion.{self.workspace}.{way.value}"

    def channel(self, channel: str) -> str:
        return f"{self.way(Way.ORDER)}.{channel}"


QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}
DEAD = ("rejected", "delivery_limit")
"""Why a message is a dead letter. An order that has expired is none: its contact was given back."""


def dead_when(reason: str) -> dict[str, Any]:
    return {"x-match": "all-with-x", "x-first-death-reason": reason}


def limited(names: Names) -> dict[str, Any]:
    """What is delivered too often goes to the dead letters."""
    return QUORUM | {"x-delivery-limit": DELIVERIES, "x-dead-letter-exchange": names.dead}


def never_lost(names: Names) -> dict[str, Any]:
    """The same, and the queue keeps it until it has arrived there."""
    return limited(names) | {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}
