"""Messages that are made once for each version, as programs make what they tell once: why most plans fall."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field
from functools import lru_cache
from typing import Generic, TypeVar

from suasion.v1 import answer_pb2

from dsl.frozen import dataclass
from server.usecases.active_rules import Serving

Key = TypeVar("Key")
Message = TypeVar("Message")
VERSIONS = 32
MOST = 20_000
"""Messages of a kind; most are used at every decision, and the others go with them when there are too many."""


class Kept(Generic[Key, Message]):
    """Messages by a key. Where it has ids of what they tell of, that is kept with them, so that no other has its id."""

    def __init__(self) -> None:
        self._made: dict[Key, Message] = {}
        self._told: list[object] = []
        self.get = self._made.get
        """The message made before, or None."""

    def keep(self, key: Key, told: object, message: Message) -> None:
        if len(self._told) >= MOST:
            self._made.clear()
            self._told.clear()
        self._told.append(told)
        self._made[key] = message


@dataclass(frozen=True, slots=True)
class Phrases:
    """Of one version. `allowed`: by the definitions asked. `reasons`: by id, gate and winner; `outcomes`: by id as `outcomes_to` writes them, and by `lost_key`
    without their occurrence."""

    allowed: Kept[tuple[str, ...], list[answer_pb2.Reason]] = field(default_factory=Kept)
    reasons: Kept[tuple[int, object, str | None], answer_pb2.Reason] = field(default_factory=Kept)
    outcomes: Kept[Hashable, bytes] = field(default_factory=Kept)


@lru_cache(VERSIONS)
def phrases(serving: Serving) -> Phrases:
    return Phrases()
