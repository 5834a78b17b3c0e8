"""What all versions need of the past that are kept and were not revoked: any of them may serve again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial, reduce

import orjson

from compiler.checked.ir import RuleSet
from compiler.facts import Event, Total
from compiler.facts_from_json import Reader
from compiler.manifest import Retention, retention
from compiler.shapes import Shape
from compiler.totals import Folder
from compiler.wire.errors import Findings
from compiler.wire.totals import read_total, write_total
from server.ports import Folds, RecordedEvent, RuleStore
from server.usecases.typed_facts import typed
from server.usecases.versions import Versions

PAGE = 100


class TypedFold:
    """Adds up what was stored as a version types it that has the shape. Every version that has it would do the same."""

    def __init__(self, ruleset: RuleSet, reader: Reader, shape: Shape) -> None:
        self._ruleset = ruleset
        self._read = partial(reader.read_fields, shape.event)
        self._shape = shape
        self._folder = Folder(ruleset, shape)

    def added(self, body: bytes | None, events: Sequence[RecordedEvent]) -> bytes:
        total = Total() if body is None else self._total(body)
        return self._body(self._folder.added(total, self._typed(events)))

    def without(self, body: bytes, events: Sequence[RecordedEvent]) -> bytes:
        return self._body(self._folder.without(self._total(body), self._typed(events)))

    def _typed(self, events: Sequence[RecordedEvent]) -> list[Event]:
        return [typed(self._read, event) for event in events]

    def _total(self, body: bytes) -> Total:
        findings = Findings()
        total = read_total(self._ruleset, self._shape.name, orjson.loads(body), "", findings)
        findings.settle()
        assert total is not None
        return total

    def _body(self, total: Total) -> bytes:
        return orjson.dumps(write_total(self._ruleset.events, self._shape.name, total))


@dataclass(frozen=True, slots=True)
class Needed:
    """How long what is kept, and what to fold the rest into."""

    retention: Retention
    folds: Folds

    @classmethod
    def by(cls, ruleset: RuleSet) -> Needed:
        found, reader = retention(ruleset), Reader(ruleset)
        folds: dict[str, dict[str, TypedFold]] = {}
        for name, shape in found.shapes.items():
            folds.setdefault(shape.event, {})[name] = TypedFold(ruleset, reader, shape)
        return cls(found, folds)

    def joined(self, other: Needed) -> Needed:
        """What either needs."""
        types = self.folds.keys() | other.folds
        folds = {type: {**self.folds.get(type, {}), **other.folds.get(type, {})} for type in types}
        return Needed(self.retention.joined(other.retention), folds)


class KeptVersions:
    """Knows what versions need. It is found out once for each: a version never changes."""

    def __init__(self, rules: RuleStore, versions: Versions) -> None:
        self._rules = rules
        self._versions = versions
        self._known: dict[str, Needed] = {}

    async def needed(self) -> Needed | None:
        """By all of them; None if there is none. Raises VersionNotReproducible for one of which it cannot be known."""
        found = [await self._needed_by(version) for version in await self._names()]
        return reduce(Needed.joined, found) if found else None

    async def folds(self) -> Folds:
        """Raises what `needed` does."""
        needed = await self.needed()
        return {} if needed is None else needed.folds

    async def _names(self) -> list[str]:
        found: list[str] = []
        behind: tuple[int, str] | None = None
        while page := await self._rules.versions(behind, PAGE):
            found += (each.version for each in page if not each.revoked)
            behind = page[-1].time, page[-1].version
        return found

    async def _needed_by(self, version: str) -> Needed:
        if version not in self._known:
            loaded = await self._versions.load(version)
            self._known[version] = await asyncio.to_thread(Needed.by, loaded.ruleset)
        return self._known[version]
