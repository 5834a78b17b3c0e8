"""Rule-set versions and releases in SQL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select, tuple_, update

from server.adapters.rule_files import read, written
from server.adapters.sql.database import Database
from server.adapters.sql.locks import lock
from server.adapters.sql.tables import acts as acts_table
from server.adapters.sql.tables import releases, rule_sets
from server.adapters.sql.tables import schedules as schedules_table
from server.ports import (
    Act,
    By,
    Deed,
    FilesDamaged,
    KeptVersion,
    Release,
    RuleFiles,
    Schedule,
    VersionRevoked,
    VersionServes,
)

KEPT = (rule_sets.c.version, rule_sets.c.time, rule_sets.c.revoked)


class SqlRuleStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, version: str, rules: RuleFiles, time: int, acts: Sequence[Act] = ()) -> KeptVersion:
        text = json.dumps(written(rules), ensure_ascii=False)

        def keep(connection: Connection) -> KeptVersion:
            lock(connection, ["rules"])
            known = kept(connection, version)
            if known is None:
                values = {"version": version, "files": text, "time": time, "revoked": False}
                connection.execute(insert(rule_sets).values(values | {"checksum": checksum(text)}))
                record(connection, acts)
            return known or KeptVersion(version, time)

        return await self._database.write(keep)

    async def get(self, version: str) -> RuleFiles | None:
        query = select(rule_sets.c.files, rule_sets.c.checksum).where(rule_sets.c.version == version)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else files_of(version, *row)

    async def find(self, version: str) -> KeptVersion | None:
        return await self._database.read(lambda connection: kept(connection, version))

    async def versions(self, before: tuple[int, str] | None, most: int) -> Sequence[KeptVersion]:
        place = rule_sets.c.time, rule_sets.c.version
        query = select(*KEPT).order_by(*(column.desc() for column in place)).limit(most)
        if before is not None:
            query = query.where(tuple_(*place) < before)
        return await self._database.read(
            lambda connection: [KeptVersion(*row) for row in connection.execute(query)]
        )

    async def add(self, release: Release, acts: Sequence[Act] = ()) -> bool:
        return await self._database.write(lambda connection: add(connection, release, acts))

    async def newest(self) -> Release | None:
        return await self._database.read(lambda connection: newest(connection))

    async def releases(self, before: int | None, most: int) -> Sequence[Release]:
        query = select(releases).order_by(releases.c.epoch.desc()).limit(most)
        if before is not None:
            query = query.where(releases.c.epoch < before)
        return await self._database.read(
            lambda connection: [release_of(row) for row in connection.execute(query)]
        )

    async def last_release(self, version: str) -> Release | None:
        query = select(releases).where(or_(releases.c.version == version, releases.c.rest == version))
        return await self._database.read(lambda connection: newest(connection, query))

    async def revoke(self, version: str, acts: Sequence[Act] = ()) -> None:
        await self._database.write(lambda connection: revoke(connection, version, acts))

    async def schedule(self, schedule: Schedule, acts: Sequence[Act] = ()) -> None:
        await self._database.write(lambda connection: keep_schedule(connection, schedule, acts))

    async def unschedule(self, version: str, acts: Sequence[Act] = ()) -> bool:
        return await self._database.write(lambda connection: unschedule(connection, version, acts))

    async def schedules(self) -> Sequence[Schedule]:
        query = select(schedules_table).order_by(schedules_table.c.due, schedules_table.c.version)
        return await self._database.read(
            lambda connection: [schedule_of(row) for row in connection.execute(query)]
        )

    async def act(self, act: Act, after: int) -> bool:
        return await self._database.write(lambda connection: record_behind(connection, act, after))

    async def acts(self, version: str | None, before: int | None, most: int) -> Sequence[Act]:
        query = select(acts_table).order_by(acts_table.c.id.desc()).limit(most)
        if version is not None:
            query = query.where(acts_table.c.version == version)
        if before is not None:
            query = query.where(acts_table.c.id < before)
        return await self._database.read(
            lambda connection: [act_of(row) for row in connection.execute(query)]
        )


def kept(connection: Connection, version: str) -> KeptVersion | None:
    row = connection.execute(select(*KEPT).where(rule_sets.c.version == version)).one_or_none()
    return row and KeptVersion(*row)


def checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def files_of(version: str, text: str, kept: str | None) -> RuleFiles:
    if kept is not None and checksum(text) != kept:
        raise FilesDamaged(f"version `{version}`")
    try:
        return read(json.loads(text), f"version `{version}`")
    except ValueError as error:
        raise FilesDamaged(f"version `{version}`") from error


def newest(connection: Connection, some: Select[tuple[object, ...]] | None = None) -> Release | None:
    query = select(releases) if some is None else some
    row = connection.execute(query.order_by(releases.c.epoch.desc()).limit(1)).one_or_none()
    return None if row is None else release_of(row)


def add(connection: Connection, release: Release, acts: Sequence[Act]) -> bool:
    lock(connection, ["rules"])
    for version in release.decides:
        known = kept(connection, version)
        if known is None:
            raise KeyError(version)
        if known.revoked:
            raise VersionRevoked(version)
    last: int = connection.execute(select(func.coalesce(func.max(releases.c.epoch), 0))).scalar_one()
    if release.epoch > last:
        connection.execute(insert(releases).values(row_of(release)))
        forget_schedule(connection, release.version)
        record(connection, acts)
    return release.epoch > last


def revoke(connection: Connection, version: str, acts: Sequence[Act]) -> None:
    lock(connection, ["rules"])
    if kept(connection, version) is None:
        raise KeyError(version)
    holding = newest(connection)
    if holding is not None and version in holding.decides:
        raise VersionServes(version)
    connection.execute(update(rule_sets).values(revoked=True).where(rule_sets.c.version == version))
    record(connection, acts)


def keep_schedule(connection: Connection, schedule: Schedule, acts: Sequence[Act]) -> None:
    lock(connection, ["rules"])
    if kept(connection, schedule.version) is None:
        raise KeyError(schedule.version)
    forget_schedule(connection, schedule.version)
    connection.execute(insert(schedules_table).values(row_of_schedule(schedule)))
    record(connection, acts)


def unschedule(connection: Connection, version: str, acts: Sequence[Act]) -> bool:
    lock(connection, ["rules"])
    if not forget_schedule(connection, version):
        return False
    record(connection, acts)
    return True


def forget_schedule(connection: Connection, version: str) -> bool:
    gone = connection.execute(delete(schedules_table).where(schedules_table.c.version == version))
    return gone.rowcount > 0


def record(connection: Connection, acts: Sequence[Act]) -> None:
    if acts:
        connection.execute(insert(acts_table).values([row_of_act(act) for act in acts]))


def record_behind(connection: Connection, act: Act, after: int) -> bool:
    lock(connection, ["rules"])
    if kept(connection, act.version) is None:
        raise KeyError(act.version)
    of_version = select(func.coalesce(func.max(acts_table.c.id), 0)).where(
        acts_table.c.version == act.version
    )
    newest: int = connection.execute(of_version).scalar_one()
    if newest > after:
        return False
    record(connection, [act])
    return True


def row_of(release: Release) -> dict[str, object]:
    return {
        "epoch": release.epoch,
        "version": release.version,
        "time": release.time,
        "brings_back": release.of,
        "share": str(release.share),
        "rest": release.rest,
        "shadow": release.shadow,
        "sample": str(release.sample),
        "crowd": release.crowd,
    }


def release_of(row: Row[tuple[object, ...]]) -> Release:
    share, sample = Fraction(row.share), Fraction(row.sample)
    whom = share, row.rest, row.shadow, sample, row.crowd
    return Release(row.epoch, row.version, row.time, row.brings_back, *whom)


def row_of_act(act: Act) -> dict[str, object]:
    return {
        "version": act.version,
        "deed": act.deed,
        "time": act.time,
        "actor": act.by.actor,
        "reason": act.by.reason,
        "epoch": act.epoch,
    }


def act_of(row: Row[tuple[object, ...]]) -> Act:
    return Act(row.version, Deed(row.deed), row.time, By(row.actor, row.reason), row.epoch, row.id)


def row_of_schedule(schedule: Schedule) -> dict[str, object]:
    return {
        "version": schedule.version,
        "due": schedule.due,
        "actor": schedule.by.actor,
        "reason": schedule.by.reason,
        "share": str(schedule.share),
        "retire_plans": schedule.retire_plans,
        "crowd": schedule.crowd,
    }


def schedule_of(row: Row[tuple[object, ...]]) -> Schedule:
    by = By(row.actor, row.reason)
    return Schedule(row.version, row.due, by, Fraction(row.share), row.retire_plans, row.crowd)
