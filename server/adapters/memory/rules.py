"""Rule-set versions in the memory of this process."""

from __future__ import annotations

from server.ports import Activation, RuleFiles


class MemoryRuleStore:
    def __init__(self) -> None:
        self._rules: dict[str, RuleFiles] = {}
        self._activations: list[Activation] = []

    async def put(self, version: str, rules: RuleFiles) -> None:
        self._rules.setdefault(version, rules)

    async def get(self, version: str) -> RuleFiles | None:
        return self._rules.get(version)

    async def activate(self, version: str, time: int) -> Activation:
        if version not in self._rules:
            raise KeyError(version)
        activation = Activation(len(self._activations) + 1, version, time)
        self._activations.append(activation)
        return activation

    async def active(self) -> Activation | None:
        return self._activations[-1] if self._activations else None

    async def last_activation(self, version: str) -> Activation | None:
        return next((one for one in reversed(self._activations) if one.version == version), None)
