"""Attributes of users in the memory of this process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from compiler.wire.json_text import Json


class MemoryProfileStore:
    def __init__(self) -> None:
        self._attributes: defaultdict[str, dict[str, Json]] = defaultdict(dict)

    async def upsert(self, profiles: Sequence[tuple[str, Mapping[str, Json]]]) -> None:
        for user, attributes in profiles:
            self._attributes[user].update(attributes)

    async def fetch(self, user: str) -> Mapping[str, Json]:
        return dict(self._attributes.get(user, {}))

    async def erase(self, user: str) -> int:
        return len(self._attributes.pop(user, {}))
