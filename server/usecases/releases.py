"""Which version serves whom: ordered once, served by every process on the store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from compiler.checked.ir import RuleSet
from compiler.manifest import OfCrowds, manifest
from dsl.frozen import dataclass
from server.ports import (
    EVERYBODY,
    NOBODY,
    Act,
    By,
    Clock,
    Deed,
    FilesDamaged,
    Release,
    RuleFiles,
    Schedule,
    Stores,
    StoreUnavailable,
    VersionRevoked,
    VersionServes,
)
from server.usecases.active_rules import ActiveRules, Released, Serving
from server.usecases.dropped_plans import dropped_plans
from server.usecases.last_good import is_kept, keep_last_good, read_last_good
from server.usecases.refusals import Refusal, UnknownName
from server.usecases.release_refusals import (
    AnotherRelease,
    CrowdOfRequests,
    NobodyForTheRest,
    NothingToRollBackTo,
    NotScheduled,
    PlansWouldBeDropped,
    RevokedVersion,
    UnknownVersion,
    VersionStillServes,
)
from server.usecases.reviews import Reviews
from server.usecases.status import LoadFailure
from server.usecases.versions import Version, Versions

POLL_SECONDS = 0.5
SOON_SECONDS = 1.5
"""For which a node that has served before asks what it shall serve now."""
PAGE = 100
"""Releases looked through at once."""
log = logging.getLogger("suasion.releases")


@dataclass(frozen=True, slots=True)
class Activated:
    """What was made to serve, by which release, and the release that held before."""

    version: Version
    release: Release
    previous: Release | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """How many open occurrences were moved to the version that serves, and how many were ended."""

    moved: int = 0
    ended: int = 0


Order = tuple[Release, Sequence[Act]]
"""A release, and what is done by it."""
Make = Callable[[Release | None], Awaitable[Order]]
"""Makes an order of the release that holds. Awaited again when somebody else has ordered one meanwhile."""


class Releases:
    """Orders releases, and serves here what was ordered, whoever did."""

    def __init__(
        self,
        stores: Stores,
        versions: Versions,
        reviews: Reviews,
        active: ActiveRules,
        clock: Clock,
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        """`changed` is awaited when other rules have begun to serve."""
        self._stores = stores
        self._versions = versions
        self._reviews = reviews
        self._active = active
        self._clock = clock
        self._changed = changed
        self._ordering = asyncio.Lock()
        self._refused = 0
        self._reachable = True
        self._is_kept = True
        self._keeping = asyncio.Lock()
        self.failure: LoadFailure | None = None
        """The last version that was ordered and could not be served here, or came from disk; None if there was none."""

    # ---- orders

    async def activate_files(self, rules: RuleFiles, by: By, *, retire_plans: bool = False) -> Activated:
        """Publish a version of these files and let it serve. Raises RulesDoNotCompile, and what `activate` does."""
        version = await self._versions.publish(rules, by)
        return await self.activate(version.name, by, retire_plans=retire_plans)

    async def activate(
        self,
        name: str,
        by: By,
        share: Fraction = EVERYBODY,
        crowd: str | None = None,
        *,
        retire_plans: bool = False,
        schedule: Schedule | None = None,
    ) -> Activated:
        """Let a kept version serve a share of the users, of those in a `crowd` (or list) of its own if there is one; those that
        it does not serve keep what served them before there was a candidate. Plans that users wait for may only be missing if
        they are to be retired.

        Raises UnknownVersion, VersionNotReproducible, NotApproved, VersionNotInState, RevokedVersion, NobodyForTheRest,
        PlansWouldBeDropped, UnknownName, CrowdOfRequests; NotScheduled if it was to be done because of a `schedule` that is not
        kept any more.
        """
        version = await self.require_fit(name, crowd, retire_plans=retire_plans)

        async def release(holding: Release | None) -> Order:
            if schedule is not None and schedule not in await self._stores.rules.schedules():
                raise NotScheduled(name)
            epoch, now = holding.epoch + 1 if holding else 1, self._clock.now()
            rest = None if crowd is None and share == EVERYBODY else rest_beside(name, holding)
            made = Release(epoch, name, now, epoch, share, rest, crowd=crowd)
            return made, [Act(name, Deed.ACTIVATED, now, by, epoch)]

        return Activated(version, *await self._order(release))

    async def shadow(self, name: str, by: By, sample: Fraction) -> Activated:
        """Let a kept version decide beside what serves for a sample of the users, for nobody: it need not be approved. The next
        release ends that. Raises UnknownVersion, VersionNotReproducible, VersionNotInState for an archived one, RevokedVersion, NobodyForTheRest
        where nothing serves."""
        version = await self._versions.load(name)
        await self._reviews.require_kept(name)

        async def release(holding: Release | None) -> Order:
            if holding is None or name in holding.serves:
                raise NobodyForTheRest(name)
            epoch, now = holding.epoch + 1, self._clock.now()
            beside = replace(holding, epoch=epoch, time=now, of=epoch, shadow=name, sample=sample)
            return beside, [Act(name, Deed.SHADOWED, now, by, epoch)]

        return Activated(version, *await self._order(release))

    async def require_fit(self, name: str, crowd: str | None, *, retire_plans: bool) -> Version:
        """A kept version that may be activated. Raises what `activate` does about the version alone."""
        await self._reviews.require(name)
        version = await self._versions.load(name)
        if crowd is not None:
            require_crowd(version.ruleset, crowd)
        if not retire_plans and (
            dropped := await dropped_plans(self._stores.timers, self._versions, version.ruleset)
        ):
            raise PlansWouldBeDropped(dropped)
        return version

    async def roll_back(self, epoch: int | None, by: By) -> Activated:
        """Let serve again who did before the version came that serves now; a second time goes one further back. Versions
        that were revoked meanwhile, archived, or never approved where that is needed, are passed over.

        `epoch`: of the release to be rolled back; None is whichever holds. Raises AnotherRelease, NothingToRollBackTo,
        VersionNotReproducible.
        """

        async def release(holding: Release | None) -> Order:
            if holding is None:
                raise NothingToRollBackTo
            if epoch is not None and epoch != holding.epoch:
                raise AnotherRelease(epoch, holding.epoch)
            before, now, epoch_after = await self._before(holding), self._clock.now(), holding.epoch + 1
            await self._versions.load(before.version)  # what is damaged is not ordered
            back = replace(before, epoch=epoch_after, time=now, shadow=None, sample=NOBODY)
            return back, [
                Act(holding.version, Deed.ROLLED_BACK, now, by, epoch_after),
                Act(before.version, Deed.RESTORED, now, by, epoch_after),
            ]

        ordered, holding = await self._order(release)
        return Activated(await self._versions.load(ordered.version), ordered, holding)

    async def revoke(self, name: str, by: By, *, end_waiting: bool) -> Revoked:
        """Let a version serve nobody any more. Its open occurrences are moved to the version that serves, or ended.

        Raises UnknownVersion, VersionStillServes.
        """
        try:
            await self._stores.rules.revoke(name, [Act(name, Deed.REVOKED, self._clock.now(), by)])
        except KeyError:
            raise UnknownVersion(name) from None
        except VersionServes:
            raise VersionStillServes(name) from None
        holding = await self._stores.rules.newest()
        heir = holding.serves[0] if holding and not end_waiting else None
        count = await self._stores.timers.repin(name, heir)
        return Revoked(moved=count if heir else 0, ended=0 if heir else count)

    async def _before(self, holding: Release) -> Release:
        """The newest release before the one that holds in which its version had no part, and none that may not serve."""
        epoch = holding.of
        while earlier := await self._stores.rules.releases(epoch, PAGE):
            for release in earlier:
                if holding.version not in release.serves and await self._may_serve(release):
                    return release
            epoch = earlier[-1].epoch
        raise NothingToRollBackTo

    async def _may_serve(self, release: Release) -> bool:
        for version in release.serves:
            kept = await self._stores.rules.find(version)
            if kept is None or kept.revoked or not await self._reviews.may_return(version):
                return False
        return True

    async def _order(self, make: Make) -> tuple[Release, Release | None]:
        """The release made of the one that holds, ordered and served; and that one."""
        # A caller who hangs up half-way must not leave the store and this process with different releases.
        return await asyncio.shield(self._ordered(make))

    async def _ordered(self, make: Make) -> tuple[Release, Release | None]:
        async with self._ordering:
            while True:
                holding = await self._stores.rules.newest()
                release, acts = await make(holding)
                released = await self._made(release)
                try:
                    if await self._stores.rules.add(release, acts):
                        break
                except VersionRevoked as revoked:
                    raise RevokedVersion(str(revoked)) from None
            await self._serve(released)
        return release, holding

    # ---- what was ordered

    async def resume(self) -> Release | None:
        """Serve the release that holds, and return it; None if there is none. If it cannot be had, what served last comes
        from disk. Raises StoreUnavailable or what `Versions.load` does if that is not there, LastGoodDamaged."""
        store = self._stores.last_good
        try:
            async with asyncio.timeout(SOON_SECONDS if store and await is_kept(store) else None):
                newest = await self._stores.rules.newest()
            if newest is not None:
                await self._serve(await self._made(newest))
        except (StoreUnavailable, Refusal, TimeoutError) as error:
            failure = "no answer in time" if isinstance(error, TimeoutError) else str(error)
            last_good = await read_last_good(store) if store else None
            if last_good is None:
                raise
            self._note(None, f"{failure}; the rules that served last came from disk")
            self._active.adopt(last_good)
            await self._changed()
        return self._active.release

    async def follow(self) -> None:
        """Serve what others order, within moments, until cancelled."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await self.catch_up()

    async def catch_up(self) -> None:
        """Serve the newest release, unless it is served. One that cannot be had leaves what serves serving."""
        newest = None
        try:
            newest = await self._stores.rules.newest()
            self._reachable = True
            if newest is not None and newest.epoch != self._refused and not self._serves(newest):
                await self._serve(await self._made(newest))
                await self._repin_revoked(newest)
            elif not self._is_kept:
                await self._keep()
        except StoreUnavailable as error:
            if self._reachable:
                log.warning({"event": "release", "error": str(error)})
            self._reachable = False
        except Exception as error:
            log.error({"event": "release", "exception": type(error).__name__})
            self._refused = newest.epoch if newest else 0
            self._note(
                newest,
                str(error) if isinstance(error, Refusal) else "suasion has a bug; its log names the place",
            )

    def _serves(self, newest: Release) -> bool:
        return self._active.release == newest and not any(each.is_last_good for each in self._active.all())

    async def _made(self, release: Release) -> Released:
        rest = None if release.rest is None else await self._versions.serving(release.rest)
        return Released(
            release, await self._versions.serving(release.version), rest, await self._shadow(release)
        )

    async def _shadow(self, release: Release) -> Serving | None:
        """What cannot decide beside others keeps them from nothing."""
        if release.shadow is None:
            return None
        try:
            return await self._versions.serving(release.shadow)
        except Refusal as refusal:
            self._note(release, f"nothing decides beside it: {refusal.message}")
            return None

    async def _serve(self, released: Released) -> None:
        self._active.adopt(released)
        await self._changed()
        await self._keep()

    async def _keep(self) -> None:
        """What serves, on disk, for a start without the store. What cannot be kept is tried again as long as it serves."""
        async with self._keeping:  # so that of two the later one stays
            release, store = self._active.release, self._stores.last_good
            if release is None or store is None:
                return
            try:
                await keep_last_good(store, self._stores.rules, release)
                self._is_kept = True
            except (StoreUnavailable, FilesDamaged) as error:
                if self._is_kept:
                    log.warning({"event": "last_good", "error": str(error)})
                self._is_kept = False

    async def _repin_revoked(self, release: Release) -> None:
        """What this process opened by a version that was revoked before it noticed."""
        for version in {version for version, _ in await self._stores.timers.counts()}:
            kept = await self._stores.rules.find(version)
            if kept is not None and kept.revoked:
                await self._stores.timers.repin(version, release.serves[0])

    def _note(self, release: Release | None, why: str) -> None:
        self.failure = LoadFailure(release.version if release else None, self._clock.now(), why)


def rest_beside(version: str, holding: Release | None) -> str:
    """What serves those whom a candidate does not: what served before there was one. Raises NobodyForTheRest."""
    rest = holding.serves[0] if holding else version
    if rest == version:
        raise NobodyForTheRest(version)
    return rest


def require_crowd(ruleset: RuleSet, crowd: str) -> None:
    """That it can be told who serves a user, whoever asks. Raises UnknownName, CrowdOfRequests."""
    groups = [*ruleset.crowds, *ruleset.lists]
    if crowd not in groups:
        raise UnknownName("crowd", crowd, groups, ruleset.hash)
    if inputs := manifest(ruleset, OfCrowds((crowd,))).inputs:
        raise CrowdOfRequests(crowd, min(inputs))
