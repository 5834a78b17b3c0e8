"""A message broker: events come in by lines of business, orders of contacts and decisions go out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias


class BusUnavailable(Exception):
    """The broker cannot be reached. What was being sent may have arrived nevertheless."""


class NotTaken(Exception):
    """The broker has nowhere to put a message."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it came. `content_type` is empty if the sender did not say."""

    content_type: str
    body: bytes


class Settled(Enum):
    """What became of a message: it is done with, or has to be delivered again, as often as the broker lets it."""

    DONE = "done"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never do: it goes to the dead letters, with the reason."""

    reason: str


Fate: TypeAlias = Settled | Refused


class Batch(Protocol):
    """Messages of one line that were there together. Until they are settled the broker keeps them."""

    messages: Sequence[Incoming]

    async def settle(self, fates: Sequence[Fate]) -> None:
        """Say what became of each. Those of whom nothing could be said, as the broker is gone, are delivered again."""


class Way(Enum):
    """Where messages go: orders by channel, one queue each; decisions by verdict, to whoever wants them."""

    ORDER = "orders"
    DECISION = "decisions"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`id` is the same whenever it is sent again, by which receivers know it. `type`: of the message in `body`, JSON.

    `until`: the instant from which on it is of no use; None if there is none.
    """

    way: Way
    key: str
    id: str
    type: str
    body: bytes
    until: int | None = None


class Bus(Protocol):
    lines: Sequence[str]
    """Of business; a backlog of one does not hold another up."""

    @property
    def connected(self) -> bool:
        """Whether the broker is there now."""

    async def run(self) -> None:
        """Keep in touch with the broker, until it is cancelled."""

    async def take(self, line: str) -> Batch | None:
        """Wait for a message of a line, and take those that are there with it; None once no more are wanted."""

    async def take_no_more(self) -> None:
        """What has come by now is the last."""

    async def offer(self, channels: Collection[str]) -> None:
        """See that orders of these channels have a queue. Raises BusUnavailable."""

    async def send(self, message: Outgoing, lasts: int | None) -> None:
        """Returns once the broker has it for good. `lasts`: microseconds after which it may drop it. Raises NotTaken if an
        order has no queue, and BusUnavailable."""
