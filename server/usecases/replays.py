"""What would have been answered by another version, to what this server has put on record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from server.ports import RuleFiles
from server.ports.log import DecisionArchive, Part
from server.replay.open_loop import OpenJob
from server.replay.parts import Job, beside, do
from server.replay.programs import Programs
from server.replay.report import Loop, Report
from server.replay.reporting import reported
from server.replay.tally import Tally
from server.replay.verify import Verified, VerifyJob
from server.usecases.refusals import NothingOnRecord, ReplayUnderWay
from server.usecases.rule_sets import RuleSets
from server.usecases.versions import Version

PROCESSES = 1
"""That replay, beside the one that decides."""


@dataclass(frozen=True, slots=True)
class Progress:
    """So many records of so many, as far as that is known."""

    done: int
    records: int


class Replays:
    """One at a time. It is worked on in a process of its own, which ends with whoever asked, or within a part of the log."""

    def __init__(self, archive: DecisionArchive | None, rule_sets: RuleSets) -> None:
        """`archive` None: nothing is on record that can be read here."""
        self._archive = archive
        self._rule_sets = rule_sets
        self._under_way = False

    async def __call__(
        self, base: str | RuleFiles, candidate: str | RuleFiles
    ) -> AsyncGenerator[Progress | Report, None]:
        """How far it is, from the beginning on, and then what was found.

        Raises NothingOnRecord, ReplayUnderWay, UnknownVersion, VersionNotReproducible, RulesDoNotCompile.
        """
        if self._archive is None:
            raise NothingOnRecord
        async with self._alone():
            before, after = await self._rule_sets.meant(base), await self._rule_sets.meant(candidate)
            parts = await asyncio.to_thread(self._archive.parts)
            job, whole = work(self._archive, before, after)
            progress = Progress(0, sum(part.records for part in parts))
            yield progress
            async with aclosing(results(job, parts)) as coming:
                async for part, found in coming:
                    whole.merge(found)
                    progress = Progress(progress.done + part.records, progress.records)
                    yield progress
            yield await asyncio.to_thread(report, self._archive, whole, before, after)

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        if self._under_way:
            raise ReplayUnderWay
        self._under_way = True
        try:
            yield
        finally:
            self._under_way = False


def work(archive: DecisionArchive, base: Version, candidate: Version) -> tuple[Job[Any], Tally | Verified]:
    """What is done with each part, and what comes of none."""
    if base.name == candidate.name:
        return VerifyJob(archive, base.name), Verified()
    return OpenJob(archive, base.name, candidate.name, files(base, candidate)), Tally()


async def results(job: Job[Any], parts: Sequence[Part]) -> AsyncGenerator[tuple[Part, Any], None]:
    """What comes of each part, in order. When nobody asks any more, it ends with the part that is under way."""
    pool = beside(job, PROCESSES)
    try:
        found = await asyncio.to_thread(lambda: [pool.submit(do, part) for part in parts])
        for part, future in zip(parts, found, strict=True):
            yield part, await asyncio.wrap_future(future)
    finally:
        await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def report(archive: DecisionArchive, found: Tally | Verified, base: Version, candidate: Version) -> Report:
    if isinstance(found, Verified):
        return found.report(base.name)
    programs = Programs(archive, files(base, candidate))
    return reported(found, programs, base.name, candidate.name, Loop.OPEN)


def files(*versions: Version) -> dict[str, RuleFiles]:
    return {version.name: version.rules for version in versions}
