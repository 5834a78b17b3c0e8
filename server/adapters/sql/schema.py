"""Brings the tables of a database up to what this release needs (Alembic)."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of every look
MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(connection: Connection) -> None:
    """Runs the migrations that are left. Tables of a later release stay as they are: those serve this one, too."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None or found in earlier():
        config = settings()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@cache
def earlier() -> frozenset[str]:
    """Migrations that others follow."""
    scripts = ScriptDirectory.from_config(settings())
    return frozenset(each.revision for each in scripts.walk_revisions()) - {newest()}


def newest() -> str | None:
    """The last migration of this release."""
    return ScriptDirectory.from_config(settings()).get_current_head()


def settings() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
