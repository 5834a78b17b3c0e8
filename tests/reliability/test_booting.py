"""A node boots and answers alone; `python -m tests.reliability.booting` says in what time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from cli.private.mariadb import MariaDb
from tests.backing import running
from tests.reliability.booting import boots_alone
from tests.reliability.places import on_mariadb


@pytest.mark.parametrize("silent", [False, True], ids=["dead", "silent"])
def test_a_node_boots_by_what_served_last(
    mariadb_server: MariaDb, name: str, tmp_path: Path, silent: bool
) -> None:
    place = on_mariadb(running(mariadb_server), tmp_path, name)
    asyncio.run(boots_alone(place, silent=silent))
