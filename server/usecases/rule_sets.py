"""Check, activate and show rule-set versions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from compiler import driver
from compiler.checked.ir import RuleSet
from compiler.decision.program import Program
from compiler.driver import Compiled, compile_ruleset
from dsl.source import Source
from server.ports import Activation, Clock, RuleStore
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.refusals import RulesDoNotCompile, UnknownVersion, VersionNotReproducible


@dataclass(frozen=True, slots=True)
class Activated:
    """What serves now, which version did before, and what was found on compiling the new one: warnings at most."""

    serving: Serving
    previous: str | None
    compiled: Compiled


@dataclass(frozen=True, slots=True)
class Shown:
    """A version, its newest activation, and whether that is the one that holds."""

    ruleset: RuleSet
    sources: tuple[Source, ...]
    activation: Activation | None
    active: bool


class RuleSets:
    """What can be done with versions. Compiling runs in threads, so that decisions go on meanwhile."""

    def __init__(
        self, store: RuleStore, active: ActiveRules, clock: Clock, changed: Callable[[], Awaitable[None]]
    ) -> None:
        """`changed` is awaited when another version has begun to serve."""
        self._store = store
        self._active = active
        self._clock = clock
        self._changed = changed
        self._activating = asyncio.Lock()

    async def check(self, sources: Sequence[Source]) -> Compiled:
        """Compile, and keep nothing."""
        return await asyncio.to_thread(compile_ruleset, sources)

    async def activate(self, sources: Sequence[Source]) -> Activated:
        """Make a version of these files and let it decide. Raises RulesDoNotCompile."""
        compiled = await self.check(sources)
        if compiled.ruleset is None:
            raise RulesDoNotCompile(compiled.diagnostics)
        await self._store.put(compiled.ruleset.hash, sources)
        return await self._serve(compiled, compiled.ruleset)

    async def activate_version(self, version: str) -> Activated:
        """Let a version that was activated before decide again. Raises what `show` does."""
        compiled, ruleset, _ = await self._kept(version)
        return await self._serve(compiled, ruleset)

    async def resume(self) -> None:
        """Serve the version that decided when the store was last used, if there is one."""
        if activation := await self._store.active():
            _, ruleset, _ = await self._kept(activation.version)
            program = await asyncio.to_thread(driver.program, ruleset)
            self._active.adopt(Serving.of(ruleset, program, activation))
            await self._changed()

    async def show(self, version: str | None) -> Shown:
        """A version by its hash, or the one that decides. Raises UnknownVersion, NoActiveRules, RulesDoNotCompile or
        VersionNotReproducible."""
        asked = version or self._active.require().ruleset.hash
        _, ruleset, sources = await self._kept(asked)
        activation = await self._store.last_activation(asked)
        serving = self._active.serving
        return Shown(ruleset, sources, activation, serving is not None and serving.ruleset.hash == asked)

    async def _kept(self, version: str) -> tuple[Compiled, RuleSet, tuple[Source, ...]]:
        sources = await self._store.get(version)
        if sources is None:
            raise UnknownVersion(version)
        compiled = await self.check(sources)
        if compiled.ruleset is None:
            raise RulesDoNotCompile(compiled.diagnostics)
        if compiled.ruleset.hash != version:
            raise VersionNotReproducible(version)
        return compiled, compiled.ruleset, sources

    async def _serve(self, compiled: Compiled, ruleset: RuleSet) -> Activated:
        program = await asyncio.to_thread(driver.program, ruleset)
        # A caller who hangs up half-way must not leave the store and this process with different versions.
        serving, previous = await asyncio.shield(self._exchange(ruleset, program))
        return Activated(serving, previous, compiled)

    async def _exchange(self, ruleset: RuleSet, program: Program) -> tuple[Serving, str | None]:
        async with self._activating:
            before = self._active.serving
            activation = await self._store.activate(ruleset.hash, self._clock.now())
            serving = Serving.of(ruleset, program, activation)
            self._active.adopt(serving)
            await self._changed()
        return serving, before.ruleset.hash if before else None
