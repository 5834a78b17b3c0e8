"""Rule-set versions: made from files, kept, made ready to serve."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, MutableMapping
from functools import partial
from typing import Any, TypeAlias, TypeVar

from cachetools import LRUCache

from compiler.checked.ir import RuleSet
from compiler.driver import Compiled, compile_ruleset
from dsl.frozen import dataclass
from server.ports import Act, By, Clock, Deed, FilesDamaged, RuleFiles, RuleStore
from server.usecases.active_rules import Serving
from server.usecases.refusals import Refusal, RulesDoNotCompile
from server.usecases.release_refusals import UnknownVersion, VersionNotReproducible

SERVINGS = 32
"""Versions kept ready: those that serve, and those that waiting plans are pinned to."""
PINNED = 256
"""Versions kept with waiting plans of another."""
Pinned: TypeAlias = tuple[Serving, Serving, frozenset[str]]
"""What serves, and another version with the plans of it that wait."""
Key = TypeVar("Key")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Version:
    """Files that compile, and what they compile to. `ruleset.hash` is the version's name."""

    rules: RuleFiles
    compiled: Compiled
    ruleset: RuleSet

    @property
    def name(self) -> str:
        return self.ruleset.hash


class Versions:
    """What is kept of versions. Compiling runs in threads, so that decisions go on meanwhile."""

    def __init__(self, store: RuleStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._servings: LRUCache[str, asyncio.Task[Serving]] = LRUCache(SERVINGS)
        self._pinned: LRUCache[Pinned, asyncio.Task[Serving | None]] = LRUCache(PINNED)

    async def publish(self, rules: RuleFiles, by: By) -> Version:
        """Keep a version of these files; it serves nobody yet. Raises RulesDoNotCompile."""
        version, now = await made(rules), self._clock.now()
        await self._store.put(version.name, rules, now, [Act(version.name, Deed.PUBLISHED, now, by)])
        return version

    async def load(self, name: str) -> Version:
        """A kept version by its name. Raises UnknownVersion, or VersionNotReproducible when what is kept does not compile
        to what bears this name."""
        try:
            rules = await self._store.get(name)
        except FilesDamaged as damage:
            raise VersionNotReproducible(name) from damage
        if rules is None:
            raise UnknownVersion(name)
        return await verified(name, rules)

    async def serving(self, name: str) -> Serving:
        """A kept version, ready to serve; made once, however many ask. Raises what `load` does."""
        return await once(self._servings, name, partial(self._make_ready, name))

    async def pinned(self, active: Serving, name: str, plans: Collection[str]) -> Serving:
        """The active version, in which plans of another stand for those of the same activity; the active version's own
        plans, where they cannot (see `compiler.pinned`), or where the other is not kept as it was."""
        if name == active.version:
            return active
        try:
            other = await self.serving(name)
        except Refusal:
            return active
        names = frozenset(plans)
        making = partial(asyncio.to_thread, active.pinned, other, names)
        return await once(self._pinned, (active, other, names), making) or active

    async def _make_ready(self, name: str) -> Serving:
        return await made_ready(await self.load(name))


async def once(
    tasks: MutableMapping[Key, asyncio.Task[Made]],
    key: Key,
    make: Callable[[], Coroutine[Any, Any, Made]],
) -> Made:
    """What `make` makes, made by one of all who ask for it, and anew if that failed."""
    making = tasks.get(key)
    if making is None or failed(making):
        making = tasks[key] = asyncio.create_task(make())
    return await asyncio.shield(making)


def failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


async def compiled_files(rules: RuleFiles) -> Compiled:
    return await asyncio.to_thread(compile_ruleset, rules.files, beside=rules.modules)


async def made(rules: RuleFiles) -> Version:
    """The version of these files. Raises RulesDoNotCompile."""
    compiled = await compiled_files(rules)
    if compiled.ruleset is None:
        raise RulesDoNotCompile(compiled.diagnostics)
    return Version(rules, compiled, compiled.ruleset)


async def verified(name: str, rules: RuleFiles) -> Version:
    """The version of these files, which has to be that of this name. Raises VersionNotReproducible."""
    try:
        version = await made(rules)
    except RulesDoNotCompile as refusal:
        raise VersionNotReproducible(name) from refusal
    if version.name != name:
        raise VersionNotReproducible(name)
    return version


async def made_ready(version: Version) -> Serving:
    return await asyncio.to_thread(Serving.of, version.ruleset, version.compiled.sources.values())
