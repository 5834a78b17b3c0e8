"""Whether a version may go out: others than who wrote it say so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from dsl.frozen import dataclass
from server.ports import Act, By, Clock, Deed, Release, RuleStore
from server.usecases.at_once import all_of
from server.usecases.release_refusals import (
    NotApproved,
    SelfApproval,
    UnknownVersion,
    VersionNotInState,
    VersionStillServes,
)

PAGE = 200
"""Acts read at once."""


class State(StrEnum):
    """Where a version stands on its way out. What was never published is a draft, and lies with its author."""

    CHECKED = "checked"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    ARCHIVED = "archived"


STATES: Mapping[Deed, State] = {
    Deed.PUBLISHED: State.CHECKED,
    Deed.SUBMITTED: State.SUBMITTED,
    Deed.APPROVED: State.APPROVED,
    Deed.REJECTED: State.REJECTED,
    Deed.ARCHIVED: State.ARCHIVED,
}
"""Where a deed leads; others leave a version where it stands."""
FROM: Mapping[Deed, Collection[State]] = {
    Deed.PUBLISHED: {State.ARCHIVED},
    Deed.SUBMITTED: {State.CHECKED, State.REJECTED},
    Deed.APPROVED: {State.SUBMITTED},
    Deed.REJECTED: {State.SUBMITTED, State.APPROVED},
    Deed.ARCHIVED: set(State) - {State.ARCHIVED},
}
"""Where a version has to stand for a deed."""
WRITING = (Deed.PUBLISHED, Deed.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Review:
    """Where a version stands, and who brought it there: all who published or submitted it, and the last who approved or
    rejected it. `once_approved`: at any time. `last`: the id of the newest act with it."""

    version: str
    state: State
    authors: frozenset[str]
    reviewer: str
    once_approved: bool
    last: int


@dataclass(frozen=True, slots=True)
class Past:
    """What was done, and the release that was ordered by it."""

    act: Act
    release: Release | None = None


def review_of(version: str, acts: Sequence[Act]) -> Review:
    """What acts, newest first, come to."""
    led = [act for act in acts if act.deed in STATES]
    judged = [act for act in acts if act.deed in (Deed.APPROVED, Deed.REJECTED)]
    return Review(
        version,
        STATES[led[0].deed] if led else State.CHECKED,
        frozenset(act.by.actor for act in acts if act.deed in WRITING),
        judged[0].by.actor if judged else "",
        any(act.deed is Deed.APPROVED for act in acts),
        acts[0].id if acts else 0,
    )


class Reviews:
    """Takes versions along their way. Each step is kept for good, and taken on what was seen, or looked at anew."""

    def __init__(self, store: RuleStore, clock: Clock, *, needs_approval: bool) -> None:
        """`needs_approval`: what nobody else has approved serves nobody."""
        self._store = store
        self._clock = clock
        self.needs_approval = needs_approval

    async def of(self, version: str) -> Review:
        """Raises UnknownVersion."""
        acts: list[Act] = []
        while page := await self._store.acts(version, acts[-1].id if acts else None, PAGE):
            acts += page
        if not acts and await self._store.find(version) is None:
            raise UnknownVersion(version)
        return review_of(version, acts)

    async def take(self, version: str, deed: Deed, by: By) -> Review:
        """Submit, approve, reject or archive a version, or bring an archived one back as PUBLISHED.

        Raises UnknownVersion, VersionNotInState, SelfApproval, VersionStillServes.
        """
        while True:
            review = await self.of(version)
            if review.state not in FROM[deed]:
                raise VersionNotInState(version, deed, review.state)
            if deed is Deed.APPROVED and by.actor in review.authors:
                raise SelfApproval(version)
            if deed is Deed.ARCHIVED and await self._decides(version):
                raise VersionStillServes(version)
            if await self._store.act(Act(version, deed, self._clock.now(), by), review.last):
                return await self.of(version)

    async def acts(self, version: str | None, before: int | None, most: int) -> Sequence[Past]:
        """What was done with a version (None: with any), newest first, before the act of an id (None: all)."""
        return await all_of(map(self._past, await self._store.acts(version, before, most)))

    async def require_kept(self, version: str) -> Review:
        """That a version may decide at all. Raises UnknownVersion, and VersionNotInState for an archived one."""
        review = await self.of(version)
        if review.state is State.ARCHIVED:
            raise VersionNotInState(version, Deed.ACTIVATED, review.state)
        return review

    async def require(self, version: str) -> None:
        """That a version may go out. Raises what `require_kept` does, and NotApproved."""
        review = await self.require_kept(version)
        if self.needs_approval and review.state is not State.APPROVED:
            raise NotApproved(version, review.state)

    async def may_return(self, version: str) -> bool:
        """Whether a version that served before may serve again in an emergency: it was approved once."""
        review = await self.of(version)
        return review.state is not State.ARCHIVED and (review.once_approved or not self.needs_approval)

    async def _past(self, act: Act) -> Past:
        ordered = [] if act.epoch is None else await self._store.releases(act.epoch + 1, 1)
        return Past(act, *ordered)

    async def _decides(self, version: str) -> bool:
        holding = await self._store.newest()
        return holding is not None and version in holding.decides
