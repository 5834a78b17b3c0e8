"""Where the programs of private services are, and how they come to this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping

PACKAGES: Mapping[str, str] = {
    "mariadbd": "mariadb-server",
    "mariadb-install-db": "mariadb-server",
    "redis-server": "redis-server",
    "rabbitmq-server": "rabbitmq-server",
    "epmd": "rabbitmq-server",
    "nginx": "nginx-light",
}
"""By program, the package of Debian and Ubuntu that it is in."""
PLACES = ("/usr/lib/rabbitmq/bin", "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
"""Looked at beside PATH. The `rabbitmq-server` that Debian has on PATH wants to be the system's, and is found last."""
INSTALL = """
policy=/usr/sbin/policy-rc.d
[ -e $policy ] || { trap 'rm -f $policy' EXIT; printf '#!/bin/sh\\nexit 101\\n' >$policy; chmod +x $policy; }
apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "$@"
"""
"""As root. While there is a policy that forbids it, apt starts none of what it installs."""


class NotInstalled(Exception):
    """A program is not on this machine. The text says which Debian package has it."""


def program(name: str) -> str:
    """Where a program is. Raises NotInstalled."""
    if found := place(name):
        return found
    raise NotInstalled(f"`{name}` is not installed; Debian, Ubuntu: `apt install {PACKAGES[name]}`")


def place(name: str) -> str | None:
    path = os.pathsep.join([PLACES[0], os.environ.get("PATH", os.defpath), *PLACES[1:]])
    return shutil.which(name, path=path)


def missing(programs: Iterable[str] = PACKAGES) -> list[str]:
    """The packages of those programs that are not on this machine."""
    return sorted({PACKAGES[name] for name in programs if place(name) is None})


def install(packages: list[str]) -> bool:
    """By apt, as root or through a `sudo` that asks for no password. False where that is not to be had, or fails."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not all(map(shutil.which, ["apt-get", *as_root[:1]])):
        return False
    command = [*as_root, "sh", "-c", INSTALL, "install", *packages]
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode == 0


def main() -> None:
    """Installs what is missing, where it may; says what stays missing."""
    if not (wanted := missing()):
        return
    print(f"suasion: installing {', '.join(wanted)} for tests (once)", file=sys.stderr)
    if not install(wanted):
        left = f"apt install --no-install-recommends {' '.join(missing())}"
        print(
            f"suasion: could not; tests that need them are skipped. Debian, Ubuntu: {left}", file=sys.stderr
        )


if __name__ == "__main__":
    main()
