"""Rule-set versions in SQL."""

from __future__ import annotations

import json

from sqlalchemy import Connection, Row, Select, insert, select

from dsl.source import Source
from server.adapters.sql.database import Database
from server.adapters.sql.tables import activations, rule_sets
from server.ports import Activation, RuleFiles


class SqlRuleStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, version: str, rules: RuleFiles) -> None:
        text = written(rules)

        def keep(connection: Connection) -> None:
            if text_of(connection, version) is None:
                connection.execute(insert(rule_sets).values(version=version, files=text))

        await self._database.write(keep)

    async def get(self, version: str) -> RuleFiles | None:
        text = await self._database.read(lambda connection: text_of(connection, version))
        return None if text is None else read(text)

    async def activate(self, version: str, time: int) -> Activation:
        def make_active(connection: Connection) -> Activation:
            if text_of(connection, version) is None:
                raise KeyError(version)
            row = connection.execute(insert(activations).values(version=version, time=time))
            return Activation(row.lastrowid, version, time)

        return await self._database.write(make_active)

    async def active(self) -> Activation | None:
        return await self._newest(select(activations))

    async def last_activation(self, version: str) -> Activation | None:
        return await self._newest(select(activations).where(activations.c.version == version))

    async def _newest(self, some: Select[tuple[int, str, int]]) -> Activation | None:
        query = some.order_by(activations.c.epoch.desc()).limit(1)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return row and activation(row)


def activation(row: Row[tuple[int, str, int]]) -> Activation:
    return Activation(row.epoch, row.version, row.time)


def text_of(connection: Connection, version: str) -> str | None:
    query = select(rule_sets.c.files).where(rule_sets.c.version == version)
    text: str | None = connection.execute(query).scalar_one_or_none()
    return text


def written(rules: RuleFiles) -> str:
    """Two arrays of (name, text): files and modules."""
    parts = [[[source.name, source.text] for source in part] for part in (rules.files, rules.modules)]
    return json.dumps(parts, ensure_ascii=False)


def read(text: str) -> RuleFiles:
    return RuleFiles(*(tuple(Source(*pair) for pair in part) for part in json.loads(text)))
