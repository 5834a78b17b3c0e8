"""Rule-set versions, and which of them serves whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from dsl.source import Source

EVERYBODY, NOBODY = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """What a version is compiled from. `use a.b` finds `a/b.sua` among the modules, or in the standard library."""

    files: tuple[Source, ...]
    modules: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version that is kept since `time`. A revoked one serves nobody any more."""

    version: str
    time: int
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Whom a version serves: a `share` of the users, of those in its `crowd` where there is one, or of all but those whom the newer
    version serves in `except_crowd`. Of a shadow, about which `sample` of the users it decides, for nobody."""

    share: Fraction = NOBODY
    crowd: str | None = None
    except_crowd: str | None = None
    sample: Fraction = NOBODY


@dataclass(frozen=True, slots=True)
class Release:
    """From `time` on `version` serves `share` of the users, of those in its `crowd` where there is one, and `rest` the others (None when
    there are none). `shadow` serves nobody: it decides beside them for a `sample` of the users, and what it would answer goes on record.

    `epoch` counts releases from 1, the greatest one holds. `of`: the epoch of the release that this one brings back;
    its own epoch when it brings back none.
    """

    epoch: int
    version: str
    time: int
    of: int
    share: Fraction = EVERYBODY
    rest: str | None = None
    shadow: str | None = None
    sample: Fraction = NOBODY
    crowd: str | None = None

    @property
    def serves(self) -> tuple[str, ...]:
        """The versions that serve somebody; the one that came last is the last."""
        return (self.version,) if self.rest is None else (self.rest, self.version)

    @property
    def decides(self) -> tuple[str, ...]:
        """Those that serve somebody, and the one that decides beside them."""
        return self.serves if self.shadow is None else (*self.serves, self.shadow)

    def part_of(self, version: str) -> Part:
        """Whom a version serves."""
        if version == self.version:
            return Part(self.share, self.crowd)
        if version != self.rest:
            return Part(sample=self.sample if version == self.shadow else NOBODY)
        return (
            Part(EVERYBODY - self.share) if self.crowd is None else Part(EVERYBODY, except_crowd=self.crowd)
        )


class Deed(StrEnum):
    """What can be done with a version."""

    PUBLISHED = "published"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    UNSCHEDULED = "unscheduled"
    """It will not serve at the time that was set: somebody thought better of it, or it could not."""
    ACTIVATED = "activated"
    SHADOWED = "shadowed"
    """It decides beside what serves, for nobody."""
    ROLLED_BACK = "rolled_back"
    """It was taken out of service."""
    RESTORED = "restored"
    """It serves again, as another one was rolled back."""
    REVOKED = "revoked"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, and why: `actor` is the subject of their token, empty where no tokens are asked for."""

    actor: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What was done with a version, when, by whom. `epoch`: the release that was ordered by it. `id` counts what is kept, from 1."""

    version: str
    deed: Deed
    time: int
    by: By
    epoch: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """At `due` a version is to serve `share` of the users, or of its `crowd`, as if `by` activated it then."""

    version: str
    due: int
    by: By
    share: Fraction = EVERYBODY
    retire_plans: bool = False
    crowd: str | None = None


class VersionRevoked(Exception):
    """The version was revoked; the text is its hash."""


class VersionServes(Exception):
    """The version serves, and cannot be revoked; the text is its hash."""


class RuleStore(Protocol):
    """Versions, which never change; releases, of which the newest holds; and what was done, which nobody changes any more. For
    everybody in one order. What is done is kept with its `acts`, or not at all."""

    async def put(self, version: str, rules: RuleFiles, time: int, acts: Sequence[Act] = ()) -> KeptVersion:
        """Keep a version; one that is kept already stays as it is, and nothing was done."""

    async def get(self, version: str) -> RuleFiles | None:
        """The files of a version, or None. Raises FilesDamaged."""

    async def find(self, version: str) -> KeptVersion | None:
        """A version without its files, or None."""

    async def versions(self, before: tuple[int, str] | None, most: int) -> Sequence[KeptVersion]:
        """Kept versions, newest first, behind (time, version) `before`."""

    async def add(self, release: Release, acts: Sequence[Act] = ()) -> bool:
        """Keep a release, which is what its version was scheduled for; False if there is one of this epoch, or of a later one. Raises KeyError for a version that is not
        kept and VersionRevoked, for any that it serves by."""

    async def newest(self) -> Release | None:
        """The release that holds."""

    async def releases(self, before: int | None, most: int) -> Sequence[Release]:
        """Releases of epochs below `before` (None: all), newest first."""

    async def last_release(self, version: str) -> Release | None:
        """The newest release in which a version serves."""

    async def revoke(self, version: str, acts: Sequence[Act] = ()) -> None:
        """Let a version serve nobody any more. Raises KeyError for a stranger, VersionServes for one that serves or decides beside now."""

    async def schedule(self, schedule: Schedule, acts: Sequence[Act] = ()) -> None:
        """Keep it, in place of an earlier one of its version. Raises KeyError for a version that is not kept."""

    async def unschedule(self, version: str, acts: Sequence[Act] = ()) -> bool:
        """Forget when a version is to serve; False if that was not set."""

    async def schedules(self) -> Sequence[Schedule]:
        """The earliest first."""

    async def act(self, act: Act, after: int) -> bool:
        """Keep an act; False if another one with this version was kept behind the one of the id `after`. Raises
        KeyError for a stranger."""

    async def acts(self, version: str | None, before: int | None, most: int) -> Sequence[Act]:
        """What was done with a version (None: with any), newest first, before the act of an id (None: all)."""


class FilesDamaged(Exception):
    """Kept files are not what was kept. The text says which."""


@dataclass(frozen=True, slots=True)
class LastGood:
    """A release that was served, and the files of the versions that it serves by."""

    release: Release
    rules: Mapping[str, RuleFiles]


class LastGoodStore(Protocol):
    """Keeps what served last where it can be read without any other store."""

    async def keep(self, last_good: LastGood) -> None:
        """Keep this one, in place of any before. Raises StoreUnavailable."""

    async def read(self) -> LastGood | None:
        """What was kept, or None. Raises StoreUnavailable, and FilesDamaged when a byte of it has changed."""
