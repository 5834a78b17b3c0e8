"""Rule-set versions and releases in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, tuple_, update

from server.adapters.rule_files import read, written
from server.adapters.sql.database import Database
from server.adapters.sql.locks import lock
from server.adapters.sql.tables import releases, rule_sets
from server.ports import FilesDamaged, KeptVersion, Release, RuleFiles, VersionRevoked, VersionServes

KEPT = (rule_sets.c.version, rule_sets.c.time, rule_sets.c.revoked)


class SqlRuleStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, version: str, rules: RuleFiles, time: int) -> KeptVersion:
        text = json.dumps(written(rules), ensure_ascii=False)

        def keep(connection: Connection) -> KeptVersion:
            lock(connection, ["rules"])
            known = kept(connection, version)
            if known is None:
                values = {"version": version, "files": text, "time": time, "revoked": False}
                connection.execute(insert(rule_sets).values(values))
            return known or KeptVersion(version, time)

        return await self._database.write(keep)

    async def get(self, version: str) -> RuleFiles | None:
        query = select(rule_sets.c.files).where(rule_sets.c.version == version)
        text = await self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())
        return None if text is None else files_of(version, text)

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

    async def add(self, release: Release) -> bool:
        return await self._database.write(lambda connection: add(connection, release))

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

    async def revoke(self, version: str) -> None:
        await self._database.write(lambda connection: revoke(connection, version))


def kept(connection: Connection, version: str) -> KeptVersion | None:
    row = connection.execute(select(*KEPT).where(rule_sets.c.version == version)).one_or_none()
    return row and KeptVersion(*row)


def files_of(version: str, text: str) -> RuleFiles:
    try:
        return read(json.loads(text), f"version `{version}`")
    except ValueError as error:
        raise FilesDamaged(f"version `{version}`") from error


def newest(connection: Connection, some: Select[tuple[object, ...]] | None = None) -> Release | None:
    query = select(releases) if some is None else some
    row = connection.execute(query.order_by(releases.c.epoch.desc()).limit(1)).one_or_none()
    return None if row is None else release_of(row)


def add(connection: Connection, release: Release) -> bool:
    lock(connection, ["rules"])
    for version in release.serves:
        known = kept(connection, version)
        if known is None:
            raise KeyError(version)
        if known.revoked:
            raise VersionRevoked(version)
    last: int = connection.execute(select(func.coalesce(func.max(releases.c.epoch), 0))).scalar_one()
    if release.epoch > last:
        connection.execute(insert(releases).values(row_of(release)))
    return release.epoch > last


def revoke(connection: Connection, version: str) -> None:
    lock(connection, ["rules"])
    if kept(connection, version) is None:
        raise KeyError(version)
    holding = newest(connection)
    if holding is not None and version in holding.serves:
        raise VersionServes(version)
    connection.execute(update(rule_sets).values(revoked=True).where(rule_sets.c.version == version))


def row_of(release: Release) -> dict[str, object]:
    return {
        "epoch": release.epoch,
        "version": release.version,
        "time": release.time,
        "brings_back": release.of,
        "share": str(release.share),
        "rest": release.rest,
    }


def release_of(row: Row[tuple[object, ...]]) -> Release:
    return Release(row.epoch, row.version, row.time, row.brings_back, Fraction(row.share), row.rest)
