"""Rule-set versions in the memory of this process."""

from __future__ import annotations

from collections.abc import Sequence

from dsl.source import Source
from server.ports import Activation


class MemoryRuleStore:
    def __init__(self) -> None:
        self._sources: dict[str, tuple[Source, ...]] = {}
        self._activations: list[Activation] = []

    async def put(self, version: str, sources: Sequence[Source]) -> None:
        self._sources.setdefault(version, tuple(sources))

    async def get(self, version: str) -> tuple[Source, ...] | None:
        return self._sources.get(version)

    async def activate(self, version: str, time: int) -> Activation:
        if version not in self._sources:
            raise KeyError(version)
        activation = Activation(len(self._activations) + 1, version, time)
        self._activations.append(activation)
        return activation

    async def active(self) -> Activation | None:
        return self._activations[-1] if self._activations else None

    async def last_activation(self, version: str) -> Activation | None:
        return next((one for one in reversed(self._activations) if one.version == version), None)
