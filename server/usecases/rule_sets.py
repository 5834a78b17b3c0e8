"""Check, activate and show rule-set versions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from compiler.cases.from_ast import check_cases
from compiler.checked.ir import RuleSet
from compiler.driver import Compiled, compile_ruleset
from dsl.diagnostics import Diagnostic
from server.ports import Activation, Clock, RuleFiles, RuleStore
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.refusals import RulesDoNotCompile, UnknownVersion, VersionNotReproducible


@dataclass(frozen=True, slots=True)
class Checked:
    """What was made of files, and what is wrong with them and with the tests in them."""

    compiled: Compiled
    diagnostics: tuple[Diagnostic, ...]

    @property
    def valid(self) -> bool:
        return not any(each.severity == "error" for each in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Activated:
    """What serves now, which version did before, and what was found on compiling the new one: warnings at most."""

    ruleset: RuleSet
    activation: Activation
    previous: str | None
    compiled: Compiled


@dataclass(frozen=True, slots=True)
class Shown:
    """A version, its newest activation, and whether that is the one that holds."""

    ruleset: RuleSet
    rules: RuleFiles
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

    async def check(self, rules: RuleFiles) -> Checked:
        """Compile, look at the tests too, and keep nothing."""
        compiled = await compile_files(rules)
        cases = await asyncio.to_thread(check_cases, compiled)
        return Checked(compiled, (*compiled.diagnostics, *cases.diagnostics))

    async def activate(self, rules: RuleFiles) -> Activated:
        """Make a version of these files and let it decide. Raises RulesDoNotCompile."""
        compiled = await compile_files(rules)
        if compiled.ruleset is None:
            raise RulesDoNotCompile(compiled.diagnostics)
        await self._store.put(compiled.ruleset.hash, rules)
        return await self._serve(compiled, compiled.ruleset)

    async def activate_version(self, version: str) -> Activated:
        """Let a version that was activated before decide again. Raises what `show` does."""
        compiled, ruleset, _ = await self._kept(version)
        return await self._serve(compiled, ruleset)

    async def resume(self) -> str | None:
        """Serve the version that decided when the store was last used, and return it; None if there is none.

        Raises what `show` does.
        """
        activation = await self._store.active()
        if activation is None:
            return None
        compiled, ruleset, _ = await self._kept(activation.version)
        self._active.adopt(activation, await made_ready(compiled, ruleset))
        await self._changed()
        return activation.version

    async def show(self, version: str | None) -> Shown:
        """A version by its hash, or the one that decides. Raises UnknownVersion, NoActiveRules, RulesDoNotCompile or
        VersionNotReproducible."""
        serving = self._active.version
        asked = version or self._active.require().ruleset.hash
        _, ruleset, rules = await self._kept(asked)
        activation = await self._store.last_activation(asked)
        return Shown(ruleset, rules, activation, serving == asked)

    async def _kept(self, version: str) -> tuple[Compiled, RuleSet, RuleFiles]:
        rules = await self._store.get(version)
        if rules is None:
            raise UnknownVersion(version)
        compiled = await compile_files(rules)
        if compiled.ruleset is None:
            raise RulesDoNotCompile(compiled.diagnostics)
        if compiled.ruleset.hash != version:
            raise VersionNotReproducible(version)
        return compiled, compiled.ruleset, rules

    async def _serve(self, compiled: Compiled, ruleset: RuleSet) -> Activated:
        serving = await made_ready(compiled, ruleset)
        # A caller who hangs up half-way must not leave the store and this process with different versions.
        activation, previous = await asyncio.shield(self._exchange(serving))
        return Activated(ruleset, activation, previous, compiled)

    async def _exchange(self, serving: Serving) -> tuple[Activation, str | None]:
        async with self._activating:
            previous = self._active.version
            activation = await self._store.activate(serving.ruleset.hash, self._clock.now())
            self._active.adopt(activation, serving)
            await self._changed()
        return activation, previous


async def compile_files(rules: RuleFiles) -> Compiled:
    return await asyncio.to_thread(compile_ruleset, rules.files, beside=rules.modules)


async def made_ready(compiled: Compiled, ruleset: RuleSet) -> Serving:
    return await asyncio.to_thread(Serving.of, ruleset, compiled.sources.values())
