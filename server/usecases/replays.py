"""What would have been answered by another version, to what this server has put on record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

from server.ports import RuleFiles
from server.ports.log import DecisionArchive, Part
from server.replay.lives import How
from server.replay.open_loop import OpenJob
from server.replay.parts import Job, beside, do, uninterrupted
from server.replay.programs import Programs
from server.replay.report import Loop, Progress, Report
from server.replay.reporting import reported
from server.replay.tally import Tally
from server.replay.verify import Verified, VerifyJob
from server.usecases.refusals import HistoryTooLong, NothingOnRecord, ReplayUnderWay
from server.usecases.rule_sets import RuleSets
from server.usecases.versions import Version

PROCESSES = 1
"""That replay, beside the one that decides."""
MOST_EVENTS = 200_000
"""That are lived again here: each life keeps them in memory."""
Coming: TypeAlias = AsyncGenerator[Progress | Report, None]
Relive: TypeAlias = Callable[[Path, Version, Version, How], Coming]
"""History lived again by two versions, out of the log in a directory, in a process of its own that ends with whoever asked."""


class Replays:
    """One at a time. It is worked on in a process of its own, which ends with whoever asked, or within a part of the log."""

    def __init__(self, archive: DecisionArchive | None, rule_sets: RuleSets, relive: Relive) -> None:
        """`archive` None: nothing is on record that can be read here."""
        self._archive = archive
        self._rule_sets = rule_sets
        self._relive = relive
        self._under_way = False

    async def __call__(
        self,
        base: str | RuleFiles,
        candidate: str | RuleFiles,
        closed: How | None = None,
        coverage: bool = False,
    ) -> Coming:
        """How far it is, from the beginning on, and then what was found. `closed`: history is lived again; else each record is answered
        again, with `coverage` if that is wanted.

        Raises NothingOnRecord, ReplayUnderWay, HistoryTooLong, UnknownVersion, VersionNotReproducible, RulesDoNotCompile, InvalidRequest.
        """
        if self._archive is None:
            raise NothingOnRecord
        async with self._alone():
            before, after = await self._rule_sets.meant(base), await self._rule_sets.meant(candidate)
            if closed is None:
                coming = answered_again(self._archive, before, after, coverage)
            else:
                closed.require(before.ruleset, after.ruleset)
                coming = self._relive(self._archive.directory, before, after, closed)
            async with aclosing(coming):
                async for each in coming:
                    if closed and isinstance(each, Progress) and each.total > MOST_EVENTS:
                        raise HistoryTooLong(each.total, MOST_EVENTS)
                    yield each

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        if self._under_way:
            raise ReplayUnderWay
        self._under_way = True
        try:
            yield
        finally:
            self._under_way = False


async def answered_again(
    archive: DecisionArchive, base: Version, candidate: Version, coverage: bool
) -> Coming:
    """Each record by itself."""
    parts = await asyncio.to_thread(archive.parts)
    progress = Progress(0, sum(part.records for part in parts))
    yield progress
    job, whole = work(archive, base, candidate, max(1, progress.total) if coverage else 0)
    async with aclosing(results(job, parts)) as coming:
        async for part, found in coming:
            whole.merge(found)
            progress = Progress(progress.done + part.records, progress.total)
            yield progress
    yield await asyncio.to_thread(report, archive, whole, base, candidate)


def work(
    archive: DecisionArchive, base: Version, candidate: Version, covered: int
) -> tuple[Job[Any], Tally | Verified]:
    """What is done with each part, and what comes of none."""
    if base.name == candidate.name:
        return VerifyJob(archive, base.name), Verified()
    return OpenJob(archive, base.name, candidate.name, files(base, candidate), covered), Tally()


async def results(job: Job[Any], parts: Sequence[Part]) -> AsyncGenerator[tuple[Part, Any], None]:
    """What comes of each part, in order. When nobody asks any more, it ends with the part that is under way."""
    pool = beside(job, PROCESSES)
    try:
        found = await asyncio.to_thread(begun, pool, parts)
        for part, future in zip(parts, found, strict=True):
            yield part, await asyncio.wrap_future(future)
    finally:
        await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def begun(pool: Executor, parts: Sequence[Part]) -> list[Future[Any]]:
    with uninterrupted():
        return [pool.submit(do, part) for part in parts]


def report(archive: DecisionArchive, found: Tally | Verified, base: Version, candidate: Version) -> Report:
    if isinstance(found, Verified):
        return found.report(base.name, base.ruleset.settings.zone)
    programs = Programs(archive, files(base, candidate))
    return reported(found, programs, base.name, candidate.name, Loop.OPEN)


def files(*versions: Version) -> dict[str, RuleFiles]:
    return {version.name: version.rules for version in versions}
