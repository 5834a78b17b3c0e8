"""Rule-set versions in the memory of this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.ports import Act, KeptVersion, Release, RuleFiles, Schedule, VersionRevoked, VersionServes


class MemoryRuleStore:
    def __init__(self) -> None:
        self._rules: dict[str, RuleFiles] = {}
        self._kept: dict[str, KeptVersion] = {}
        self._releases: list[Release] = []
        self._acts: list[Act] = []
        self._schedules: dict[str, Schedule] = {}

    async def put(self, version: str, rules: RuleFiles, time: int, acts: Sequence[Act] = ()) -> KeptVersion:
        if version not in self._kept:
            self._done(acts)
        self._rules.setdefault(version, rules)
        return self._kept.setdefault(version, KeptVersion(version, time))

    async def get(self, version: str) -> RuleFiles | None:
        return self._rules.get(version)

    async def find(self, version: str) -> KeptVersion | None:
        return self._kept.get(version)

    async def versions(self, before: tuple[int, str] | None, most: int) -> Sequence[KeptVersion]:
        newest_first = sorted(self._kept.values(), key=place, reverse=True)
        return [each for each in newest_first if before is None or place(each) < before][:most]

    async def add(self, release: Release, acts: Sequence[Act] = ()) -> bool:
        for version in release.decides:
            if self._kept[version].revoked:
                raise VersionRevoked(version)
        if self._releases and release.epoch <= self._releases[-1].epoch:
            return False
        self._releases.append(release)
        self._schedules.pop(release.version, None)
        self._done(acts)
        return True

    async def newest(self) -> Release | None:
        return self._releases[-1] if self._releases else None

    async def releases(self, before: int | None, most: int) -> Sequence[Release]:
        newest_first = reversed(self._releases)
        return [each for each in newest_first if before is None or each.epoch < before][:most]

    async def last_release(self, version: str) -> Release | None:
        return next((one for one in reversed(self._releases) if version in one.serves), None)

    async def revoke(self, version: str, acts: Sequence[Act] = ()) -> None:
        revoked = replace(self._kept[version], revoked=True)
        if self._releases and version in self._releases[-1].decides:
            raise VersionServes(version)
        self._kept[version] = revoked
        self._done(acts)

    async def schedule(self, schedule: Schedule, acts: Sequence[Act] = ()) -> None:
        if schedule.version not in self._kept:
            raise KeyError(schedule.version)
        self._schedules[schedule.version] = schedule
        self._done(acts)

    async def unschedule(self, version: str, acts: Sequence[Act] = ()) -> bool:
        if self._schedules.pop(version, None) is None:
            return False
        self._done(acts)
        return True

    async def schedules(self) -> Sequence[Schedule]:
        return sorted(self._schedules.values(), key=lambda each: (each.due, each.version))

    async def act(self, act: Act, after: int) -> bool:
        if act.version not in self._kept:
            raise KeyError(act.version)
        if any(each.version == act.version for each in self._acts[after:]):
            return False
        self._done([act])
        return True

    async def acts(self, version: str | None, before: int | None, most: int) -> Sequence[Act]:
        earlier = self._acts if before is None else self._acts[: before - 1]
        return [each for each in reversed(earlier) if version in (None, each.version)][:most]

    def _done(self, acts: Sequence[Act]) -> None:
        self._acts += [replace(act, id=id) for id, act in enumerate(acts, len(self._acts) + 1)]


def place(kept: KeptVersion) -> tuple[int, str]:
    """Where it stands in a list of all."""
    return kept.time, kept.version
