"""What many ask for at once is made once."""

from __future__ import annotations

import asyncio
from typing import Any

from dsl.source import Source
from server.ports import By, RuleFiles
from server.stores import memory_stores
from server.usecases.versions import Versions
from tests.server.clock import SetClock
from tests.server.conftest import RULES, Run
from tests.server.decide_shop import TEN


class Counted:
    """A store of rules that counts how often files are read."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.reads = 0

    def __getattr__(self, method: str) -> Any:
        return getattr(self._store, method)

    async def get(self, version: str) -> Any:
        self.reads += 1
        return await self._store.get(version)


def test_of_two_hundred_who_want_a_version_one_reads_and_compiles_it(run: Run) -> None:
    store: Any = Counted(memory_stores().rules)
    name = run(Versions(store, SetClock(TEN)).publish(RuleFiles((Source("shop.sua", RULES),)), By())).name
    versions = Versions(store, SetClock(TEN))

    async def ask() -> list[Any]:
        return await asyncio.gather(*(versions.serving(name) for _ in range(200)))

    assert len({id(each) for each in run(ask())}) == 1
    assert store.reads == 1
