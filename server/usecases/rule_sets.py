"""Check, publish, list, show and compare rule-set versions."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from compiler.cases.from_ast import check_cases
from compiler.checked.ir import RuleSet
from compiler.counters import Counter, Kept, counters
from compiler.diff import Change, diff
from compiler.driver import Compiled
from dsl.diagnostics import Diagnostic
from dsl.frozen import dataclass
from server.ports import By, Deed, KeptVersion, Part, Release, RuleFiles, RuleStore
from server.usecases.active_rules import ActiveRules
from server.usecases.housekeeping import CONTACTS, EVENTS
from server.usecases.reviews import Review, Reviews, State
from server.usecases.versions import Version, Versions, compiled_files, made


@dataclass(frozen=True, slots=True)
class Checked:
    """What was made of files, and what is wrong with them and with the tests in them."""

    compiled: Compiled
    diagnostics: tuple[Diagnostic, ...]

    @property
    def valid(self) -> bool:
        return not any(each.severity == "error" for each in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Standing:
    """A version, where it stands on its way out, the newest release in which it serves, and whom it serves now."""

    kept: KeptVersion
    review: Review
    release: Release | None
    part: Part


@dataclass(frozen=True, slots=True)
class Shown:
    """A version and its files, and where it stands."""

    ruleset: RuleSet
    rules: RuleFiles
    standing: Standing


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions, what they do not mean alike, and what becomes of what was counted."""

    before: Version
    after: Version
    changes: tuple[Change, ...]
    counters: tuple[Counter, ...]

    @classmethod
    def of(cls, before: Version, after: Version) -> Compared:
        one, other = before.ruleset, after.ruleset
        return cls(before, after, diff(one, other), counters(one, other, Kept(EVENTS, CONTACTS)))


class RuleSets:
    """What can be done with versions without letting one serve."""

    def __init__(self, store: RuleStore, versions: Versions, active: ActiveRules, reviews: Reviews) -> None:
        self._store = store
        self._reviews = reviews
        self._versions = versions
        self._active = active

    async def check(self, rules: RuleFiles) -> Checked:
        """Compile, look at the tests too, and keep nothing."""
        compiled = await compiled_files(rules)
        cases = await asyncio.to_thread(check_cases, compiled)
        return Checked(compiled, (*compiled.diagnostics, *cases.diagnostics))

    async def publish(self, rules: RuleFiles, by: By, *, validate_only: bool) -> Version:
        """Keep a version, unless it is only to be validated; an archived one is back then. Raises RulesDoNotCompile."""
        if validate_only:
            return await made(rules)
        version = await self._versions.publish(rules, by)
        if (await self._reviews.of(version.name)).state is State.ARCHIVED:
            await self._reviews.take(version.name, Deed.PUBLISHED, by)
        return version

    async def list(self, before: tuple[int, str] | None, most: int) -> Sequence[Standing]:
        """Kept versions, newest first, behind (time, version) `before`."""
        kept = await self._store.versions(before, most)
        holding = await self._store.newest()
        return await asyncio.gather(*(self._standing(each, holding) for each in kept))

    async def show(self, name: str | None) -> Shown:
        """A version by its name, or the one that serves (of two the one that came first).

        Raises UnknownVersion, NoActiveRules or VersionNotReproducible.
        """
        version = await self._versions.load(name or self._active.all()[0].version)
        kept = await self._store.find(version.name)
        assert kept is not None  # it was loaded
        standing = await self._standing(kept, await self._store.newest())
        return Shown(version.ruleset, version.rules, standing)

    async def compare(self, before: str | RuleFiles, after: str | RuleFiles) -> Compared:
        """What two versions, by name or as files, do not mean alike.

        Raises UnknownVersion, VersionNotReproducible or RulesDoNotCompile.
        """
        one, other = await self.meant(before), await self.meant(after)
        return await asyncio.to_thread(Compared.of, one, other)

    async def meant(self, version: str | RuleFiles) -> Version:
        """A version by name or as files. Raises UnknownVersion, VersionNotReproducible or RulesDoNotCompile."""
        return await (self._versions.load(version) if isinstance(version, str) else made(version))

    async def _standing(self, kept: KeptVersion, holding: Release | None) -> Standing:
        release, review = await asyncio.gather(
            self._store.last_release(kept.version), self._reviews.of(kept.version)
        )
        return Standing(kept, review, release, holding.part_of(kept.version) if holding else Part())
