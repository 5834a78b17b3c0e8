"""A MariaDB of our own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

import pymysql

from cli.private.packages import program
from cli.private.program import HOST, NotStarted, Program

USER = "suasion"
SETTINGS = (
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--socket=socket",  # in the data directory, where a path is never too long; nobody uses it
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_nopad_bin",
    "--default-time-zone=+00:00",
    "--max-connections=1000",
    "--innodb-buffer-pool-size=128M",
    "--innodb-log-file-size=32M",
)


class MariaDb(Program):
    name = "MariaDB"

    def command(self) -> Sequence[str]:
        data = self.directory / "data"
        if not (self.directory / "installed").exists():
            self._install(str(data))
        return [
            *(program("mariadbd"), "--no-defaults", *as_root(), *SETTINGS),
            *(f"--datadir={data}", f"--port={self.port}", f"--init-file={self._grants()}"),
        ]

    def answers(self) -> bool:
        try:
            pymysql.connect(host=HOST, port=self.port, user=USER, password=self.password).close()
        except pymysql.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        """Of a database, which need not be there yet."""
        return f"mysql://{USER}:{self.password}@{HOST}:{self.port}/{database}"

    def _install(self, data: str) -> None:
        command = [program("mariadb-install-db"), "--no-defaults", *as_root(), "--skip-test-db"]
        with self.log.open("ab") as log:
            done = subprocess.run(
                [*command, f"--datadir={data}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        if done.returncode:
            raise NotStarted(f"MariaDB's data could not be made; `{self.log}` says why")
        self.private("installed", "")

    def _grants(self) -> str:
        user = f"'{USER}'@'{HOST}'"
        grants = (
            f"CREATE OR REPLACE USER {user} IDENTIFIED BY '{self.password}';\nGRANT ALL ON *.* TO {user};\n"
        )
        return str(self.private("grants.sql", grants))


def as_root() -> list[str]:
    """MariaDB runs as root only if it is told to."""
    return ["--user=root"] if os.geteuid() == 0 else []
