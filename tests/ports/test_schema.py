"""Migrations lead to the tables that the adapters know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from server.adapters.sql.backend import Backend
from server.adapters.sql.mariadb import mariadb
from server.adapters.sql.schema import MIGRATIONS
from server.adapters.sql.sqlite import sqlite_file
from server.adapters.sql.tables import metadata

BACKENDS: dict[str, Callable[[pytest.FixtureRequest, Path], Backend]] = {
    "sqlite": lambda _, folder: sqlite_file(folder / "suasion.db"),
    "mariadb": lambda request, _: mariadb(request.getfixturevalue("mariadb_url")),
}


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    with closing(BACKENDS[request.param](request, tmp_path)) as backend:
        backend.make()
        yield backend


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def set_revision(engine: Engine, value: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :value"), {"value": value})


def test_the_tables_are_those_that_the_code_knows(backend: Backend) -> None:
    with backend.readers.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_migration_that_ended_half_way_is_run_again(backend: Backend) -> None:
    """MariaDB undoes no tables: some are there, and the version is none."""
    newest = revision(backend.readers)
    with backend.writers.begin() as connection:
        connection.execute(text("DROP TABLE outbox"))
        connection.execute(text("DELETE FROM alembic_version"))
    backend.make()
    assert revision(backend.readers) == newest
    with backend.readers.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_tables_of_a_later_release_are_left_alone(backend: Backend) -> None:
    """A node that was not yet replaced, or was rolled back."""
    set_revision(backend.writers, "9999")
    backend.make()
    assert revision(backend.readers) == "9999"


def test_migrations_have_one_order() -> None:
    """Each names the one before, and none was put between two others."""
    names = sorted(path.stem for path in (MIGRATIONS / "versions").glob("*.py"))
    assert [name.split("_")[0] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
