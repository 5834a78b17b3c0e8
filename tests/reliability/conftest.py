from __future__ import annotations

from pathlib import Path

import pytest

from cli.private.mariadb import MariaDb
from tests.reliability.places import Place, on_mariadb, on_sqlite


@pytest.fixture(params=["sqlite", "mariadb"])
def place(request: pytest.FixtureRequest, tmp_path: Path, name: str) -> Place:
    if request.param == "sqlite":
        return on_sqlite(tmp_path)
    server: MariaDb = request.getfixturevalue("mariadb_server")
    return on_mariadb(server, tmp_path, name)
