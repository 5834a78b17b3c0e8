"""Which version serves a user? Chosen once for each decision, which stays with it (ADR 18)."""

from __future__ import annotations

from compiler.manifest import OfCrowds
from dsl.frozen import dataclass
from server.ports import Clock, Stores
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.gather import gather
from server.usecases.refusals import InvalidRequest
from server.usecases.subject import Subject


@dataclass(frozen=True, slots=True)
class Choice:
    """By the share alone at once; by a crowd too, on facts that are gathered for that: of the users in the share only."""

    active: ActiveRules
    stores: Stores
    clock: Clock

    async def __call__(self, subject: Subject, as_of: int | None = None) -> Serving:
        """What serves a subject; `as_of` is microseconds, or None for now. Raises NoActiveRules."""
        released = self.active.released()
        serving, crowd = released.for_user(subject.user), released.release.crowd
        if crowd is None or released.rest is None or serving is released.rest:
            return serving
        return serving if await self._holds(serving, crowd, subject, as_of) else released.rest

    async def _holds(self, serving: Serving, crowd: str, subject: Subject, as_of: int | None) -> bool:
        """Whether it is known that a version's crowd holds the subject."""
        manifest = serving.manifest(OfCrowds((crowd,)))
        now = self.clock.now() if as_of is None else as_of
        try:
            gathered = await gather(serving, self.stores, subject, manifest, now, decides=False)
        except InvalidRequest:  # for the version below to read, or to refuse
            return False
        return serving.membership(crowd, gathered.facts) is True
