"""A store of rules that hands the decision log the files of every version that passes: none decides that did not."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from server.ports import DecisionLog, RuleFiles, RuleStore

decisions = logging.getLogger("suasion.decisions")


class Keeping:
    """A RuleStore."""

    def __init__(self, store: RuleStore, log: DecisionLog) -> None:
        self._store: Any = store
        self._log = log

    def __getattr__(self, method: str) -> Any:
        return getattr(self._store, method)

    async def put(self, version: str, rules: RuleFiles, *more: Any) -> Any:
        await self._keep(version, rules)
        return await self._store.put(version, rules, *more)

    async def get(self, version: str) -> RuleFiles | None:
        rules: RuleFiles | None = await self._store.get(version)
        if rules is not None:
            await self._keep(version, rules)
        return rules

    async def _keep(self, version: str, rules: RuleFiles) -> None:
        """Rules serve even where they cannot be kept; their records cannot be decided again then."""
        try:
            await asyncio.to_thread(self._log.keep, version, rules)
        except OSError as error:
            decisions.error(
                {"event": "rules_not_kept", "version": version, "exception": type(error).__name__}
            )
