"""What `suasion doctor` looks at on this machine. Each check tells what it found, with a way out where something is wrong."""

import asyncio
import importlib.metadata
import os
import re
import shutil
import socket
import stat
import sys
import time
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cli import config
from cli.exit_codes import Failure
from cli.output import without_passwords
from cli.stores import SQLITE, opened
from server.ports import StoreUnavailable
from server.rpc.endpoint import CannotListen, address_of

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)
LEAST_FREE = 500 * 2**20
"""Bytes; SQLite's log grows while readers hold it."""
OLDEST = 1_767_225_600
"""2026-01-01; an earlier clock was never set."""

MOST_SKEW = 2.0
"""Seconds between two clocks."""


class State(StrEnum):
    OK = "ok"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do about it; no `way_out` where all is well."""

    about: str
    state: State
    message: str
    way_out: str | None = None


def python() -> Iterator[Finding]:
    """One that is too old does not come this far."""
    yield Finding("python", State.OK, ".".join(map(str, sys.version_info[:3])))


def pins() -> Iterator[Finding]:
    """Versions that were tested are those that run."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)  # some are pinned once for each Python
    for name, version in PIN.findall((ROOT / "requirements.txt").read_text(encoding="utf-8")):
        wanted[name].add(version)
    found = {name: installed(name) for name in wanted}
    others = [f"{name} {version}" for name, version in found.items() if version not in {*wanted[name], None}]
    if others:
        way_out = "start with `./suasion`, which installs what is pinned"
        yield Finding("packages", State.DOUBTFUL, f"not those that are pinned: {', '.join(others)}", way_out)
    else:
        yield Finding("packages", State.OK, "those that are pinned")


def installed(name: str) -> str | None:
    """None for what this platform needs not."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def time_zones() -> Iterator[Finding]:
    """Every machine that decides has to have the same."""
    if zoneinfo.TZPATH:
        message = f"read from {zoneinfo.TZPATH[0]}, which is this machine's own"
        yield Finding(
            "time zones", State.DOUBTFUL, message, "start with `./suasion`, or set PYTHONTZPATH to nothing"
        )
    else:
        yield Finding("time zones", State.OK, f"tzdata {importlib.metadata.version('tzdata')}")


def clock() -> Iterator[Finding]:
    if time.time() < OLDEST:
        shown = time.strftime("%Y-%m-%d", time.gmtime())
        yield Finding(
            "clock", State.WRONG, f"shows {shown}", "set it, and keep it by NTP: decisions go by it"
        )
    else:
        yield Finding("clock", State.OK, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))


def settings() -> Iterator[Finding]:
    """The file that sets options, if there is one."""
    from cli.main import VERBS  # which loads the doctor by name

    file = config.find(Path.cwd())
    if file is None:
        return
    wrong = list(strangers(config.read(file, VERBS)))
    yield from wrong
    has_password = without_passwords(text := file.read_text(encoding="utf-8")) != text
    if has_password and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        message = f"others may read the passwords in `{file}`"
        yield Finding("settings", State.WRONG, message, f"`chmod go-r {file}`")
    elif not wrong:
        yield Finding("settings", State.OK, f"`{file}` says nothing that is not known")


def strangers(said: config.Settings) -> Iterator[Finding]:
    """What it says for verbs that do not know it."""
    from cli.main import loaded  # which loads the doctor by name

    for verb in said.own:
        try:
            said.of(verb, loaded(verb).settable)
        except Failure as failure:
            yield Finding("settings", State.WRONG, failure.message, failure.hint)


def store(name: str) -> Iterator[Finding]:
    """The store of `serve --store`; a file that is not there yet is not made."""
    if name.startswith(SQLITE):
        file = Path(name.removeprefix(SQLITE))
        yield from place(file.parent)
        if file.exists():
            yield permissions(file)
            yield opening(name)
    elif name == "memory":
        yield Finding(
            "store", State.DOUBTFUL, "memory ends with the process", f"`--store {SQLITE}PATH` keeps it"
        )
    else:
        yield opening(name)


def place(folder: Path) -> Iterator[Finding]:
    if not os.access(folder, os.W_OK | os.X_OK):
        way_out = "make it, or let the user who serves write in it"
        yield Finding("store", State.WRONG, f"cannot write in `{folder}`", way_out)
        return
    free = shutil.disk_usage(folder).free
    told = f"{free // 2**20:,} MiB free in `{folder}`"
    if free < LEAST_FREE:
        yield Finding("disk", State.DOUBTFUL, told, f"make room: {LEAST_FREE // 2**20} MiB at least")
    else:
        yield Finding("disk", State.OK, told)


def permissions(file: Path) -> Finding:
    """It holds what is known of users."""
    mode = stat.S_IMODE(file.stat().st_mode)
    if not os.access(file, os.R_OK | os.W_OK):
        return Finding("file", State.WRONG, f"cannot read and write `{file}`", "run as the user who owns it")
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        return Finding("file", State.DOUBTFUL, f"everybody may read `{file}`", f"`chmod o-rwx {file}`")
    return Finding("file", State.OK, f"`{file}` is read by its owner and group alone")


def opening(name: str) -> Finding:
    try:
        with closing(opened(name, None)) as stores:
            asyncio.run(stores.rules.newest())
    except Failure as failure:
        return Finding("store", State.WRONG, failure.message, failure.hint)
    except StoreUnavailable as error:
        return Finding(
            "store",
            State.WRONG,
            f"cannot use `{name}`: {error}",
            "`serve` goes on with the rules that served last",
        )
    return Finding("store", State.OK, f"`{name}` opens")


def port(listen: str) -> Iterator[Finding]:
    """Could `serve --listen` have this address?"""
    try:
        host, number = address_of(listen)
        with socket.create_server((host.strip("[]"), number)):
            yield Finding("port", State.OK, f"`{listen}` is free")
    except CannotListen as error:
        yield Finding("port", State.WRONG, str(error), "name one as `--listen HOST:PORT`")
    except OSError:
        way_out = "stop what listens there, or serve at another with `--listen HOST:PORT`"
        yield Finding("port", State.WRONG, f"`{listen}` is taken, or not an address of this machine", way_out)
