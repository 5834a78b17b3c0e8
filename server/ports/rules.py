"""Rule-set versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dsl.source import Source


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """What a version is compiled from. `use a.b` finds `a/b.sua` among the modules, or in the standard library."""

    files: tuple[Source, ...]
    modules: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Activation:
    """`version` decides from `time` on; `epoch` counts activations from 1, the greatest one holds."""

    epoch: int
    version: str
    time: int


class RuleStore(Protocol):
    """Rule-set versions, which never change, and which of them decides."""

    async def put(self, version: str, rules: RuleFiles) -> None:
        """Keep a version; one that is kept already stays as it is."""

    async def get(self, version: str) -> RuleFiles | None:
        """The files of a version, or None."""

    async def activate(self, version: str, time: int) -> Activation:
        """Make a kept version decide, in one order for everybody. Raises KeyError for a stranger."""

    async def active(self) -> Activation | None:
        """The activation that holds."""

    async def last_activation(self, version: str) -> Activation | None:
        """The newest activation of one version."""
